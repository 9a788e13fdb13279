"""What people have to do: tasks of a person, of oneself, tasks that await a check, and when people are busy."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Max, Min, QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.access import Scope
from core.api.converters import is_uuid
from core.api.renderers import json_array
from core.errors import WrongParameter
from core.projection import Row
from people.models import Person
from people.permissions import (
    department_ids,
    in_production,
    is_human,
    is_no_vendor_anywhere,
    is_themself,
    supervises_somewhere,
)
from production.models import TaskType
from tasks.api.loading import TaskRoutes, found, human, id_parameter, moment_parameter, number_parameter
from tasks.api.views.open_tasks import of_persons
from tasks.listings import BLANK_COPIES, BY_NAMES, TODO_TASK, totals, with_episodes
from tasks.models import Task
from tasks.permissions import client_projects
from tasks.readers import TASK, blanked, blanked_for

DONE = ("-end_date", "task_type__name", "entity__name", "id")
ORDERS: dict[str, tuple[Any, ...]] = {
    "priority": (F("priority").desc(nulls_last=True), F("due_date").asc(nulls_last=True), "id"),
    "due_date": (F("due_date").asc(nulls_last=True), "id"),
    "estimation": (F("estimation").desc(nulls_last=True), "id"),
    "entity_name": (
        "project__name",
        "task_type__name",
        F("entity__parent__parent__name").asc(nulls_last=True),
        F("entity__parent__name").asc(nulls_last=True),
        "entity__name",
        "id",
    ),
}


def todo_rows(tasks: QuerySet[Any], reader: Person) -> list[Row]:
    """Tasks as to-do lists show them; without plans where the reader is a client."""
    hidden = client_projects(reader)
    rows = list(TODO_TASK.rows(tasks, relations=True))
    return [{**blanked(row), **BLANK_COPIES} if hidden and row["project_id"] in hidden else row for row in rows]


class TodoViewSet(TaskRoutes):
    """`/data/persons/<id>/tasks` and `/data/user/tasks`, with their siblings."""

    access = {
        **dict.fromkeys(("of_person", "done_by_person", "related"), is_no_vendor_anywhere | is_themself),
        **dict.fromkeys(("own", "own_done"), is_human),
    }

    def of_others(self, person_id: UUID) -> tuple[Person, QuerySet[Any]]:
        """The person, and those open productions' tasks that the reader may see of them. Raises NotFound, Forbidden."""
        person, reader = human(person_id), self.request.user
        self.authorise(Scope(instance=person))
        tasks = Task.objects.visible_to(reader)
        return person, tasks.none() if reader.role == "client" else tasks

    def listed(self, tasks: QuerySet[Any]) -> Response:
        """The tasks with the names around them, and the episodes in which their assets are cast."""
        rows = todo_rows(tasks, self.request.user)
        return Response(list(with_episodes(rows, tasks)) if rows else rows)

    def of_person(self, request: Request, person_id: UUID) -> Response:
        """What a person has to do."""
        person, tasks = self.of_others(person_id)
        return self.listed(tasks.assigned(person.pk).exclude(task_status__is_done=True).order_by(*BY_NAMES))

    def done_by_person(self, request: Request, person_id: UUID) -> Response:
        """What a person has done, the last first."""
        person, tasks = self.of_others(person_id)
        return self.listed(tasks.assigned(person.pk).filter(task_status__is_done=True).order_by(*DONE))

    def related(self, request: Request, person_id: UUID, task_type_id: UUID) -> Any:
        """The tasks of one type on all entities on which a person works."""
        (person, tasks), task_type = self.of_others(person_id), found(TaskType, task_type_id)
        entities = Task.objects.order_by().visible_to(request.user).assigned(person.pk).values("entity_id")
        related = tasks.order_by().filter(task_type=task_type, entity_id__in=entities)
        return json_array(blanked_for(TASK.rows(related), client_projects(request.user)))

    def own_tasks(self) -> QuerySet[Any]:
        """The tasks of who asks, in open productions of theirs."""
        person = self.request.user
        return Task.objects.of_own_open_productions(person).assigned(person.pk)

    def own(self, request: Request) -> Response:
        """What one has to do."""
        return self.listed(self.own_tasks().exclude(task_status__is_done=True).order_by(*BY_NAMES))

    def own_done(self, request: Request) -> Response:
        """What one has done, the last first."""
        return self.listed(self.own_tasks().filter(task_status__is_done=True).order_by(*DONE))


class CheckViewSet(TaskRoutes):
    """`/data/user/tasks-to-check`."""

    access = {"list": is_human, "filter_values": is_human}

    def scope(self) -> QuerySet[Any]:
        """The tasks that await the person's check, by their own role."""
        person = self.request.user
        tasks = Task.objects.order_by().visible_to(person).filter(task_status__is_feedback_request=True)
        if person.role not in ("admin", "manager", "supervisor"):
            return tasks.none()
        departments = department_ids(person) if person.role == "supervisor" else set()
        return tasks.filter(task_type__department_id__in=departments) if departments else tasks

    def asked(self) -> QuerySet[Any]:
        """Those that the query string asks for. Raises WrongParameter."""
        params = self.request.query_params
        wanted = {
            **{name: id_parameter(params, name) for name in ("project_id", "task_type_id", "task_status_id")},
            "entity__parent__parent_id": id_parameter(params, "episode_id"),
            "due_date__gte": moment_parameter(params, "due_date_since"),
            "due_date__lte": moment_parameter(params, "due_date_until"),
        }
        tasks = self.scope().filter(**{path: value for path, value in wanted.items() if value is not None})
        return of_persons(tasks, params.get("person_id"))

    def list(self, request: Request) -> Response:
        """The tasks, all of them or a page with its sums."""
        params, tasks = request.query_params, self.asked()
        ordered = tasks.order_by(*ORDERS.get(params.get("order_by", ""), BY_NAMES))
        if not params.get("page"):
            return Response(todo_rows(ordered, request.user))
        page, limit = number_parameter(params, "page", 1), number_parameter(params, "limit", 100)
        start = (page - 1) * limit
        shown = TODO_TASK.query(ordered[start : start + limit + 1], relations=True)
        rows = list(TODO_TASK.shape(shown))
        stats = totals(tasks, client_projects(request.user))
        return Response({"data": rows[:limit], "stats": stats, "page": page, "limit": limit, "is_more": len(rows) > limit})

    def filter_values(self, request: Request) -> Response:
        """What there is to choose from among the tasks that await a check."""
        tasks = self.scope()
        people = Task.assignees.through.objects.filter(task_id__in=tasks.values("pk"))
        columns = ("project_id", "task_type_id", "task_status_id", "entity__parent__parent_id")
        rows = list(tasks.values_list(*columns).distinct())
        chosen = [sorted({row[place] for row in rows if row[place]}) for place in range(len(columns))]
        names = ("project_ids", "task_type_ids", "task_status_ids", "episode_ids")
        person_ids = sorted(people.values_list("person_id", flat=True).distinct())
        return Response({**dict(zip(names, chosen, strict=True)), "person_ids": person_ids})


class TaskDatesViewSet(TaskRoutes):
    """`/data/persons/task-dates`."""

    access = {"list": supervises_somewhere}

    def list(self, request: Request) -> Response:
        """From when to when people have tasks, and when they are busy in productions that the reader is not in."""
        person, project_id = request.user, self.production_asked()
        tasks = Task.objects.order_by().visible_to(person, open_only=project_id is None)
        if project_id is not None:
            tasks = tasks.filter(project_id=project_id)
        links = Task.assignees.through.objects.filter(task_id__in=tasks.values("pk"), person__active=True)
        spans = links.values("person_id").annotate(min_date=Min("task__start_date"), max_date=Max("task__due_date"))
        rows = list(spans.order_by("person_id"))
        others = {} if person.is_admin or project_id else busy_elsewhere(person, [row["person_id"] for row in rows])
        return Response([{**row, "busy_periods": others.get(row["person_id"], [])} for row in rows])

    def production_asked(self) -> UUID | None:
        """The production of the query string. Raises WrongParameter, Forbidden."""
        person, text = self.request.user, (self.request.query_params.get("project_id") or "").strip()
        if not text:
            return None
        if not is_uuid(text):
            raise WrongParameter("Invalid project_id.")
        in_production.insist(person, Scope(project_id=text))
        return UUID(text)


def busy_elsewhere(reader: Person, person_ids: list[Any]) -> dict[Any, list[Row]]:
    """When people have tasks in open productions that the reader is not in: their dates, merged where they overlap."""
    own = reader.team_links.order_by().values("project_id")
    links = Task.assignees.through.objects.filter(
        person_id__in=person_ids, task__project__project_status__name="Open", task__start_date__isnull=False
    )
    rows = links.exclude(task__project_id__in=own).exclude(task__due_date=None).order_by("task__start_date")
    periods: dict[Any, list[tuple[datetime, datetime]]] = {}
    spans: Any = rows.values_list("person_id", "task__start_date", "task__due_date")
    for person_id, start, end in spans:
        merged = periods.setdefault(person_id, [])
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return {pk: [{"start_date": str(start), "end_date": str(end)} for start, end in merged] for pk, merged in periods.items()}
