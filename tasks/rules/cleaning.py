"""Removing what nobody needs any more, and counting anew what is kept beside its sources."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django_tasks_db.models import DBTaskResult

from assets.models import Entity
from assets.querysets import SHOT
from assets.rules.castings import refresh_shots
from core.models import now
from core.rules import wipe
from core.sql import CHUNK
from core.transactions import whole_step
from events.models import ApiEvent
from people.models import DesktopLoginLog, LoginLog
from production.models import Project
from production.querysets import OPEN
from tasks.models import Notification, Task
from tasks.rules.life_cycle import announce_task, lock_task, replay


class OnlyLooked(Exception):
    """What a dry run did is taken back."""


@whole_step()
def remove_old(older_than: timedelta, *, dry_run: bool = False) -> dict[str, int]:
    """Remove events, login logs, notifications and finished jobs older than that; how many of each."""
    limit = now() - older_than
    rows: dict[str, Any] = {
        "events": ApiEvent.objects.filter(created_at__lt=limit),
        "login logs": LoginLog.objects.filter(created_at__lt=limit),
        "desktop login logs": DesktopLoginLog.objects.filter(created_at__lt=limit),
        "notifications": Notification.objects.filter(created_at__lt=limit),
        "finished jobs": DBTaskResult.objects.finished().filter(finished_at__lt=limit),
    }
    counts = {name: found.count() for name, found in rows.items()}
    if not dry_run:
        for found in rows.values():
            wipe(found)
    return counts


def recount_tasks(task_ids: Iterable[Any], *, dry_run: bool = False) -> Iterator[tuple[Any, bool]]:
    """Work out statuses, dates, retakes and durations anew from comments and time spents; the ids, and whether that changed them.

    Each task is one step, so that people go on working meanwhile.
    """
    for task_id in task_ids:
        with suppress(OnlyLooked), whole_step():
            task = lock_task(task_id)
            before = followed(task)
            replay(task)
            changed = followed(task) != before
            if changed:
                announce_task(task, by=None)
            if dry_run:
                raise OnlyLooked
        yield task_id, changed


def followed(task: Task) -> tuple[Any, ...]:
    """What follows from a task's comments and time spents, as clients see it: to the second."""
    moments = (task.last_comment_date, task.real_start_date, task.end_date, task.done_date)
    plain = tuple(moment and moment.replace(microsecond=0) for moment in moments)
    return (task.task_status_id, task.retake_count, float(task.duration or 0), *plain)


def open_productions() -> Any:
    """The productions under way."""
    return Project.objects.filter(project_status__name=OPEN)


def recount_castings(projects: Any) -> int:
    """Count anew what is cast in the shots of productions, and how many assets are ready for their tasks; the number of shots."""
    shots = Entity.objects.order_by().filter(entity_type__name=SHOT, project__in=projects)
    ids = list(shots.values_list("pk", flat=True))
    for start in range(0, len(ids), CHUNK):
        with whole_step():
            refresh_shots(ids[start : start + CHUNK], by=None)
    return len(ids)
