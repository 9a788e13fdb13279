"""Making anew what the server itself once made of uploads: pictures, tiles, metadata, movies."""

from pathlib import Path
from typing import Any

from PIL import Image

from core.models import now
from core.transactions import whole_step
from files import storage
from files.models import PreviewFile
from files.names import is_movie
from files.pictures import in_srgb, write_variants
from files.rules import movies, transcoding
from files.rules.movies import MovieBroken
from files.rules.pictures import make_pictures
from files.rules.progress import put_variants, tell_status
from files.storage import MOVIES, PICTURES


class NothingLeft(Exception):
    """The storage has no file any more that anything could be made of."""


def movie_of(preview: PreviewFile) -> Path:
    """A local copy of a preview's best movie. Raises NothingLeft."""
    found = (storage.local_file(MOVIES, prefix, preview.pk) for prefix in ("previews", "source", "lowdef"))
    movie = next((path for path in found if path is not None), None)
    if movie is None:
        raise NothingLeft
    return movie


def rebuild(preview: PreviewFile, *, pictures: bool, tiles: bool, metadata: bool) -> None:
    """Make a ready preview's pictures, tile and metadata anew, as far as they are asked for.

    Raises NothingLeft where its file is gone, MovieBroken, OSError or a refusal where it can't be read.
    """
    if is_movie(preview.extension):
        rebuild_movie(preview, pictures=pictures, tiles=tiles, metadata=metadata)
    elif pictures or metadata:
        rebuild_picture(preview, pictures=pictures, metadata=metadata)


def rebuild_movie(preview: PreviewFile, *, pictures: bool, tiles: bool, metadata: bool) -> None:
    """The same for a movie."""
    path = movie_of(preview)
    movie = movies.probe(path)
    seconds = movie.duration or preview.duration or 0.0
    with storage.work_folder() as folder:
        if pictures:
            with Image.open(movies.take_frame(path, folder / "frame.png")) as frame:
                put_variants(preview.pk, write_variants(in_srgb(frame), folder))
        if tiles:
            frames = max(1, round(seconds * float(movie.fps)))
            tile = movies.make_tile(path, folder / "tile.png", ratio=movie.width / movie.height, frames=frames)
            storage.put_path(PICTURES, "tiles", preview.pk, tile)
    if metadata:
        store(preview, width=movie.width, height=movie.height, duration=seconds, file_size=path.stat().st_size)


def rebuild_picture(preview: PreviewFile, *, pictures: bool, metadata: bool) -> None:
    """The same for a picture."""
    path = storage.local_file(PICTURES, "original", preview.pk)
    if path is None:
        raise NothingLeft
    with storage.work_folder() as folder:
        made = make_pictures(path, folder)
        if pictures:
            put_variants(preview.pk, {name: file for name, file in made.files.items() if name != "original"})
    if metadata:
        store(preview, width=made.width, height=made.height, file_size=path.stat().st_size)


@whole_step()
def store(preview: PreviewFile, **values: Any) -> None:
    """Note what a file turned out to be, and tell of it where that is new."""
    if all(getattr(preview, name) == value for name, value in values.items()):
        return
    PreviewFile.objects.filter(pk=preview.pk).update(**values, updated_at=now())
    tell_status(preview, by=None, with_status=False)


def renormalize(preview: PreviewFile) -> str:
    """Encode a movie anew from its uploaded file, at once; its status afterwards. Without that file a preview that nobody can
    see is `missing`, and one that is ready stays so."""
    if not storage.is_stored(MOVIES, "source", preview.pk):
        if preview.status != "ready":
            end(preview, "missing")
        return "missing"
    end(preview, "processing")
    transcoding.process(preview.pk)
    preview.refresh_from_db()
    return preview.status


@whole_step()
def end(preview: PreviewFile, status: str) -> None:
    """Give a preview a status, and tell of it."""
    preview.status = status
    preview.save(update_fields=["status"])
    tell_status(preview, by=None)


__all__ = ["MovieBroken", "NothingLeft", "rebuild", "renormalize"]
