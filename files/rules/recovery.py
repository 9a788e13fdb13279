"""Taking up work on previews that a kill cut off."""

from datetime import timedelta
from typing import Any

from core.models import now
from core.transactions import whole_step
from files import storage
from files.jobs import process_movie
from files.models import PreviewFile
from files.rules.progress import unfinished
from files.rules.transcoding import end_processing
from files.storage import MOVIES

GIVE_UP = timedelta(days=1)


def resume(*, older_than: timedelta, give_up: bool = False, by: Any = None) -> dict[str, int]:
    """Take up previews whose upload or encoding was cut off: movies are encoded anew, the rest is broken.

    Those last touched less than `older_than` ago may still be at work and are left alone; those uploaded longer than a day ago
    were tried often enough, and with `give_up` all were. Returns how many were taken up and how many are broken.
    """
    done = {"resumed": 0, "broken": 0}
    stuck = PreviewFile.objects.filter(status="processing", original_name__isnull=False, updated_at__lt=now() - older_than)
    for preview in stuck.order_by("updated_at"):
        hopeless = give_up or preview.created_at < now() - GIVE_UP or preview.extension != "mp4"
        if hopeless or not storage.is_stored(MOVIES, "source", preview.pk):
            end_processing(preview.pk, "broken", {}, by=by)
            done["broken"] += 1
            continue
        with whole_step():
            unfinished(preview.pk).update(updated_at=now())
            process_movie.enqueue(str(preview.pk), True, str(preview.person_id) if preview.person_id else None)
        done["resumed"] += 1
    return done
