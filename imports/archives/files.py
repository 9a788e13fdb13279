"""Placing the files of an archive in the studio's storage, and taking them back."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import uuid4

from core.progress import advanced
from files import storage
from files.storage import work_folder
from imports.archives.container import Archive


@dataclass
class Placed:
    """The files that were placed: bucket, prefix and id."""

    files: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.files)

    def take_back(self) -> None:
        """Remove them again. What can't be removed now is left to the clean-up of the storage."""
        for place in self.files:
            with suppress(OSError):
                storage.remove(*place)


def place_files(archive: Archive, ids: Mapping[str, str], wanted: set[str], placed: Placed) -> None:
    """Store the files of wanted rows under the ids that these get here, one after the other."""
    with work_folder() as folder:
        for name, bucket, prefix, pk in archive.files():
            if pk not in wanted:
                continue
            # A file of its own each: the storage may keep this very file as the object.
            path = folder / uuid4().hex
            with path.open("xb") as copy:
                copy.writelines(archive.pieces(name))
            place = (bucket, prefix, ids.get(pk, pk))
            placed.files.append(place)
            storage.put_path(*place, path)
            path.unlink(missing_ok=True)
            advanced("files", 1)
