"""How a task's status, dates and retakes follow its comments: forward with each new one, or anew from its whole history."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Sum

from assets.querysets import CONCEPT
from core.errors import WrongParameter
from core.models import now
from events.emit import emit
from people.models import Person
from production.models import TaskStatus
from tasks.models import Comment, Task

FOLLOWED = ("task_status_id", "last_comment_date", "retake_count", "real_start_date", "end_date", "done_date", "duration")
FLAGS = ("is_retake", "is_wip", "is_feedback_request", "is_done")


@dataclass(frozen=True)
class Move:
    """What a comment did to its task's status: `changed` tells whether it moved from `previous_id`."""

    previous_id: Any
    changed: bool


def lock_task(task_id: Any) -> Task:
    """Lock a task against other writers until the step ends. Raises the model's DoesNotExist."""
    return lock_tasks([task_id])[0] if task_id else Task.objects.get(pk=task_id)


def lock_tasks(task_ids: Any) -> list[Task]:
    """Lock tasks in the one order that keeps writers from blocking each other. Raises DoesNotExist where one is missing."""
    ids = {str(task_id) for task_id in task_ids}
    tasks = list(with_names(Task.objects.filter(pk__in=ids)).order_by("pk"))
    if len(tasks) < len(ids):
        raise Task.DoesNotExist
    return tasks


def lock_siblings(task: Task) -> dict[Any, Task]:
    """Lock all tasks of the task's entity, which its comment may reach by hashtags and automations, in one statement."""
    siblings = Task.objects.filter(entity_id=task.entity_id) if task.entity_id else Task.objects.filter(pk=task.pk)
    return {sibling.pk: sibling for sibling in with_names(siblings).order_by("pk")}


def with_names(tasks: Any) -> Any:
    """The tasks, locked, with what deciding about them takes."""
    related = ("task_type", "task_status", "project", "entity__entity_type")
    return tasks.select_related(*related).select_for_update(of=("self",), no_key=True)


def default_status(*, for_concept: bool) -> TaskStatus:
    """The status of new tasks. Raises WrongParameter in a studio without one."""
    statuses = TaskStatus.objects.filter(is_default=True).order_by("created_at", "id")
    own = [status for status in statuses if bool(status.for_concept) is for_concept]
    found = next(iter(own or statuses), None)
    if found is None:
        raise WrongParameter("The studio has no default task status.")
    return found


def is_of_concept(task: Task) -> bool:
    """The task is about a concept, which makes no news and has statuses of its own."""
    return task.entity is not None and task.entity.entity_type.name == CONCEPT


def to_second(moment: datetime) -> datetime:
    """A moment as clients know it."""
    return moment.replace(microsecond=0)


def refuse_retakes_beyond_cap(task: Task, status: TaskStatus) -> None:
    """Raises WrongParameter when the production, or the entity by its own number, allows no further retake."""
    cap = (task.project.max_retakes or 0) if task.project else 0
    if not status.is_retake or cap <= 0:
        return
    own = ((task.entity.data if task.entity else None) or {}).get("max_retakes")
    with suppress(TypeError, ValueError, OverflowError):  # the entity's metadata is free: what is no number is no cap
        cap = int(own or 0) or cap
    if (task.retake_count or 0) >= cap:
        raise WrongParameter("No more retakes allowed on this task")


def follow_comment(task: Task, comment: Comment, status: TaskStatus | None) -> Move:
    """Move a locked task along with its new comment; a comment older than the last one has the task's history read anew."""
    previous_id = task.task_status_id
    if task.last_comment_date is not None and to_second(task.last_comment_date) > to_second(comment.created_at):
        replay(task)
        return Move(previous_id, changed=False)
    changed = status is not None and status.pk != previous_id
    task.last_comment_date = comment.created_at
    if status is not None and changed:
        enter_status(task, status)
    task.save(update_fields=FOLLOWED)
    return Move(previous_id, changed)


def enter_status(task: Task, status: TaskStatus) -> None:
    """Set what a change of status does to dates and retakes."""
    moment = now()
    task.task_status = status
    if status.is_retake:
        task.retake_count = (task.retake_count or 0) + 1
    if status.is_wip and task.real_start_date is None:
        task.real_start_date = moment
    if status.is_feedback_request:
        task.end_date = moment
    elif not status.is_done:
        task.end_date = None
    task.done_date = moment if status.is_done else None


def replay(task: Task) -> Move:
    """Set a locked task's status, dates, retakes and duration from all its comments and time spents."""
    comments = Comment.objects.filter(object_id=task.pk).order_by("created_at", "id")
    flags = {flag: F(f"task_status__{flag}") for flag in FLAGS}
    previous_id, was_retake = task.task_status_id, False
    task.retake_count, task.last_comment_date = 0, None
    task.real_start_date = task.end_date = task.done_date = None
    status_id = None
    rows: Any = comments.values("created_at", "task_status_id", **flags)
    for row in rows:
        moment = row["created_at"]
        task.last_comment_date, status_id = moment, row["task_status_id"] or status_id
        if row["is_retake"] and not was_retake:
            task.retake_count += 1
        was_retake = bool(row["is_retake"])
        if row["is_wip"] and task.real_start_date is None:
            task.real_start_date = moment
        if row["is_feedback_request"] and task.end_date is None:
            task.end_date = moment
        if row["is_done"]:
            task.done_date = moment
    task.task_status_id = status_id or default_status(for_concept=is_of_concept(task)).pk
    task.duration = task.time_spents.aggregate(total=Sum("duration"))["total"] or 0
    task.save(update_fields=FOLLOWED)
    return Move(previous_id, previous_id != task.task_status_id)


def announce_task(task: Task, *, by: Person | None) -> None:
    """Tell that a task changed."""
    emit("task:update", {"task_id": task.pk}, project_id=task.project_id, by=by)


def announce_status(task: Task, previous_id: Any, *, new_id: Any = None, person_id: Any, by: Person | None) -> None:
    """Tell that a task's status changed; where an earlier comment of it did, `new_id` is what that comment says now."""
    payload = {
        "task_id": task.pk,
        "new_task_status_id": new_id or task.task_status_id,
        "previous_task_status_id": previous_id,
        "person_id": person_id,
    }
    emit("task:status-changed", payload, project_id=task.project_id, by=by)
