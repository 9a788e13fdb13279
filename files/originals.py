"""Which stored file is the work itself: the picture in its own size, the largest movie, or the document."""

from pathlib import Path
from typing import Any

from files import storage
from files.names import is_movie, is_picture
from files.storage import FILES, MOVIES, PICTURES

LARGE_FIRST, SMALL_FIRST = ("previews", "lowdef", "source"), ("lowdef", "previews", "source")


def movie_path(pk: Any, prefixes: tuple[str, ...]) -> Path | None:
    """The first stored of these versions of a movie, or None."""
    found = (storage.local_file(MOVIES, prefix, pk) for prefix in prefixes)
    return next((path for path in found if path), None)


def original_file(pk: Any, extension: Any) -> tuple[str, Path | None]:
    """The content type and the file of a preview of this extension; None where it is not stored."""
    if is_picture(extension):
        return "image/png", storage.local_file(PICTURES, "original", pk)
    if is_movie(extension):
        return "video/mp4", movie_path(pk, LARGE_FIRST)
    return "application/octet-stream", storage.local_file(FILES, "previews", pk)
