"""Names that people give to files, and what they tell."""

import re
from typing import Any

from core.errors import WrongParameter

PICTURE, MOVIE, DOCUMENT = "picture", "movie", "document"
PICTURE_EXTENSIONS = frozenset(["png", "jpg", "jpeg", "jpe"])
MOVIE_EXTENSIONS = frozenset(["mp4", "mov", "avi", "m4v", "mkv", "webm", "wmv"])
DOCUMENT_EXTENSIONS = frozenset(
    [
        "ae",
        "ai",
        "blend",
        "clip",
        "comp",
        "diff",
        "exr",
        "fbx",
        "fla",
        "flv",
        "gif",
        "glb",
        "gltf",
        "hip",
        "kra",
        "ma",
        "mb",
        "md",
        "mp3",
        "obj",
        "pdf",
        "psd",
        "psb",
        "rar",
        "rev",
        "riv",
        "sai",
        "sai2",
        "sbbkp",
        "svg",
        "swf",
        "tvpp",
        "wav",
        "zip",
    ]
)
NOT_PLAIN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
LONGEST, LONGEST_BYTES = 250, 255


def cut(text: str, length: int, size: int) -> str:
    """The start of a text: at most `length` characters and `size` bytes."""
    return text[:length].encode()[:size].decode(errors="ignore")


def plain_name(name: Any) -> str:
    """A stored file name: without path parts and control characters, of bearable length, with its extension."""
    name = NOT_PLAIN.sub("", str(name or "").replace("\\", "/").rsplit("/", 1)[-1]).strip().strip(".") or "file"
    stem, dot, extension = name.rpartition(".")
    if not dot:
        return cut(name, LONGEST, LONGEST_BYTES)
    extension = cut(extension, 40, 80)
    kept = len(extension) + 1
    return f"{cut(stem, LONGEST - kept, LONGEST_BYTES - len(extension.encode()) - 1)}.{extension}"


def extension_of(name: str) -> str:
    """The lower-case text behind the last dot; the whole name where there is none."""
    return name.rsplit(".", 1)[-1].lower()


def stem_of(name: str) -> str:
    """The name without its last extension."""
    return name.rpartition(".")[0] or name


def kind_of(extension: str) -> str:
    """What a preview of this extension is. Raises WrongParameter when nobody reviews such files."""
    kinds = {PICTURE: PICTURE_EXTENSIONS, MOVIE: MOVIE_EXTENSIONS, DOCUMENT: DOCUMENT_EXTENSIONS}
    found = next((kind for kind, extensions in kinds.items() if extension in extensions), None)
    if found is None:
        raise WrongParameter(f"Wrong file format, extension: {extension}")
    return found


def stored_extension(extension: str) -> str:
    """The extension under which a preview is kept: pictures become PNG, movies MP4."""
    kind = kind_of(extension)
    return {PICTURE: "png", MOVIE: "mp4"}.get(kind, extension)


def is_movie(extension: Any) -> bool:
    """A stored preview of this extension is a movie."""
    return extension == "mp4"


def is_picture(extension: Any) -> bool:
    """A stored preview of this extension is a picture."""
    return extension == "png"
