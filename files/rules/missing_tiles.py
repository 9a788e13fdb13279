"""Tiles that the storage has no more: a job makes them anew, once somebody asks for one."""

from typing import Any

from django.conf import settings
from django.core.cache import cache

from core.transactions import whole_step
from files.jobs import make_missing_tile

PAUSE_SECONDS = 3600


@whole_step()
def ask_for_tile(preview_id: Any) -> bool:
    """Have the tile of a movie made by a job, where there are jobs; for each movie once an hour, however many people ask.

    Servers that share no cache count for themselves. False when nothing was asked for.
    """
    if not settings.ENABLE_JOB_QUEUE or not cache.add(f"missing-tile:{preview_id}", True, PAUSE_SECONDS):
        return False
    make_missing_tile.enqueue(str(preview_id))
    return True
