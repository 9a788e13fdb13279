"""Time spents: a day's minutes of a person on a task, and what follows from them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Max, Sum

from core.errors import NotFound
from core.transactions import whole_step
from events.emit import emit
from people.models import Person
from tasks.models import Task, TimeSpent
from tasks.rules.life_cycle import announce_task, lock_task


def sum_up(task: Task, *, by: Person) -> None:
    """Set a locked task's duration to the sum of its time spents."""
    task.duration = task.time_spents.aggregate(total=Sum("duration"))["total"] or 0
    task.save(update_fields=["duration"])
    announce_task(task, by=by)


def note_presence(person_id: Any, *, by: Person) -> None:
    """Set a person's last presence to the latest of their time spents and desktop logins."""
    person = Person.objects.get(pk=person_id)
    days = [
        person.time_spents.aggregate(last=Max("date"))["last"],
        to_day(person.desktop_login_logs.aggregate(last=Max("date"))["last"]),
    ]
    person.last_presence = max((day for day in days if day is not None), default=None)
    person.save(update_fields=["last_presence"])
    emit("person:update", {"person_id": person.pk}, by=by)


def to_day(moment: Any) -> date | None:
    """The day of a moment."""
    return moment.date() if moment is not None and hasattr(moment, "date") else moment


def announce_time(time_spent: TimeSpent, act: str, *, project_id: Any, by: Person) -> None:
    """Tell what became of a time spent."""
    payload = {"time_spent_id": time_spent.pk}
    emit(f"time-spent:{act}", payload, project_id=project_id, heard_in=time_spent.production_id, by=by)


@whole_step()
def log_time(task_id: Any, person: Person, day: date, *, duration: float, add: bool = False, by: Person) -> TimeSpent:
    """Set a person's minutes on a task for a day, or add to them. Parallel additions all count."""
    task = lock_task(task_id)
    time_spent = TimeSpent.objects.filter(task=task, person=person, date=day).first()
    if time_spent is None:
        time_spent = TimeSpent.objects.create(task=task, person=person, date=day, duration=duration)
        note_presence(person.pk, by=by)
        announce_time(time_spent, "new", project_id=task.project_id, by=by)
    else:
        time_spent.duration = time_spent.duration + duration if add else duration
        time_spent.save(update_fields=["duration"])
        announce_time(time_spent, "update", project_id=task.project_id, by=by)
    sum_up(task, by=by)
    return time_spent


@whole_step()
def clear_time(task_id: Any, person: Person, day: date, *, by: Person) -> TimeSpent:
    """Delete a person's minutes on a task for a day. Raises NotFound when there are none; the answer is the former row."""
    task = lock_task(task_id)
    time_spent = TimeSpent.objects.filter(task=task, person=person, date=day).first()
    if time_spent is None:
        raise NotFound()
    delete_time(time_spent, task, project_id=task.project_id, by=by)
    return time_spent


def delete_time(time_spent: TimeSpent, task: Task | None, *, project_id: Any, by: Person) -> None:
    """Delete a time spent, and count its task's duration anew."""
    pk = time_spent.pk
    time_spent.delete()
    time_spent.pk = pk
    announce_time(time_spent, "delete", project_id=project_id, by=by)
    if task is not None:
        sum_up(task, by=by)


@whole_step()
def create_time_spent(values: Mapping[str, Any], *, by: Person) -> TimeSpent:
    """Store a time spent as it is given, and count its task's duration anew."""
    task_id: Any = values.get("task_id")
    task = lock_task(task_id) if Task.objects.filter(pk=task_id).exists() else None
    time_spent = TimeSpent(**values)
    time_spent.save(force_insert=True)
    if task is not None:
        sum_up(task, by=by)
    announce_time(time_spent, "new", project_id=None, by=by)
    return time_spent


@whole_step()
def update_time_spent(time_spent: TimeSpent, values: Mapping[str, Any], *, by: Person) -> TimeSpent:
    """Change a time spent, and count the durations of its former and its new task anew."""
    former_id = time_spent.task_id
    for name, value in values.items():
        setattr(time_spent, name, value)
    ids = [task_id for task_id in (former_id, time_spent.task_id) if task_id]
    tasks = [lock_task(task_id) for task_id in sorted(Task.objects.filter(pk__in=ids).values_list("pk", flat=True))]
    time_spent.save(update_fields=list(values))
    for task in tasks:
        sum_up(task, by=by)
    announce_time(time_spent, "update", project_id=None, by=by)
    return time_spent


@whole_step()
def delete_time_spent(time_spent: TimeSpent, *, by: Person) -> None:
    """Delete a time spent, and count its task's duration anew."""
    task = lock_task(time_spent.task_id) if time_spent.task_id else None
    delete_time(time_spent, task, project_id=None, by=by)
