"""Frames taken out of previews, as they are or with the reviewers' drawings over them; new tiles of movies."""

import math
import zipfile
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from PIL import Image

from core.errors import NotFound, Refusal, WrongParameter
from files import storage
from files.models import PreviewFile
from files.names import is_movie, is_picture
from files.originals import LARGE_FIRST, SMALL_FIRST, movie_path
from files.pictures import in_srgb, write_png
from files.rules import movies
from files.rules.annotations import objects_of
from files.rules.drawings import draw_annotations
from files.rules.movies import MovieBroken
from files.rules.transcoding import encoding_for
from files.storage import PICTURES

NO_MOVIE = "Preview file is not a movie"
NO_FRAME = "The movie has no frame {}."
NUMBER_REQUIRED = "frame_number is required for movie previews"
NO_ANNOTATION, NO_ANNOTATION_ON_PICTURE = "No annotation found for frame {}", "No annotation found on picture preview"
NO_ANNOTATIONS = "Preview file has no annotations"
NONE_EXTRACTED = "No annotated frame could be extracted from this preview"
ONE_FROM, SEVERAL_FROM = "Cannot extract annotated frame from {}", "Cannot extract annotated frames from {}"
DOTS_PER_INCH = 150
MOST_FRAMES = 500


class BinaryMissing(Refusal):
    """The preview came with an import that brought its record alone."""

    status = 404

    @property
    def payload(self) -> dict[str, Any]:
        """The message under the one key that clients of the API know."""
        return {"error": self.message}


def stored_movie(preview: PreviewFile, prefixes: tuple[str, ...]) -> Path:
    """The first stored of these versions of a movie. Raises NotFound, BinaryMissing."""
    if isinstance(preview.data, dict) and preview.data.get("imported_only"):
        raise BinaryMissing("preview file binary is not available")
    path = movie_path(preview.pk, prefixes) if is_movie(preview.extension) and preview.status != "processing" else None
    if path is None:
        raise NotFound()
    return path


def frame_of(preview: PreviewFile, number: int, folder: Path) -> Path:
    """A frame of a movie, counted from 1, as PNG. Raises NotFound, and WrongParameter past the end."""
    movie = stored_movie(preview, LARGE_FIRST)
    number = max(1, number)
    try:
        return movies.take_frame(movie, folder / f"frame-{number}.png", number, fps=encoding_for(preview).fps)
    except MovieBroken:
        raise WrongParameter(NO_FRAME.format(number)) from None


def renew_tile(preview: PreviewFile, folder: Path) -> Path:
    """Make the tile of a movie anew and store it. Raises WrongParameter for what is no movie, NotFound without a file."""
    if not is_movie(preview.extension):
        raise WrongParameter(NO_MOVIE)
    movie = stored_movie(preview, SMALL_FIRST)
    try:
        found = movies.probe(movie)
        width, height = preview.width or found.width, preview.height or found.height
        frames = max(1, round((found.duration or preview.duration or 0.0) * float(found.fps)))
        tile = movies.make_tile(movie, folder / "tile.png", ratio=width / height, frames=frames)
    except MovieBroken:
        raise NotFound() from None
    storage.put_path(PICTURES, "tiles", preview.pk, tile)
    return tile


# Drawings


def time_of(annotation: dict[str, Any]) -> float | None:
    """The moment of a drawing in seconds, or None where none can be told."""
    try:
        time = float(annotation.get("time") or 0)
    except (TypeError, ValueError, OverflowError):
        return None
    return time if math.isfinite(time) and 0 <= time < 10**6 else None


def frame_number(time: float, fps: Fraction) -> int:
    """The frame, counted from 1, that a movie shows at a moment."""
    return max(1, round(time * fps) + 1)


def annotations_of(preview: PreviewFile) -> list[dict[str, Any]]:
    """The drawings of a preview that have objects."""
    found = preview.annotations if isinstance(preview.annotations, list) else []
    return [annotation for annotation in found if isinstance(annotation, dict) and objects_of(annotation)]


def insist_drawable(preview: PreviewFile, refusal: str) -> None:
    """Raises WrongParameter for a preview that is neither picture nor movie."""
    if not is_movie(preview.extension) and not is_picture(preview.extension):
        raise WrongParameter(refusal.format(f"preview with extension '{preview.extension}'"))


def drawn(picture: Path, annotation: dict[str, Any], goal: Path) -> Path:
    """A picture with the drawings of a moment over it."""
    with Image.open(picture) as opened:
        return write_png(draw_annotations(in_srgb(opened), objects_of(annotation)), goal)


def annotated_frame(preview: PreviewFile, number: int | None, folder: Path) -> Path:
    """A frame of a movie, or a picture, with what was drawn there. Raises WrongParameter, Refusal, NotFound."""
    insist_drawable(preview, ONE_FROM)
    annotations = annotations_of(preview)
    if is_picture(preview.extension):
        if not annotations:
            raise Refusal(NO_ANNOTATION_ON_PICTURE)
        return drawn(stored_picture(preview), annotations[0], folder / "annotated.png")
    if number is None:
        raise WrongParameter(NUMBER_REQUIRED)
    fps = encoding_for(preview).fps
    moments = ((time_of(annotation), annotation) for annotation in annotations)
    near = (found for time, found in moments if time is not None and abs(time - (number - 1) / fps) <= 0.5 / fps)
    annotation = next(near, None)
    if annotation is None:
        raise Refusal(NO_ANNOTATION.format(number))
    return drawn(frame_of(preview, number, folder), annotation, folder / "annotated.png")


def stored_picture(preview: PreviewFile) -> Path:
    """The picture of reviews. Raises NotFound."""
    path = storage.local_file(PICTURES, "previews", preview.pk) if preview.status != "processing" else None
    if path is None:
        raise NotFound()
    return path


def annotated_frames(preview: PreviewFile, folder: Path) -> Iterator[tuple[int, Path]]:
    """Every drawn-on frame with its number, one after the other; frames past the end are left out. Raises Refusal, NotFound."""
    annotations = annotations_of(preview)
    if not annotations:
        raise Refusal(NO_ANNOTATIONS)
    insist_drawable(preview, SEVERAL_FROM)
    fps = encoding_for(preview).fps
    for place, annotation in enumerate(annotations[:MOST_FRAMES], start=1):
        goal, time = folder / "annotated.png", time_of(annotation)
        if is_picture(preview.extension):
            yield place, drawn(stored_picture(preview), annotation, goal)
        elif time is not None:
            number = frame_number(time, fps)
            try:
                frame = frame_of(preview, number, folder)
            except WrongParameter:
                continue
            yield number, drawn(frame, annotation, goal)
            frame.unlink()


def annotated_archive(preview: PreviewFile, stem: str, folder: Path) -> Path:
    """A ZIP of all drawn-on frames, named `<stem>_frame_<n>.png`. Raises Refusal, NotFound."""
    goal, names = folder / "frames.zip", set()
    with zipfile.ZipFile(goal, "w", zipfile.ZIP_STORED) as archive:
        for number, picture in annotated_frames(preview, folder):
            name = f"{stem}_frame_{number}.png"
            if name not in names:
                archive.write(picture, name)
                names.add(name)
    if not names:
        raise Refusal(NONE_EXTRACTED)
    return goal


def annotated_pages(preview: PreviewFile, folder: Path) -> Path:
    """A PDF with a page for each drawn-on frame. Raises Refusal, NotFound."""
    goal = folder / "frames.pdf"
    for _, picture in annotated_frames(preview, folder):
        with Image.open(picture) as page:
            page.convert("RGB").save(goal, "PDF", resolution=DOTS_PER_INCH, append=goal.exists())
    if not goal.exists():
        raise Refusal(NONE_EXTRACTED)
    return goal
