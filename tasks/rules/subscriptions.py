"""Subscriptions: who follows which tasks, and which task types of which sequences."""

from collections.abc import Iterable
from typing import Any

from core.transactions import whole_step
from people.models import Person
from tasks.models import Subscription, Task


@whole_step()
def subscribe_to_tasks(tasks: Iterable[Task], *, by: Person) -> list[Subscription]:
    """Follow tasks; those followed already stay as they are."""
    tasks = list(tasks)
    Subscription.objects.bulk_create([Subscription(person=by, task=task) for task in tasks], ignore_conflicts=True)
    found = {row.task_id: row for row in Subscription.objects.filter(person=by, task__in=tasks)}
    return [found[task.pk] for task in tasks]


@whole_step()
def unsubscribe_from_tasks(task_ids: Iterable[Any], *, by: Person) -> None:
    """Follow tasks no longer."""
    Subscription.objects.filter(person=by, task_id__in=list(task_ids)).delete()


@whole_step()
def subscribe_to_sequence(entity_id: Any, task_type_id: Any, *, by: Person) -> Subscription:
    """Follow the tasks of one type on the shots of a sequence."""
    key = {"person": by, "entity_id": entity_id, "task_type_id": task_type_id}
    Subscription.objects.bulk_create([Subscription(**key)], ignore_conflicts=True)
    return Subscription.objects.get(**key)


@whole_step()
def unsubscribe_from_sequence(entity_id: Any, task_type_id: Any, *, by: Person) -> None:
    """Follow those tasks no longer."""
    Subscription.objects.filter(person=by, entity_id=entity_id, task_type_id=task_type_id).delete()
