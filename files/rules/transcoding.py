"""Making the movies and pictures of an uploaded movie, outside any transaction, and ending its record as ready or broken."""

import logging
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from PIL import Image

from core.models import now
from core.transactions import whole_step
from files import storage
from files.models import PreviewFile
from files.pictures import in_srgb, write_variants
from files.rules import movies
from files.rules.main_previews import publish_preview
from files.rules.movies import Movie, MovieBroken
from files.rules.progress import Progress, begin_transcoding, note_failure, put_variants, tell_status, unfinished
from files.storage import MOVIES, PICTURES
from people.models import Person
from production.models import ProjectTaskTypeLink

log = logging.getLogger("callboard.files")
# The part of the work, in hundredths, that encoding is; pictures and storing are the rest.
ENCODED = 90


@dataclass
class Encoding:
    """What a movie is to become: frame rate, resolutions in order of preference, megabits of the large and the small one."""

    fps: Fraction
    resolutions: list[Any]
    large: int
    small: int


def encoding_for(preview: PreviewFile) -> Encoding:
    """What the production, the entity and the task type ask of a movie."""
    task = preview.task
    project, entity = (task.project, task.entity) if task else (None, None)
    own = (entity.data if entity and isinstance(entity.data, dict) else {}) or {}
    link = ProjectTaskTypeLink.objects.filter(project=project, task_type_id=task.task_type_id).first() if task else None
    resolutions = [own.get("resolution"), project.resolution if project else None]
    if not movies.is_exact(resolutions[0]):
        resolutions = resolutions[1:]
    large, small = settings.MOVIE_HIGHDEF_BITRATE, settings.MOVIE_LOWDEF_BITRATE
    for owner in (project, link):
        large = (owner and owner.hd_bitrate_compression) or large
        small = (owner and owner.ld_bitrate_compression) or small
    large = max(1, min(large, settings.MOVIE_HIGHDEF_BITRATE))
    fps = movies.frame_rate(own.get("fps"), project.fps if project else None)
    return Encoding(fps, resolutions, large, max(1, min(small, large)))


UNEXPECTED = "The server could not encode the movie."


def process(preview_id: Any, *, normalize: bool = True, person_id: Any = None) -> None:
    """Encode the movie of a preview that waits for it; whatever happens, the record ends ready or broken, and then says why.

    A second worker with the same preview does no harm: what it stores is the same, and the record ends once. Raises what is
    no fault of the movie, so that the job counts as failed.
    """
    preview = PreviewFile.objects.select_related("task__project", "task__entity").filter(pk=preview_id, status="processing").first()
    if preview is None:
        return
    by = Person.objects.filter(pk=person_id).first()
    begin_transcoding(preview)
    try:
        with storage.work_folder() as folder:
            source = storage.local_file(MOVIES, "source", preview.pk)
            if source is None:
                raise MovieBroken("The uploaded file is gone.")
            values = make_all(preview, source, folder, normalize=normalize and not settings.SKIP_NORMALIZATION_FULL)
    except (MovieBroken, ValueError, Image.DecompressionBombError) as failure:
        log.warning("preview %s can't be made into a movie: %s", preview.pk, failure)
        end_broken(preview.pk, str(failure), by=by)
        return
    except Exception as failure:
        reason = f"{UNEXPECTED} {failure.strerror}." if isinstance(failure, OSError) and failure.strerror else UNEXPECTED
        end_broken(preview.pk, reason, by=by)
        raise
    end_processing(preview.pk, "ready", values, by=by)


def make_all(preview: PreviewFile, source: Path, folder: Path, *, normalize: bool) -> dict[str, Any]:
    """Make and store the movies, the pictures and the tile; the columns of the record. Raises MovieBroken."""
    movie, size = movies.probe(source), source.stat().st_size
    details: dict[str, Any] = {}
    if movie.duration is not None:
        details = {
            "original_width": movie.width,
            "original_height": movie.height,
            "original_duration": movie.duration,
            "original_file_size": size,
        }
    progress = Progress(preview)
    if normalize:
        made, values = encode_both(preview, movie, source, folder, progress)
        main = made.get("previews", made["lowdef"])
    else:
        made = {} if settings.PREVIEW_SAVE_SOURCE_FILE else {"previews": source}
        main, fps = source, movie.fps
        values = {"width": movie.width, "height": movie.height, "duration": movie.duration or 0.0, "file_size": size}
        values["frames"] = max(1, round(values["duration"] * float(fps)))
    frames = values.pop("frames")
    progress.reach(ENCODED)
    with Image.open(movies.take_frame(main, folder / "frame.png")) as frame:
        pictures = write_variants(in_srgb(frame), folder)
    put_variants(preview.pk, pictures)
    store_tile(preview.pk, made.get("lowdef", main), folder, values, frames)
    for prefix, path in made.items():
        storage.put_path(MOVIES, prefix, preview.pk, path)
    prefixes = [*(["source"] if settings.PREVIEW_SAVE_SOURCE_FILE else []), *made]
    return {**values, "data": {**(preview.data or {}), **details, "movie_prefixes": prefixes}}


def encode_both(
    preview: PreviewFile, movie: Movie, source: Path, folder: Path, progress: Progress
) -> tuple[dict[str, Path], dict[str, Any]]:
    """Encode the large and the small movie; the files by prefix, and what the record says of the large one."""
    wanted = encoding_for(preview)
    large = movies.high_definition(movie, *wanted.resolutions)
    sizes = {"previews": (large, wanted.large), "lowdef": (movies.low_definition(large), wanted.small)}
    if settings.SKIP_NORMALIZATION_HIGHDEF:
        del sizes["previews"]
    made: dict[str, Path] = {}
    values: dict[str, Any] = {}
    total = max(1.0, (movie.duration or 0.0) * float(wanted.fps))
    share = ENCODED / len(sizes)
    for number, (prefix, (size, megabits)) in enumerate(sizes.items()):
        made[prefix] = folder / f"{prefix}.mp4"
        on_frame = partial(progress.reach_part, number * share, share, total)
        how: dict[str, Any] = {"size": size, "fps": wanted.fps, "megabits": megabits, "on_frame": on_frame}
        seconds = movies.encode(source, made[prefix], movie, **how)
        weight = made[prefix].stat().st_size
        if not values:
            values = {"width": size[0], "height": size[1], "duration": seconds, "file_size": weight}
            values["frames"] = max(1, round(seconds * float(wanted.fps)))
    return made, values


def store_tile(pk: Any, movie: Path, folder: Path, values: dict[str, Any], frames: int) -> None:
    """Make and store the tile; a movie without one is still a movie."""
    try:
        tile = movies.make_tile(movie, folder / "tile.png", ratio=values["width"] / values["height"], frames=frames)
        storage.put_path(PICTURES, "tiles", pk, tile)
    except (MovieBroken, OSError) as failure:
        log.warning("preview %s has no tile: %s", pk, failure)


def end_processing(preview_id: Any, status: str, values: dict[str, Any], *, by: Any, failure: str = "") -> None:
    """The work on a movie ended: note how, once. The source goes unless the studio keeps it or the work may be tried again."""
    with whole_step():
        if not unfinished(preview_id).update(status=status, updated_at=now(), **values):
            return
        note_failure(preview_id, failure)
        preview = PreviewFile.objects.select_related("task").get(pk=preview_id)
        tell_status(preview, by=by, failure=failure)
        if status == "ready":
            publish_preview(preview, by=by)
    if status == "ready" and not settings.PREVIEW_SAVE_SOURCE_FILE:
        storage.remove(MOVIES, "source", preview_id)


def end_broken(preview_id: Any, failure: str, *, by: Any) -> None:
    """The work on a movie failed: the record says why, to its uploader too."""
    found = PreviewFile.objects.filter(pk=preview_id).values_list("data", flat=True).first()
    data = {**(found if isinstance(found, dict) else {}), "failure": failure}
    end_processing(preview_id, "broken", {"data": data}, by=by, failure=failure)


def show_frame(preview_id: Any, number: int) -> None:
    """Make a frame of a movie, counted from 1, its picture; a movie without such a frame keeps the picture that it has."""
    found = (storage.local_file(MOVIES, prefix, preview_id) for prefix in ("previews", "lowdef", "source"))
    movie = next((path for path in found if path), None)
    if movie is None:
        return
    try:
        with storage.work_folder() as folder, Image.open(movies.take_frame(movie, folder / "frame.png", number)) as frame:
            put_variants(preview_id, write_variants(in_srgb(frame), folder))
    except (MovieBroken, OSError) as failure:
        log.warning("preview %s keeps its picture: %s", preview_id, failure)
        return
    PreviewFile.objects.filter(pk=preview_id).update(updated_at=now())
