"""Jobs that reach for other servers, which may be away for a while."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

# How long after each failure a job is tried again; after the last, it stays failed for an administrator to retry.
PAUSES = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))


def put_off(job: Any, arguments: list[str], attempt: int) -> datetime | None:
    """Queue a job, whose last argument is the number of the attempt, for another one; the moment, or None when it was the last.

    A queue that can't wait has one attempt alone.
    """
    if attempt > len(PAUSES) or not job.get_backend().supports_defer:
        return None
    moment = timezone.now() + PAUSES[attempt - 1]
    job.using(run_after=moment).enqueue(*arguments, attempt + 1)
    return moment
