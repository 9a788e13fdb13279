"""The file that an archive is: a zip with a manifest, written by and by, and read with suspicion.

Zip, because every system opens it without a further tool, because single members can be read out of hundreds of gigabytes, and
because the manifest, which can only be written last, can nevertheless be read first.
"""

import re
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
from django.apps import apps
from django.conf import settings

from core.errors import Refusal
from core.models import now
from files.rules.purging import OWNERS
from imports.archives.parts import OF_STUDIO, OWN, by_name

MANIFEST = "manifest.json"
FORMAT, VERSION = "callboard-production", 1
PIECE = 2**20
LONGEST_LINE = 64 * 2**20
LONGEST_MANIFEST = 256 * 2**20
MOST_MEMBERS = 2_000_000
# Rows of productions shrink to a tenth; what shrinks a hundred times as well is made to burst.
MOST_SHRUNK, SMALL = 200, 2**20
FILE = re.compile(r"files/([a-z]+)/([a-z-]+)/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
ROWS = {by_name(model) for model in (*OWN, *OF_STUDIO)}
EPOCH = (1980, 1, 1, 0, 0, 0)
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)


class ArchiveRefused(Refusal):
    """The file is no archive of a production, is damaged, or means harm."""


@cache
def schema() -> dict[str, str]:
    """The newest migration of each room that archives take rows of, as this version of the code has them."""
    return {room: names[-1] for room, names in migrations().items()}


@cache
def migrations() -> dict[str, list[str]]:
    """All migrations of those rooms, the oldest first."""
    rooms = sorted({model._meta.app_label for model in (*OWN, *OF_STUDIO)})
    folders = {room: Path(apps.get_app_config(room).path) / "migrations" for room in rooms}
    return {room: sorted(path.stem for path in folder.glob("[0-9]*.py")) for room, folder in folders.items()}


class ArchiveWriter:
    """Writes an archive member by member, with flat memory. The manifest comes last."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self.file = file
        self.members: dict[str, dict[str, Any]] = {}

    def add(self, name: str, pieces: Iterable[bytes], *, shrink: bool) -> dict[str, Any]:
        """Add a member; its size and checksum. Pictures and movies are not worth shrinking."""
        info = zipfile.ZipInfo(name, EPOCH)
        info.compress_type = zipfile.ZIP_DEFLATED if shrink else zipfile.ZIP_STORED
        info.external_attr = (stat.S_IFREG | 0o644) << 16
        digest, size = sha256(), 0
        with self.file.open(info, "w", force_zip64=True) as goal:
            for piece in pieces:
                goal.write(piece)
                digest.update(piece)
                size += len(piece)
        self.members[name] = {"size": size, "sha256": digest.hexdigest()}
        return self.members[name]

    def close(self, production: dict[str, str], left_out: dict[str, int]) -> None:
        """Write the manifest."""
        manifest = {
            "format": FORMAT,
            "version": VERSION,
            "callboard": settings.VERSION,
            "schema": schema(),
            "exported_at": now().isoformat(timespec="seconds"),
            "production": production,
            "left_out": left_out,
            "members": self.members,
        }
        self.file.writestr(zipfile.ZipInfo(MANIFEST, EPOCH), orjson.dumps(manifest, option=orjson.OPT_INDENT_2))


@contextmanager
def writing(path: Path) -> Iterator[ArchiveWriter]:
    """A new archive, which gets its name once it is whole; whatever fails leaves nothing of that name behind."""
    partial = path.with_name(f".{path.name}.partial")
    try:
        with zipfile.ZipFile(partial, "w", allowZip64=True) as file:
            yield ArchiveWriter(file)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


class Archive:
    """An archive that is read. Its names, kinds and sizes are checked when it is opened, its bytes whenever they are read."""

    def __init__(self, file: zipfile.ZipFile, size: int) -> None:
        self.file = file
        self.infos = self.checked(size)
        self.manifest = self.read_manifest()
        self.members: dict[str, dict[str, Any]] = self.manifest["members"]
        self.check_members()

    def checked(self, size: int) -> dict[str, zipfile.ZipInfo]:
        """The members by name. Raises ArchiveRefused for names, kinds and sizes that no archive of ours has."""
        infos = self.file.infolist()
        if len(infos) > MOST_MEMBERS or len({info.filename for info in infos}) < len(infos):
            raise ArchiveRefused("The archive has too many members, or one of them twice.")
        if sum(info.compress_size for info in infos) > size:
            raise ArchiveRefused("The archive's members lie one upon the other.")
        for info in infos:
            check_member(info)
        return {info.filename: info for info in infos}

    def read_manifest(self) -> dict[str, Any]:
        """The manifest. Raises ArchiveRefused where it is missing, of another format, or of a newer version."""
        info = self.infos.get(MANIFEST)
        if info is None or info.file_size > LONGEST_MANIFEST:
            raise ArchiveRefused("The file is no archive of a production: it has no manifest.")
        try:
            found = orjson.loads(self.file.read(info))
            is_ours = found["format"] == FORMAT and all(
                isinstance(found[name], dict) for name in ("schema", "members", "production")
            )
            is_ours = is_ours and bool(found["schema"]) and all(isinstance(name, str) for name in found["schema"].values())
        except (orjson.JSONDecodeError, KeyError, TypeError, *BROKEN):
            is_ours = False
        if not is_ours:
            raise ArchiveRefused("The file is no archive of a production: its manifest makes no sense.")
        newer = [room for room, name in found["schema"].items() if name not in migrations().get(room, ())]
        if found.get("version") != VERSION or newer:
            version = str(found.get("callboard"))[:20]
            raise ArchiveRefused(f"The archive is of a newer schema: Callboard {version} made it. Upgrade this server first.")
        return found  # type: ignore[no-any-return]

    def check_members(self) -> None:
        """Raises ArchiveRefused where the manifest and the members differ."""
        if set(self.members) | {MANIFEST} != set(self.infos):
            raise ArchiveRefused("The archive's members are not those that its manifest names.")
        for name, said in self.members.items():
            if not isinstance(said, dict) or said.get("size") != self.infos[name].file_size:
                raise ArchiveRefused(f"The size of {name} is not the one that the manifest names.")

    def pieces(self, name: str) -> Iterator[bytes]:
        """A member's bytes by and by. Raises ArchiveRefused at their end where they are not those that the manifest vouches for."""
        digest, size = sha256(), 0
        try:
            with self.file.open(self.infos[name]) as source:
                while piece := source.read(PIECE):
                    digest.update(piece)
                    size += len(piece)
                    yield piece
        except BROKEN as error:
            raise ArchiveRefused(f"{name} is damaged: {error}.") from error
        said = self.members[name]
        if (size, digest.hexdigest()) != (said.get("size"), said.get("sha256")):
            raise ArchiveRefused(f"The checksum of {name} is wrong: the archive is damaged, or was tampered with.")

    def lines(self, name: str) -> Iterator[bytes]:
        """The lines of a member, none if the archive has no such member. Raises ArchiveRefused for endless ones."""
        rest = b""
        for piece in self.pieces(name) if name in self.members else ():
            *whole, rest = (rest + piece).split(b"\n")
            yield from whole
            if len(rest) > LONGEST_LINE:
                raise ArchiveRefused(f"{name} has a line that never ends.")
        if rest:
            yield rest

    def files(self) -> Iterator[tuple[str, str, str, str]]:
        """Every stored file: the member's name, the bucket, the prefix and the id of its row."""
        for name in self.members:
            if found := FILE.fullmatch(name):
                yield name, *found.groups()  # type: ignore[misc]


def check_member(info: zipfile.ZipInfo) -> None:
    """Raises ArchiveRefused for a member that no archive of ours has, wherever it would lead."""
    name = info.filename
    file = FILE.fullmatch(name)
    if not (name == MANIFEST or name in ROWS or (file and file[2] in OWNERS.get(file[1], ()))):
        raise ArchiveRefused(f"The archive has a member that does not belong there: {name[:100]!r}.")
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG) or info.flag_bits & 1:
        raise ArchiveRefused(f"{name} is no plain file.")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or (file and info.compress_type != zipfile.ZIP_STORED):
        raise ArchiveRefused(f"{name} is compressed in a way that no archive of a production is.")
    if info.file_size > SMALL and info.file_size > MOST_SHRUNK * info.compress_size:
        raise ArchiveRefused(f"{name} would burst: {info.file_size:,} bytes out of {info.compress_size:,}.")


@contextmanager
def reading(path: Path) -> Iterator[Archive]:
    """An archive at a path. Raises ArchiveRefused for what is none."""
    try:
        file = zipfile.ZipFile(path)
    except FileNotFoundError:
        raise ArchiveRefused(f"There is no file {path}.") from None
    except (*BROKEN, ValueError) as error:
        raise ArchiveRefused(f"{path} is no archive: {error}.") from error
    with file:
        yield Archive(file, path.stat().st_size)
