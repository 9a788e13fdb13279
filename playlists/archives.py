"""Archives of the files of a playlist, written while they are sent: no file is ever whole in memory, and none on disk."""

import io
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile, ZipInfo

from files.names import plain_name
from files.originals import original_file
from files.rules.naming import keeps_original_names, named_after
from playlists.contents import pinned_previews, whole_revisions

BLOCK = 256 * 1024
Member = tuple[str, Path]


class Outlet(io.RawIOBase):
    """Takes what an archive's writer writes, and gives it out by and by."""

    def __init__(self) -> None:
        self.written = bytearray()

    def writable(self) -> bool:
        """It can be written to, but not sought in."""
        return True

    def write(self, piece: Any) -> int:
        """Keeps a piece."""
        self.written += piece
        return len(piece)

    def drain(self) -> bytes:
        """What was written since."""
        piece, self.written = bytes(self.written), bytearray()
        return piece


def members_of(playlist: Any) -> Iterator[Member]:
    """The files of all previews of the revisions that a playlist pins, under their download names; a name used before is numbered.

    What is not stored is left out. Files of a remote storage are fetched one by one.
    """
    original = keeps_original_names()
    used: set[str] = set()
    for preview, subject in [member for revision in whole_revisions(pinned_previews(playlist)) for member in revision]:
        _, path = original_file(preview["id"], preview["extension"])
        if path is None:
            continue
        name = plain_name(named_after(preview, subject, original=original))
        name = f"{len(used):04}_{name}" if name in used else name
        used.add(name)
        yield name, path


def zipped(members: Iterable[Member]) -> Iterator[bytes]:
    """The ZIP archive of these files, uncompressed: pictures and movies are so already."""
    outlet = Outlet()
    with ZipFile(outlet, "w") as archive:
        for name, path in members:
            try:
                source = path.open("rb")
            except FileNotFoundError:  # deleted since it was listed
                continue
            with source:
                stat = path.stat()
                info = ZipInfo(name, time.localtime(stat.st_mtime)[:6])
                info.file_size = stat.st_size
                with archive.open(info, "w") as member:
                    while block := source.read(BLOCK):
                        member.write(block)
                        yield outlet.drain()
    yield outlet.drain()
