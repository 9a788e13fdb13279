"""Builds whose worker was killed: finding them, taking them up, and letting them end."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django_tasks_db.models import DBTaskResult

from core.models import now
from core.transactions import whole_step
from playlists.jobs import build_movie
from playlists.models import BuildJob
from playlists.rules.building import announce_build, end_build

GIVE_UP = timedelta(days=1)
GONE = "The worker that built it is gone."
TOOK_ALONG = "Several workers ended while they built the movie."


def has_job(build: BuildJob) -> bool:
    """A job for the build waits or runs, where the database has the queue."""
    live = DBTaskResult.objects.filter(status__in=("READY", "RUNNING"), task_path=build_movie.module_path)
    return live.filter(args_kwargs__args__0=str(build.pk)).exists()


def lost(builds: "QuerySet[BuildJob]", older_than: timedelta | None = None) -> list[BuildJob]:
    """Those of the builds that run though no job is there for them, and nobody touched them for as long as a job may take."""
    age = timedelta(seconds=settings.JOB_QUEUE_TIMEOUT) if older_than is None else older_than
    old = builds.select_related("playlist").filter(status="running", updated_at__lt=now() - age).order_by("updated_at")
    return [build for build in old if not has_job(build)]


def resume_builds(*, older_than: timedelta | None = None) -> dict[str, int]:
    """Take up builds whose worker was killed: those asked for within a day are made anew, others have failed.

    Those touched less than `older_than` ago (a job's longest time, by default) may still be at work and are left alone. Returns how
    many of each there were.
    """
    done = {"resumed": 0, "failed": 0}
    for build in lost(BuildJob.objects.all(), older_than):
        if build.created_at < now() - GIVE_UP:
            end_build(build, "failed", GONE)
            done["failed"] += 1
            continue
        with whole_step():
            BuildJob.objects.filter(pk=build.pk, status="running").update(updated_at=now())
            build_movie.enqueue(str(build.pk))
        done["resumed"] += 1
    return done


@whole_step()
def reopen(build: BuildJob) -> bool:
    """Let a failed build wait for its movie again. False when it has not failed."""
    fresh: dict[str, Any] = {"status": "running", "message": None, "ended_at": None, "updated_at": now()}
    if not BuildJob.objects.filter(pk=build.pk, status="failed").update(**fresh):
        return False
    announce_build(build, "running", None)
    return True


def build_of(path: str, arguments: list[Any]) -> BuildJob | None:
    """The build that the job of this path is for, if it is for one."""
    if path != build_movie.module_path or not arguments:
        return None
    return BuildJob.objects.select_related("playlist").filter(pk=arguments[0]).first()


def reopen_for(path: str, arguments: list[Any]) -> None:
    """A failed job waits for another run: so does the build that it is for."""
    if (build := build_of(path, arguments)) is not None:
        reopen(build)


def abandon(path: str, arguments: list[Any]) -> None:
    """A job was given up: the build that waited for it has failed."""
    if (build := build_of(path, arguments)) is not None:
        end_build(build, "failed", TOOK_ALONG)
