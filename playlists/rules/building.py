"""Making the movie of a playlist, outside any transaction, and ending its build as succeeded or failed."""

import logging
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from core.models import now
from core.projection import Row
from core.transactions import whole_step
from events.emit import emit
from files import storage
from files.models import PreviewFile
from files.names import is_movie
from files.originals import LARGE_FIRST, movie_path
from files.rules import movies
from files.rules.movies import MovieBroken
from files.rules.naming import SUBJECT, named_after
from files.storage import MOVIES
from playlists.contents import pinned_previews
from playlists.models import BuildJob, Playlist
from playlists.rules import joining
from playlists.rules.joining import Part, Size

log = logging.getLogger("callboard.playlists")
STORED = "playlists"
NO_MOVIE = "There is no movie in this playlist."
TOO_LONG = "The build took too long."
FALLBACK = "The movies differ, so all of them were encoded anew."
FOLDERS = re.compile(r"(file:)?/\S*/")


class BuildEnded(Exception):
    """The build was deleted, or another worker ended it: nobody waits for it any more."""


@dataclass
class Deadline:
    """How long a build may still take."""

    end: float

    @property
    def left(self) -> float:
        """The seconds that are left. Raises MovieBroken when none is."""
        left = self.end - time.monotonic()
        if left <= 0:
            raise MovieBroken(TOO_LONG)
        return left


def listed_movies(playlist: Playlist) -> list[Row]:
    """The movies that a playlist pins, in its order."""
    return [row for row in pinned_previews(playlist) if is_movie(row["extension"])]


def build(job_id: Any) -> bool:
    """Make the movie of a running build; whatever happens, the build ends succeeded or failed. True when it succeeded here.

    A second worker with the same build does no harm: what it stores is the same, and the build ends once.
    """
    job = BuildJob.objects.select_related("playlist__project").filter(pk=job_id, status="running").first()
    if job is None:
        return False
    deadline = Deadline(time.monotonic() + settings.JOB_QUEUE_TIMEOUT)
    try:
        with storage.work_folder() as folder:
            message = make_movie(job, folder / "playlist.mp4", deadline)
            storage.put_path(MOVIES, STORED, job.pk, folder / "playlist.mp4")
    except BuildEnded:
        return False
    except MovieBroken as failure:
        return end_build(job, "failed", str(failure))
    except Exception as failure:
        log.exception("the build %s failed", job.pk)
        return end_build(job, "failed", f"The movie could not be made: {readable(failure)}")
    return end_build(job, "succeeded", message)


def make_movie(job: BuildJob, goal: Path, deadline: Deadline) -> str | None:
    """Join the movies of the build's playlist; what there is to tell of it. Raises MovieBroken, BuildEnded."""
    rows = listed_movies(job.playlist)
    stored = [(row, path) for row in rows if row["status"] == "ready" and (path := movie_path(row["id"], LARGE_FIRST))]
    if not stored:
        raise MovieBroken("None of the movies in this playlist is ready." if rows else NO_MOVIE)
    left_out = len(rows) - len(stored)
    notes = [f"{left_out} of {len(rows)} movies are not ready and were left out."] if left_out else []
    if job.full or not join_as_they_are([path for _, path in stored], goal, deadline):
        notes += [] if job.full else [FALLBACK]
        join_anew(job, stored, goal, deadline)
    return " ".join(notes) or None


def join_as_they_are(paths: Sequence[Path], goal: Path, deadline: Deadline) -> bool:
    """Join the movies without encoding anything. False where they are not alike."""
    try:
        if not joining.are_alike(paths, deadline.left):
            return False
        joining.join(paths, goal, seconds=deadline.left)
    except MovieBroken as failure:
        log.info("movies are encoded anew, since they can't be joined: %s", failure)
        return False
    return True


def join_anew(job: BuildJob, stored: Sequence[tuple[Row, Path]], goal: Path, deadline: Deadline) -> None:
    """Encode all movies in one size and rate, and join them. Raises MovieBroken with the name of the one that can't be read."""
    project: Any = job.playlist.project
    size, fps = size_of(project, stored[0][1]), movies.frame_rate(project.fps if project else None)
    parts: list[Part] = []
    for number, (row, path) in enumerate(stored, 1):
        tell_progress(job, f"Movie {number} of {len(stored)}")
        part, left = goal.with_name(f"part-{number}.mov"), deadline.left
        try:
            parts.append((part, joining.encode_part(path, part, size=size, fps=fps, seconds=left)))
        except MovieBroken as failure:
            raise MovieBroken(f"{name_of(row)} can't be encoded: {readable(failure)}") from None
    joining.join_parts(parts, goal, seconds=deadline.left)


def size_of(project: Any, first: Path) -> Size:
    """The size of a playlist's movie: its production's, else that of its first movie."""
    resolution = project.resolution if project else None
    movie = movies.probe(first)
    if movies.is_exact(resolution):
        return movies.high_definition(movie, resolution)
    return movies.even(movie.width), movies.even(movie.height)


def name_of(row: Row) -> str:
    """The name under which people know a preview's file. One statement."""
    return named_after(row, PreviewFile.objects.filter(pk=row["id"]).values_list(*SUBJECT)[0], original=False)


def readable(failure: Exception) -> str:
    """The last line of what went wrong, without the server's folders."""
    lines = [line.strip() for line in str(failure).splitlines() if line.strip()]
    return FOLDERS.sub("", lines[-1])[:300] if lines else type(failure).__name__


@whole_step()
def tell_progress(job: BuildJob, message: str) -> None:
    """Tell how far a build is. Raises BuildEnded when it is not running any more."""
    if not BuildJob.objects.filter(pk=job.pk, status="running").update(message=message, updated_at=now()):
        raise BuildEnded
    announce_build(job, "running", message, stored=False)


def end_build(job: BuildJob, status: str, message: str | None) -> bool:
    """Note how a build ended, once. True when it succeeded; the movie of any other is removed."""
    with whole_step():
        running = BuildJob.objects.filter(pk=job.pk, status="running")
        ended = running.update(status=status, message=message, ended_at=now(), updated_at=now())
        if ended:
            announce_build(job, status, message)
    if ended and status == "succeeded":
        return True
    if not BuildJob.objects.filter(pk=job.pk, status="succeeded").exists():
        storage.remove(MOVIES, STORED, job.pk)
    return False


def announce_build(job: BuildJob, status: str, message: str | None, *, stored: bool = True) -> None:
    """Tell how a build is."""
    payload = {"build_job_id": job.pk, "playlist_id": job.playlist_id, "status": status, "message": message}
    emit("build-job:update", payload, project_id=job.playlist.project_id, by=job.created_by, stored=stored)
