"""Builds of playlists: asking for a movie, trying again, and throwing a movie away."""

from django.conf import settings

from core.errors import Refusal
from core.transactions import whole_step
from events.emit import emit
from files.rules.removal import drop_objects
from files.storage import MOVIES
from people.models import Person
from playlists.jobs import build_movie
from playlists.models import BuildJob, Playlist
from playlists.rules.building import NO_MOVIE, STORED, build, end_build, listed_movies
from playlists.rules.playlists import lock
from playlists.rules.recovery import GONE, lost, reopen


class BuildInProgress(Refusal):
    """The playlist's movie is being made already: 409."""

    status = 409

    def __init__(self) -> None:
        super().__init__("A build is already in progress for this playlist")


def start_build(playlist: Playlist, *, full: bool, by: Person) -> BuildJob:
    """Have the movie of a playlist made, by a job or, where the studio has no queue, at once. `full` encodes every movie anew.

    Raises BuildInProgress, and Refusal with the reason when it failed.
    """
    with whole_step():
        locked = lock(playlist)
        for former in lost(locked.build_jobs.all()):
            end_build(former, "failed", GONE)
        if locked.build_jobs.filter(status="running").exists():
            raise BuildInProgress()
        job = BuildJob.objects.create(playlist=locked, full=full, creator=by)
        moment = job.created_at.replace(microsecond=0).isoformat()
        payload = {"build_job_id": job.pk, "playlist_id": locked.pk, "created_at": moment}
        emit("build-job:new", payload, project_id=locked.project_id, by=by)
        has_movies = bool(listed_movies(locked))
        if has_movies and settings.ENABLE_JOB_QUEUE:
            build_movie.enqueue(str(job.pk))
    if not has_movies:
        end_build(job, "failed", NO_MOVIE)
    elif not settings.ENABLE_JOB_QUEUE:
        build(job.pk)
    job.refresh_from_db()
    if job.status == "failed":
        raise Refusal(job.message or "The build failed.")
    return job


@whole_step()
def retry_build(job: BuildJob, *, by: Person) -> None:
    """Have a failed build made again by a job. Raises BuildInProgress, and Refusal when it has not failed."""
    playlist = lock(job.playlist)
    if playlist.build_jobs.filter(status="running").exists():
        raise BuildInProgress()
    if not reopen(job):
        raise Refusal("Only a failed build can be tried again.")
    build_movie.enqueue(str(job.pk))


@whole_step()
def delete_build(job: BuildJob, *, by: Person) -> None:
    """Delete a build with its movie; one that runs stops when it notices."""
    payload = {"build_job_id": job.pk, "playlist_id": job.playlist_id}
    emit("build-job:delete", payload, project_id=job.playlist.project_id, by=by)
    drop_objects([(MOVIES, STORED)], job.pk, force=True)
    job.delete()
