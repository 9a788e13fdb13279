"""Assigning people to tasks."""

from collections.abc import Iterable
from typing import Any

from core.transactions import whole_step
from events.emit import emit
from people.models import Person
from production.models import ProjectPersonLink
from tasks.models import Notification, Task
from tasks.rules import notifications
from tasks.rules.life_cycle import announce_task, lock_tasks


def announce_assignees(task: Task, former: set[Any], present: set[Any], *, by: Person) -> None:
    """Tell who was added to a task and who was removed; the added ones are notified."""
    added = list(Person.objects.filter(pk__in=present - former).order_by("pk"))
    for person in added:
        emit("task:assign", {"task_id": task.pk, "person_id": person.pk}, project_id=task.project_id, by=by)
    told = [row for person in added for row in assigned_notification(task, person, by=by)]
    notifications.notify(told, project_id=task.project_id, by=by)
    for person_id in sorted(former - present):
        emit("task:unassign", {"person_id": person_id, "task_id": task.pk}, project_id=task.project_id, by=by)


def assigned_notification(task: Task, person: Person, *, by: Person) -> list[Notification]:
    """The notification of an assignation, unless people take their own tasks."""
    return notifications.of_assignation(task, person, by=by)


@whole_step()
def assign(task_ids: Iterable[Any], person: Person, *, by: Person) -> None:
    """Assign a person to tasks; they join the team of the first task's production, and are told of each."""
    tasks = {task.pk: task for task in lock_tasks(task_ids)}
    links = Task.assignees.through.objects
    links.bulk_create([links.model(task=task, person=person) for task in tasks.values()], ignore_conflicts=True)
    rows = []
    for task in tasks.values():
        task.assigner = by
        task.save(update_fields=["assigner"])
        emit("task:assign", {"task_id": task.pk, "person_id": person.pk}, project_id=task.project_id, by=by)
        announce_task(task, by=by)
        rows += [(task, row) for row in notifications.of_assignation(task, person, by=by)]
    for project_id in {task.project_id for task, _ in rows}:
        notifications.notify([row for task, row in rows if task.project_id == project_id], project_id=project_id, by=by)
    first = next((tasks[pk] for pk in task_ids if pk in tasks), None)
    if first is not None and first.project_id is not None:
        join_team(first.project_id, person, by=by)


@whole_step()
def take_on(task: Task, *, by: Person) -> None:
    """Assign a task to the person who works on it, and tell so; they need no notification, and who assigned it before stays."""
    task.assignees.add(by)
    emit("task:assign", {"task_id": task.pk, "person_id": by.pk}, project_id=task.project_id, by=by)
    announce_task(task, by=by)


def join_team(project_id: Any, person: Person, *, by: Person) -> None:
    """Put a person into a production's team unless they are in it."""
    if ProjectPersonLink.objects.filter(project_id=project_id, person=person).exists():
        return
    ProjectPersonLink.objects.bulk_create([ProjectPersonLink(project_id=project_id, person=person)], ignore_conflicts=True)
    emit("project:update", {"project_id": project_id}, project_id=project_id, by=by)


@whole_step()
def clear_assignees(task_ids: Iterable[Any], *, person_id: Any = None, by: Person) -> None:
    """Take everybody, or one person, off tasks."""
    links = Task.assignees.through.objects.order_by("person_id")
    for task in lock_tasks(task_ids):
        own = links.filter(task=task)
        if person_id is None:
            removed = list(own.values_list("person_id", flat=True))
            own.delete()
        else:
            removed = [person_id]
            own.filter(person_id=person_id).delete()
        task.save(update_fields=[])
        for removed_id in removed:
            emit("task:unassign", {"person_id": removed_id, "task_id": task.pk}, project_id=task.project_id, by=by)
        announce_task(task, by=by)
