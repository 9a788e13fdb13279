"""Open tasks over productions: a page with its sums, sums by production, and the burn-down."""

from collections import Counter
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import TruncDate
from rest_framework.request import Request
from rest_framework.response import Response

from assets.querysets import CONCEPT
from core.api.converters import is_uuid
from core.errors import Forbidden, WrongParameter
from core.projection import Row
from people.permissions import role_in, within_own_productions
from production.models import Project
from tasks.api.loading import TaskRoutes, id_parameter, moment_parameter, number_parameter
from tasks.listings import BY_NAMES, OPEN_TASK, totals
from tasks.models import Task
from tasks.permissions import client_projects
from tasks.querysets import TaskQuerySet, assigned_to
from tasks.readers import blanked_for


def of_persons(tasks: QuerySet[Any], text: str | None) -> QuerySet[Any]:
    """Tasks of nobody (`unassigned`), or of any of the people whose ids stand between commas. Raises WrongParameter."""
    if not text:
        return tasks
    if text == "unassigned":
        return tasks.filter(assignees=None)
    ids = [part.strip() for part in text.split(",") if part.strip()]
    if not all(is_uuid(part) for part in ids):
        raise WrongParameter("Wrong UUID format.")
    wanted = Q()
    for person_id in ids:
        wanted |= Q(assigned_to(UUID(person_id)))
    return tasks.filter(wanted)


def of_assignees(tasks: TaskQuerySet, **where: Any) -> TaskQuerySet:
    """Tasks with an assignee of whom that holds."""
    links = Task.assignees.through.objects.filter(**where)
    return tasks.filter(pk__in=links.values("task_id"))


class OpenTaskViewSet(TaskRoutes):
    """`/data/tasks/open-tasks`."""

    access = dict.fromkeys(("list", "stats", "burndown"), within_own_productions)

    def asked(self) -> QuerySet[Any]:
        """The tasks that the query string asks for, of those that this reader may see. Raises WrongParameter, Forbidden."""
        params, person = self.request.query_params, self.request.user
        ids = {
            name: id_parameter(params, name)
            for name in ("task_type_id", "project_id", "task_status_id", "studio_id", "department_id")
        }
        tasks = Task.objects.order_by().visible_to(person, open_only=ids["project_id"] is None)
        if ids["project_id"] and role_in(person, ids["project_id"]) is None:
            raise Forbidden()
        if ids["task_type_id"] is None:
            tasks = tasks.exclude(task_type__for_entity=CONCEPT)
        wanted = {
            **{name: ids[name] for name in ("task_type_id", "project_id", "task_status_id")},
            "start_date__gte": moment_parameter(params, "start_date"),
            "due_date__lte": moment_parameter(params, "due_date"),
        }
        tasks = tasks.filter(**{path: value for path, value in wanted.items() if value is not None})
        if params.get("priority"):
            tasks = tasks.filter(task_type__priority=number_parameter(params, "priority", 0, smallest=-(2**31)))
        if ids["studio_id"]:
            tasks = of_assignees(tasks, person__studio_id=ids["studio_id"])
        if ids["department_id"]:
            tasks = of_assignees(tasks, person__departments=ids["department_id"])
        return of_persons(tasks, params.get("person_id"))

    def list(self, request: Request) -> Response:
        """A page of open tasks, with sums over all pages."""
        tasks, hidden = self.asked(), client_projects(request.user)
        page = number_parameter(request.query_params, "page", 1)
        limit = number_parameter(request.query_params, "limit", 100)
        start = (page - 1) * limit
        found = OPEN_TASK.query(tasks.order_by(*BY_NAMES)[start : start + limit + 1], relations=True)
        rows = list(blanked_for(OPEN_TASK.shape(found), hidden))
        stats = {**totals(tasks, hidden), "status": by_status(tasks)} if rows else NOTHING
        return Response({"data": rows[:limit], "stats": stats, "limit": limit, "is_more": len(rows) > limit, "page": page})

    def stats(self, request: Request) -> Response:
        """Sums by production, and there by task type and status; without minutes where the reader is a client."""
        tasks, hidden = (
            Task.objects.order_by().visible_to(request.user).exclude(task_type__for_entity=CONCEPT),
            client_projects(request.user),
        )
        answer: dict[str, Row] = {}
        for row in sums(tasks):
            project_id = str(row["project_id"])
            if project_id in hidden:
                row = {**row, "total_duration": 0, "total_estimation": 0}
            project = answer.setdefault(project_id, {**dict.fromkeys(SUMS, 0), "task_types": []})
            project["task_types"].append(row)
            for name in SUMS:
                project[name] += row[name]
        return Response(answer)

    def burndown(self, request: Request) -> Response:
        """How the open tasks were done day by day, from the first planned day to the last."""
        return Response(burndown(self.asked(), client_projects(request.user)))


SUMS = ("amount", "amount_done", "total_duration", "total_estimation")
NOTHING: Row = {"total": 0, "total_duration": 0, "total_estimation": 0, "status": []}


def by_status(tasks: QuerySet[Any]) -> list[Row]:
    """How many tasks have each status."""
    return list(tasks.order_by("task_status_id").values("task_status_id").annotate(amount=Count("pk", distinct=True)))


def sums(tasks: QuerySet[Any]) -> list[Row]:
    """Tasks and minutes by production, task type and status."""
    rows = tasks.values("project_id", "task_type_id", "task_status_id").order_by("project_id", "task_type_id", "task_status_id")
    rows = rows.annotate(
        amount=Count("pk"),
        amount_done=Count("pk", filter=Q(task_status__is_done=True)),
        total_duration=Sum("duration", default=0.0),
        total_estimation=Sum("estimation", default=0.0),
    )
    return list(rows)


def burndown(tasks: QuerySet[Any], hidden: set[str]) -> Row:
    """The totals, the days from which to which, and what was done each day."""
    shown = ~Q(project_id__in=hidden) if hidden else None
    whole = tasks.aggregate(
        total=Count("pk"),
        estimation=Sum("estimation", filter=shown),
        start=Min("start_date", filter=shown),
        end=Max("due_date", filter=shown),
    )
    days = tasks.exclude(done_date=None).values(day=TruncDate("done_date")).order_by("day")
    done = list(days.annotate(done=Count("pk"), estimation=Sum("estimation", filter=shown)))
    start, end = frame(tasks, whole["start"], whole["end"], [row["day"] for row in done])
    counts: Counter[date] = Counter()
    minutes: Counter[date] = Counter()
    for row in done:
        day = max(row["day"], start) if whole["start"] and start else row["day"]
        counts[day] += row["done"]
        minutes[day] += row["estimation"] or 0
    return {
        "total": whole["total"],
        "total_estimation": whole["estimation"] or 0,
        "start_date": start,
        "end_date": end,
        "done_by_day": [{"date": day, "done": counts[day], "done_estimation": minutes[day]} for day in sorted(counts)],
    }


def frame(tasks: QuerySet[Any], start: Any, end: Any, done: list[date]) -> tuple[date | None, date | None]:
    """The first and the last day: as planned by the tasks, else by their productions, widened by the days of what was done."""
    planned = Project.objects.filter(pk__in=tasks.values("project_id")).aggregate(start=Min("start_date"), end=Max("end_date"))
    first = start.date() if start else planned["start"]
    last = end.date() if end else planned["end"]
    if first and last and first > last:
        first, last = last, first
    if done:
        first = first if first else done[0]
        last = max(last, done[-1]) if last else done[-1]
    return first, last
