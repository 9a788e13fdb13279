"""Time spents: the generic routes, and the minutes on a task by day and person."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from core.api.access import Scope
from core.api.parsers import typed_body
from core.api.views import ResourceViewSet
from core.errors import Forbidden, NotFound, WrongParameter
from core.projection import Row
from people.models import Person
from people.permissions import is_admin, may_open_entity
from tasks.api.bodies import MinutesBody
from tasks.api.loading import TaskRoutes, day, day_range, found
from tasks.models import Task, TimeSpent
from tasks.permissions import logs_time
from tasks.readers import TIME_SPENT
from tasks.rules.time_spents import clear_time, create_time_spent, delete_time_spent, log_time, update_time_spent


class TimeSpentViewSet(ResourceViewSet):
    """`/data/time-spents`."""

    reader = TIME_SPENT
    access = {"list": is_admin, "retrieve": is_admin, "create": is_admin, "update": is_admin, "destroy": is_admin | logs_time}

    def visible(self, queryset: Any) -> Any:
        """Those of a range of days, where one is asked for."""
        days = day_range(self.request.query_params)
        return queryset if days is None else queryset.between(*days)

    def perform_create(self, serializer: Any) -> TimeSpent:
        """Stores the time; its task's duration follows."""
        return create_time_spent(serializer.columns, by=self.request.user)

    def perform_update(self, serializer: Any) -> TimeSpent:
        """Changes the time; its task's duration follows."""
        return update_time_spent(serializer.instance, serializer.columns, by=self.request.user)

    def scope_of(self, instance: TimeSpent, body: dict[str, Any] | None = None) -> Scope:
        """What the act is about: the task, and whose time it is."""
        task = Task.objects.filter(pk=instance.task_id).first()
        return Scope(instance=task, body={**(body or {}), "person_id": instance.person_id})

    def perform_destroy(self, instance: TimeSpent) -> None:
        """Deletes the time; its task's duration follows."""
        delete_time_spent(instance, by=self.request.user)


class TaskTimeViewSet(TaskRoutes):
    """`/actions/tasks/<id>/time-spents/…`."""

    access = {
        "of_task": may_open_entity,
        "of_day": may_open_entity,
        "log": logs_time,
        "add": logs_time,
        "clear": logs_time,
    }

    def of_task(self, request: Request, task_id: UUID) -> Response:
        """All that was spent on a task, in sum and by person."""
        return Response(by_person(TimeSpent.objects.filter(task=self.task(task_id)).order_by("date", "id")))

    def of_day(self, request: Request, task_id: UUID, date: str) -> Response:
        """What was spent on a task on one day, in sum and by person."""
        task = self.task(task_id)
        spent = TimeSpent.objects.filter(task=task, date=day(date, WrongParameter("Wrong date format.")))
        return Response(by_person(spent.order_by("date", "id")))

    def log(self, request: Request, task_id: UUID, date: str, person_id: UUID) -> Response:
        """Sets a person's minutes of a day."""
        return self.logged(task_id, date, person_id, add=False)

    def add(self, request: Request, task_id: UUID, date: str, person_id: UUID) -> Response:
        """Adds to a person's minutes of a day."""
        return self.logged(task_id, date, person_id, add=True)

    def logged(self, task_id: UUID, date: str, person_id: UUID, *, add: bool) -> Response:
        """The day's minutes as they are now. Raises NotFound, Forbidden, WrongParameter."""
        task, person = found(Task, task_id, "project"), found(Person, person_id)
        if person.is_bot and not (task.project and task.project.is_bot_collaboration_enabled):
            raise Forbidden()
        body = typed_body(self.request, MinutesBody)
        when = self.day_of(task, person, date)
        time_spent = log_time(task.pk, person, when, duration=body.duration, add=add, by=self.request.user)
        return Response(TIME_SPENT.one(time_spent.pk), status=201)

    def day_of(self, task: Task, person: Person, date: str) -> Any:
        """The day, once it is clear that this person may log that person's time. Raises Forbidden, WrongParameter."""
        self.authorise(Scope(project_id=task.project_id, instance=task, body={"person_id": person.pk}))
        return day(date, WrongParameter("Invalid date format."))

    def clear(self, request: Request, task_id: UUID, date: str, person_id: UUID) -> Response:
        """Deletes a person's minutes of a day."""
        task, person = found(Task, task_id, "project"), found(Person, person_id)
        if person.is_bot:
            raise Forbidden()
        when = self.day_of(task, person, date)
        row = TIME_SPENT.one(clearable(task, person, when).pk)
        clear_time(task.pk, person, when, by=request.user)
        return Response({**row, "duration": 0}, status=201)


def clearable(task: Task, person: Person, when: Any) -> TimeSpent:
    """The time that a person spent on a task on a day. Raises NotFound."""
    time_spent = TimeSpent.objects.filter(task=task, person=person, date=when).first()
    if time_spent is None:
        raise NotFound()
    return time_spent


def by_person(spent: Any) -> dict[str, Any]:
    """Time spents by person, and their sum as `total`."""
    answer: dict[str, Any] = {"total": 0}
    rows: list[Row] = list(TIME_SPENT.rows(spent))
    for row in rows:
        answer["total"] += row["duration"]
        answer.setdefault(row["person_id"], []).append(row)
    return answer
