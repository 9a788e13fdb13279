"""Reading an archive from end to end before anything of it is stored: is every row whole, and does it lead where it may?"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from core.progress import advanced
from core.projection import Row
from files.rules.purging import OWNERS
from imports.archives.container import Archive, ArchiveRefused
from imports.archives.parts import OF_STUDIO, PARTS, STUDIO_PARTS, Model, by_name
from imports.archives.rows import Decoded, RowForm
from production.models import Project


@dataclass
class Contents:
    """What an archive holds: the ids of its rows by model, the rows of the studio by model name, the production."""

    ids: dict[Model, set[str]] = field(default_factory=dict)
    studio: dict[str, list[Decoded]] = field(default_factory=dict)
    project: dict[str, Any] = field(default_factory=dict)


class Check:
    """Reads an archive once. What is wrong with it is an ArchiveRefused that says where."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.found = Contents()
        self.wanted: dict[Model, set[str]] = defaultdict(set)

    def run(self) -> Contents:
        """Everything that the archive holds, all of it sound."""
        for studio_part in STUDIO_PARTS:
            self.read(RowForm(studio_part.reader), {})
        for part in PARTS:
            self.read(RowForm(part.reader), part.bare)
        self.check_production()
        for model, ids in self.wanted.items():
            if missing := ids - self.found.ids[model]:
                raise ArchiveRefused(f"The archive refers to {len(missing)} rows of {model.__name__} that it does not hold.")
        self.check_files()
        return self.found

    def read(self, form: RowForm, bare: Mapping[str, Model]) -> None:
        """Read the rows of a model."""
        ids = self.found.ids[form.model] = set()
        leading = {**form.keys, **bare}
        for row in rows_of(self.archive, form.model):
            decoded = form.decode(row)
            if str(decoded.pk) in ids:
                raise ArchiveRefused(f"{form.model.__name__} {decoded.pk} is there twice.")
            ids.add(str(decoded.pk))
            for name, model in leading.items():
                if (value := decoded.values.get(name)) is not None:
                    self.wanted[model].add(str(value))
            for name, listed in decoded.lists.items():
                self.wanted[form.lists[name].related_model].update(map(str, listed))
            if form.model in OF_STUDIO:
                self.found.studio.setdefault(form.model.__name__, []).append(decoded)
            elif form.model is Project:
                self.found.project = decoded.values
            advanced("rows checked", 1)

    def check_production(self) -> None:
        """An archive holds one production, the one that its manifest names; whatever refers to another is refused by that."""
        if self.found.ids[Project] != {str(self.archive.manifest["production"].get("id"))}:
            raise ArchiveRefused("The archive does not hold the one production that its manifest names.")

    def check_files(self) -> None:
        """Every file is a row's own, and its bytes are those that the manifest vouches for."""
        for name, bucket, prefix, pk in self.archive.files():
            if not any(pk in self.found.ids.get(model, ()) for model in OWNERS[bucket][prefix]):
                raise ArchiveRefused(f"The file {name} belongs to nothing in the archive.")
            for _ in self.archive.pieces(name):
                pass
            advanced("files checked", 1)


def rows_of(archive: Archive, model: Model) -> Iterator[Row]:
    """The rows of a model as they stand in the archive. Raises ArchiveRefused for what is no row."""
    for line in archive.lines(by_name(model)):
        try:
            row = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            raise ArchiveRefused(f"A row of {model.__name__} can't be read: {error}.") from error
        if b"\\u0000" in line:
            raise ArchiveRefused(f"A row of {model.__name__} has a NUL character.")
        yield row
