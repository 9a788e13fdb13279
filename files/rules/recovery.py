"""Taking up work on previews that a kill cut off, or that failed."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django_tasks_db.models import DBTaskResult

from core.models import now
from core.transactions import whole_step
from files import storage
from files.jobs import process_movie
from files.models import PreviewFile
from files.names import is_movie
from files.rules.progress import tell_status, unfinished
from files.rules.transcoding import end_broken
from files.storage import MOVIES

GIVE_UP = timedelta(days=1)
CUT_OFF = "The upload was cut off."
NOT_DONE = "The movie could not be encoded within a day."
TOOK_ALONG = "Several workers ended while they encoded the movie."
GIVEN_UP = "An administrator gave it up."


def has_job(preview_id: Any) -> bool:
    """A job for the preview waits or runs, where the database has the queue."""
    live = DBTaskResult.objects.filter(status__in=("READY", "RUNNING"), task_path=process_movie.module_path)
    return live.filter(args_kwargs__args__0=str(preview_id)).exists()


def resume(*, older_than: timedelta | None = None, give_up: bool = False, by: Any = None) -> dict[str, int]:
    """Take up previews whose upload or encoding was cut off: movies are encoded anew, the rest is broken.

    Those last touched less than `older_than` ago (a job's longest time, by default) may still be at work and are left alone, as are
    those for which a job waits; those uploaded longer than a day ago were tried often enough, and with `give_up` all were. Returns
    how many were taken up and how many are broken.
    """
    done = {"resumed": 0, "broken": 0}
    since = now() - (timedelta(seconds=settings.JOB_QUEUE_TIMEOUT) if older_than is None else older_than)
    stuck = PreviewFile.objects.filter(status="processing", original_name__isnull=False, updated_at__lt=since)
    for preview in stuck.order_by("updated_at"):
        if not give_up and has_job(preview.pk):
            continue
        reason = why_hopeless(preview, give_up=give_up)
        if reason:
            end_broken(preview.pk, reason, by=by)
            if reason == CUT_OFF:  # whoever sent it may send it again
                PreviewFile.objects.filter(pk=preview.pk, status="broken").update(original_name=None)
            done["broken"] += 1
            continue
        with whole_step():
            unfinished(preview.pk).update(updated_at=now())
            enqueue(preview)
        done["resumed"] += 1
    return done


def why_hopeless(preview: PreviewFile, *, give_up: bool) -> str:
    """Why it makes no sense to take up a preview's work, or nothing."""
    if not is_movie(preview.extension) or not storage.is_stored(MOVIES, "source", preview.pk):
        return CUT_OFF
    if preview.created_at < now() - GIVE_UP:
        return NOT_DONE
    return GIVEN_UP if give_up else ""


def enqueue(preview: PreviewFile) -> None:
    """Ask for the encoding of a preview's movie."""
    process_movie.enqueue(str(preview.pk), True, str(preview.person_id) if preview.person_id else None)


@whole_step()
def reopen(preview: PreviewFile, *, by: Any) -> bool:
    """Let a broken preview wait for its movie again; whether its uploaded file is still there for that."""
    if not is_movie(preview.extension) or not storage.is_stored(MOVIES, "source", preview.pk):
        return False
    data = {name: value for name, value in (preview.data or {}).items() if name != "failure"} or None
    again = PreviewFile.objects.filter(pk=preview.pk, status="broken")
    if not again.update(status="processing", data=data, updated_at=now()):
        return False
    preview.refresh_from_db()
    tell_status(preview, by=by)
    return True


@whole_step()
def retry(preview: PreviewFile, *, by: Any) -> bool:
    """Encode the movie of a broken preview again; whether its uploaded file is still there for that."""
    if not reopen(preview, by=by):
        return False
    enqueue(preview)
    return True


def reopen_for(path: str, arguments: list[Any]) -> None:
    """A failed job waits for another run: so does the preview that it is for."""
    preview = PreviewFile.objects.select_related("task").filter(pk=arguments[0]).first() if is_encoding(path, arguments) else None
    if preview is not None:
        reopen(preview, by=None)


def is_encoding(path: str, arguments: list[Any]) -> bool:
    """The job of this path encodes a preview's movie."""
    return path == process_movie.module_path and bool(arguments)


def abandon(path: str, arguments: list[Any]) -> None:
    """A job was given up: the preview that waited for it is broken."""
    if is_encoding(path, arguments):
        end_broken(arguments[0], TOOK_ALONG, by=None)
