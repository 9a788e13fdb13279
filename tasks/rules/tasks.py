"""Tasks one by one: creating, changing, deleting with all that hangs on them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction

from assets.models import Entity
from assets.rules.announcing import kind_of
from core.errors import NotFound, Refusal, RowRefused, WrongParameter
from core.rules import set_relations
from core.signals import row_leaving
from core.transactions import whole_step
from events.emit import emit
from people.models import Person
from production.models import TaskType
from tasks.models import Comment, News, Notification, ProductionScheduleVersionTaskLink, Subscription, Task, TimeSpent
from tasks.rules import news
from tasks.rules.assignation import announce_assignees
from tasks.rules.life_cycle import announce_task, lock_task, lock_tasks

TAKEN = "Task already exists."
WRONG_KIND = "Task type of the task does not match entity type."
NO_PREVIEW_ACCOUNT = "A preview account can't be assigned"


def announce_new(tasks: Iterable[Task], *, by: Person | None) -> None:
    """Tell of new tasks."""
    for task in tasks:
        emit("task:new", {"task_id": task.pk}, project_id=task.project_id, by=by)


def refuse_preview_accounts(person_ids: Iterable[Any]) -> None:
    """Raises WrongParameter when a production's preview account is among the people."""
    if Person.objects.filter(pk__in=list(person_ids)).exclude(preview_project=None).exists():
        raise WrongParameter(NO_PREVIEW_ACCOUNT)


@whole_step()
def create_task(values: Mapping[str, Any], *, assignees: Sequence[Any] = (), entity: Entity, by: Person) -> Task:
    """Store a task of a fitting type on an entity. Raises RowRefused when the entity has that task already."""
    task_type = TaskType.objects.filter(pk=values["task_type_id"]).first()
    if task_type is None:
        raise NotFound()
    if task_type.for_entity and task_type.for_entity != kind_of(entity):
        raise Refusal(WRONG_KIND)
    refuse_preview_accounts(assignees)
    task = Task(**values)
    try:
        with transaction.atomic():
            task.save(force_insert=True)
            set_relations(task, {"assignees": list(assignees)})
    except IntegrityError:
        raise RowRefused(TAKEN) from None
    announce_new([task], by=by)
    return task


@whole_step()
def update_task(task_id: Any, values: Mapping[str, Any], *, assignees: Sequence[Any] | None, by: Person) -> Task:
    """Change columns of a task; metadata is merged key by key. A list of assignees replaces the former one."""
    task = lock_task(task_id)
    refuse_foreign_entity(task, values)
    changes = dict(values)
    if changes.get("data"):
        changes["data"] = {**(task.data or {}), **changes["data"]}
    for name, value in changes.items():
        setattr(task, name, value)
    task.save(update_fields=list(changes))
    if assignees is not None:
        refuse_preview_accounts(assignees)
        former = set(task.assignees.values_list("pk", flat=True))
        set_relations(task, {"assignees": list(assignees)})
        announce_assignees(task, former, set(task.assignees.values_list("pk", flat=True)), by=by)
    announce_task(task, by=by)
    return task


def refuse_foreign_entity(task: Task, values: Mapping[str, Any]) -> None:
    """Raises WrongParameter when the task would move to an entity of another production."""
    entity_id = values.get("entity_id")
    if entity_id is None or entity_id == task.entity_id:
        return
    owner = Entity.objects.filter(pk=entity_id).values_list("project_id", flat=True).first()
    if owner is not None and owner != task.project_id:
        raise WrongParameter("The task and its entity must be in the same production.")


@whole_step()
def set_priority(task_ids: Iterable[Any], *, priority: int, by: Person) -> None:
    """Give tasks another priority."""
    for task in lock_tasks(task_ids):
        task.priority = priority
        task.save(update_fields=["priority"])
        announce_task(task, by=by)


@whole_step()
def delete_task(task: Task, *, by: Person) -> None:
    """Delete a task that nothing refers to."""
    payload = {"task_id": task.pk, "entity_id": task.entity_id, "task_type_id": task.task_type_id}
    task.delete()
    emit("task:delete", payload, project_id=task.project_id, by=by)


@whole_step()
def delete_with_all(tasks: Iterable[Task], *, by: Person) -> None:
    """Delete tasks with their comments, previews, files, time spents, subscriptions, notifications and news."""
    for task in sorted(tasks, key=lambda task: task.pk):
        comments = Comment.objects.filter(object_id=task.pk)
        Notification.objects.filter(task=task).delete()
        Notification.objects.filter(comment__in=comments.values("pk")).delete()
        news.withdraw(News.objects.filter(task=task), project_id=task.project_id, by=by)
        TimeSpent.objects.filter(task=task).delete()
        Subscription.objects.filter(task=task).delete()
        ProductionScheduleVersionTaskLink.objects.filter(task=task).delete()
        for comment in comments:
            row_leaving.send(Comment, instance=comment, by=by)
            comment.delete()
        row_leaving.send(Task, instance=task, by=by)
        delete_task(task, by=by)
