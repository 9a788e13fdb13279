"""Plugins on their way: copied from a folder, unpacked from a zip, fetched from an address, packed for others."""

import os
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import requests

from production.plugins.manifest import MANIFEST, PluginRefused

MOST_FILES = 10_000
MOST_BYTES = 200 * 1024**2
MOST_BYTES_FETCHED = 100 * 1024**2
PIECE = 256 * 1024
PATIENCE = (10, 60)
UNWANTED = ("__pycache__", "node_modules")
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)


def is_address(source: str) -> bool:
    """It is to be fetched."""
    return "://" in source


def bring(source: str, goal: Path) -> None:
    """Put the plugin of a folder, a zip file or the address of one into the new folder `goal`. Raises PluginRefused."""
    path = Path(source)
    if is_address(source):
        fetched = goal.with_name(f"{goal.name}.zip")
        try:
            fetch(source, fetched)
            unpack(fetched, goal)
        finally:
            fetched.unlink(missing_ok=True)
    elif path.is_dir():
        copy(path, goal)
    elif path.is_file():
        unpack(path, goal)
    else:
        raise PluginRefused(f"{source} is neither a folder nor a zip file.")


def fetch(address: str, goal: Path) -> None:
    """Fetch a file by https, however often its server sends on. Raises PluginRefused."""
    if not address.startswith("https://"):
        raise PluginRefused("Plugins are fetched by https:// alone.")
    try:
        with requests.Session() as session:
            session.mount("http://", NoWay())
            with session.get(address, stream=True, timeout=PATIENCE) as answer, goal.open("wb") as file:
                answer.raise_for_status()
                write(answer.iter_content(PIECE), file, MOST_BYTES_FETCHED)
    except requests.RequestException as error:
        raise PluginRefused(f"{address} can't be fetched: {error}.") from error


class NoWay(requests.adapters.BaseAdapter):
    """Goes nowhere: whoever was asked by https must not send on to http."""

    def send(self, *args: Any, **kwargs: Any) -> Any:
        """Raises PluginRefused."""
        raise PluginRefused("Plugins are fetched by https:// alone.")

    def close(self) -> None:
        """There is nothing to close."""


def write(pieces: Iterator[bytes], file: Any, most: int) -> int:
    """Write what comes, and count it. Raises PluginRefused past so many bytes."""
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > most:
            raise PluginRefused(f"The plugin is larger than {most // 1024**2} MiB.")
        file.write(piece)
    return size


def pieces_of(file: Any) -> Iterator[bytes]:
    """A file's bytes by and by."""
    return iter(lambda: file.read(PIECE), b"")


# Folders


def files_of(folder: Path) -> list[tuple[Path, str]]:
    """The files of a plugin's folder with their names in it; neither hidden ones nor what tools leave. Raises PluginRefused."""
    found: list[tuple[Path, str]] = []
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not (name.startswith(".") or name in UNWANTED))
        for path in [Path(place, name) for name in [*folders, *sorted(names)] if not name.startswith(".")]:
            if path.is_symlink() or not (path.is_dir() or path.is_file()):
                raise PluginRefused(f"{path} is a link, or no plain file.")
            if path.is_file():
                found.append((path, path.relative_to(folder).as_posix()))
    if len(found) > MOST_FILES:
        raise PluginRefused(f"The plugin has more than {MOST_FILES:,} files.")
    return found


def copy(folder: Path, goal: Path) -> None:
    """Copy a plugin's folder."""
    left = MOST_BYTES
    for path, name in files_of(folder):
        place = goal / name
        place.parent.mkdir(parents=True, exist_ok=True)
        with path.open("rb") as source, place.open("wb") as file:
            left -= write(pieces_of(source), file, left)


# Zip files


def unpack(archive: Path, goal: Path) -> None:
    """Unpack a plugin. Raises PluginRefused for what is no zip, is damaged, too large, or would lead out of the folder."""
    left = MOST_BYTES
    try:
        with zipfile.ZipFile(archive) as zipped:
            for info, name in members(zipped):
                place = goal / name
                place.parent.mkdir(parents=True, exist_ok=True)
                with zipped.open(info) as source, place.open("xb") as file:
                    left -= write(pieces_of(source), file, left)
    except BROKEN as error:
        raise PluginRefused(f"{archive.name} is no zip file, or damaged: {error}.") from error
    except OSError as error:
        raise PluginRefused(f"{archive.name} can't be unpacked: {error}.") from error


def members(zipped: zipfile.ZipFile) -> list[tuple[zipfile.ZipInfo, str]]:
    """The files of a zip with their names from the folder on that holds the manifest. Raises PluginRefused."""
    infos = [info for info in zipped.infolist() if not info.is_dir()]
    if len(infos) > MOST_FILES or sum(info.file_size for info in infos) > MOST_BYTES:
        raise PluginRefused(f"The plugin has more than {MOST_FILES:,} files or {MOST_BYTES // 1024**2} MiB.")
    for info in zipped.infolist():
        refuse_member(info)
    if len({info.filename.casefold() for info in infos}) < len(infos):
        raise PluginRefused("The zip file has one file twice.")
    # What code hosts pack lies in one folder named for the version.
    names = {info.filename for info in infos}
    tops = {name.split("/")[0] for name in names}
    top = "" if MANIFEST in names or len(tops) > 1 else f"{next(iter(tops), '')}/"
    return [(info, info.filename.removeprefix(top)) for info in infos]


def refuse_member(info: zipfile.ZipInfo) -> None:
    """Raises PluginRefused for links, secrets, and names that are no plain path below the folder."""
    name, mode = info.filename.removesuffix("/"), info.external_attr >> 16
    parts = name.split("/")
    plain = name.isprintable() and not set(name) & set("\\:") and not {"", ".", ".."} & set(parts)
    if not plain or PurePosixPath(name).is_absolute() or any(len(piece.encode()) > 255 for piece in parts):
        raise PluginRefused(f"{info.filename!r} is no name for a file of a plugin.")
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR) or info.flag_bits & 1:
        raise PluginRefused(f"{info.filename!r} is a link, encrypted, or no plain file.")


def pack(folder: Path, goal: Path) -> None:
    """Pack a plugin's folder into a zip file, which stands there whole or not at all."""
    partial = goal.with_name(f".{goal.name}.partial")
    try:
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as zipped:
            for path, name in files_of(folder):
                zipped.write(path, name)
        partial.replace(goal)
    finally:
        partial.unlink(missing_ok=True)
