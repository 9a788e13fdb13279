"""Listings of time spents: of a person, of oneself, of an entity, of a production, and tables for timesheets."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import ExtractDay, ExtractMonth, ExtractWeek, ExtractYear
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.access import Scope
from core.api.converters import is_uuid
from core.api.renderers import json_array
from core.errors import Forbidden, WrongParameter
from core.projection import Row
from core.sql import AsText, values_of
from people.models import Person
from people.permissions import (
    any_person,
    department_ids,
    in_production,
    is_admin,
    is_human,
    is_no_client,
    is_themself,
    manages_production,
    may_open_entity,
    role_in,
    supervises_somewhere,
    team_project_ids,
)
from production.models import Project, TaskType
from tasks.api.loading import TaskRoutes, day, day_range, found, human, id_parameter
from tasks.models import Task, TimeSpent
from tasks.readers import OWN_TIME_SPENT, TIME_SPENT

BAD_MONTH = "Invalid month or year."
BAD_DATE = "Invalid date format."
FOREIGN_DEPARTMENT = "Supervisor not allowed to access this department"
PERIOD = {
    "task_type_id": F("task__task_type_id"),
    "project_id": F("task__project_id"),
    "project_name": F("task__project__name"),
    "entity_name": F("task__entity__name"),
    "entity_type_name": F("task__entity__entity_type__name"),
    "sequence_name": F("task__entity__parent__name"),
    "episode_name": F("task__entity__parent__parent__name"),
}
Days = tuple[date, date]


def number_of(text: str, words: str) -> int:
    """A year, month, week or day of a path. Raises WrongParameter."""
    if not text.isascii() or not text.isdigit() or len(text) > 4:
        raise WrongParameter(words)
    return int(text)


def year_of(year: str, words: str = BAD_DATE) -> Days:
    """The days of a year."""
    try:
        number = number_of(year, words)
        return date(number, 1, 1), date(number, 12, 31)
    except ValueError:
        raise WrongParameter(words) from None


def month_of(year: str, month: str, words: str = BAD_DATE) -> Days:
    """The days of a month."""
    try:
        first = date(number_of(year, words), number_of(month, words), 1)
    except ValueError:
        raise WrongParameter(words) from None
    return first, first.replace(day=monthrange(first.year, first.month)[1])


def week_of(year: str, week: str) -> Days:
    """The days of an ISO week."""
    try:
        monday = date.fromisocalendar(number_of(year, BAD_MONTH), number_of(week, BAD_MONTH), 1)
        return monday, monday + timedelta(days=6)
    except (ValueError, OverflowError):
        raise WrongParameter(BAD_MONTH) from None


def day_of(year: str, month: str, number: str) -> Days:
    """One day."""
    try:
        found_day = date(*(number_of(text, BAD_MONTH) for text in (year, month, number)))
    except ValueError:
        raise WrongParameter(BAD_MONTH) from None
    return found_day, found_day


def supervised(person: Person, spent: QuerySet[Any]) -> QuerySet[Any]:
    """The time that a manager or supervisor may see: of their productions, a supervisor's departments alone. Raises Forbidden."""
    if person.is_admin:
        return spent
    if person.role not in ("manager", "supervisor"):
        raise Forbidden()
    spent = spent.filter(task__project_id__in=team_project_ids(person))
    departments = department_ids(person) if person.role == "supervisor" else set()
    return spent.filter(task__task_type__department_id__in=departments) if departments else spent


class PersonTimeViewSet(TaskRoutes):
    """`/data/persons/<id>/time-spents/…`."""

    access = {
        **dict.fromkeys(("listed", "of_day", "in_year", "in_month", "in_week", "on_day"), supervises_somewhere | is_themself),
        "of_month": is_admin | is_themself,
    }

    def spent_by(self, person_id: str) -> QuerySet[Any]:
        """What this reader may see of the person's time. Raises NotFound, Forbidden."""
        person = human(person_id)
        self.authorise(Scope(instance=person))
        spent = TimeSpent.objects.order_by("date", "id").filter(person=person)
        return spent if person.pk == self.request.user.pk else supervised(self.request.user, spent)

    def listed(self, request: Request, person_id: UUID) -> Any:
        """A range of days; without one, nothing."""
        spent, days = self.spent_by(person_id), day_range(request.query_params)
        return Response([]) if days is None else json_array(OWN_TIME_SPENT.rows(spent.between(*days)))

    def of_day(self, request: Request, person_id: UUID, date: str) -> Any:
        """One day."""
        spent = self.spent_by(person_id)
        return json_array(TIME_SPENT.rows(spent.filter(date=day(date, WrongParameter(BAD_MONTH)))))

    def of_month(self, request: Request, person_id: UUID, year: str, month: str) -> Any:
        """A month, entry by entry: for the person and studio managers."""
        person = human(person_id)
        self.authorise(Scope(instance=person))
        days = month_of(year, month, BAD_MONTH)
        return json_array(TIME_SPENT.rows(TimeSpent.objects.order_by("date", "id").filter(person=person).between(*days)))

    def summed(self, person_id: UUID, days: Days) -> Response:
        """The minutes of a period by task, of one production where one is asked for."""
        spent = self.spent_by(person_id).between(*days).exclude(task=None)
        if project_id := id_parameter(self.request.query_params, "project_id"):
            is_own = str(person_id) == str(self.request.user.pk)
            if not is_own and role_in(self.request.user, project_id) is None:
                raise Forbidden()
            spent = spent.filter(task__project_id=project_id)
        named = {f"_{name}": path for name, path in PERIOD.items()}
        rows = spent.order_by("task_id").values("task_id", **named).annotate(minutes=Sum("duration"))
        shown = [{"task_id": r["task_id"], **{name: r[f"_{name}"] for name in PERIOD}, "duration": r["minutes"]} for r in rows]
        return Response(shown)

    def in_year(self, request: Request, person_id: UUID, year: str) -> Response:
        """A year by task."""
        return self.summed(person_id, year_of(year))

    def in_month(self, request: Request, person_id: UUID, year: str, month: str) -> Response:
        """A month by task."""
        return self.summed(person_id, month_of(year, month))

    def in_week(self, request: Request, person_id: UUID, year: str, week: str) -> Response:
        """An ISO week by task."""
        return self.summed(person_id, week_of(year, week))

    def on_day(self, request: Request, person_id: UUID, year: str, month: str, day: str) -> Response:
        """A day by task."""
        return self.summed(person_id, day_of(year, month, day))


class TimeTableViewSet(TaskRoutes):
    """`/data/persons/time-spents/…-table`."""

    access = dict.fromkeys(("by_year", "by_month", "by_week", "by_day"), any_person)

    def table(self, unit: Any, days: Days | None = None) -> Response:
        """Minutes by unit of time and person, summed by the database."""
        spent = self.visible(TimeSpent.objects.order_by().exclude(person=None))
        if days is not None:
            spent = spent.between(*days)
        answer: dict[str, dict[str, float]] = {}
        sums = spent.values(unit=unit, who=AsText("person_id")).annotate(minutes=Sum("duration")).order_by("unit")
        for number, who, minutes in values_of(sums)[1]:
            answer.setdefault(str(number), {})[who] = minutes
        return Response(answer)

    def visible(self, spent: QuerySet[Any]) -> QuerySet[Any]:
        """The time that this reader may see, narrowed as the query string asks. Raises Forbidden, WrongParameter."""
        person, params = self.request.user, self.request.query_params
        project_id, department_id = id_parameter(params, "project_id"), id_parameter(params, "department_id")
        if person.role in ("admin", "manager", "supervisor"):
            if project_id and role_in(person, project_id) is None:
                raise Forbidden()
            own = department_ids(person) if person.role == "supervisor" and department_id else set()
            if own and department_id not in own:
                raise WrongParameter(FOREIGN_DEPARTMENT)
            spent = supervised(person, spent)
        else:
            spent = spent.filter(person=person)
        asked = {
            "task__project_id": project_id,
            "task__task_type__department_id": department_id,
            "person__studio_id": id_parameter(params, "studio_id"),
        }
        return spent.filter(**{path: value for path, value in asked.items() if value})

    def by_year(self, request: Request) -> Response:
        """Years."""
        return self.table(ExtractYear("date"))

    def by_month(self, request: Request, year: str) -> Response:
        """The months of a year."""
        return self.table(ExtractMonth("date"), year_of(year))

    def by_week(self, request: Request, year: str) -> Response:
        """The ISO weeks of a year."""
        return self.table(ExtractWeek("date"), year_of(year))

    def by_day(self, request: Request, year: str, month: str) -> Response:
        """The days of a month."""
        return self.table(ExtractDay("date"), month_of(year, month, BAD_MONTH))


class OwnTimeViewSet(TaskRoutes):
    """`/data/user/time-spents` and `/data/user/tasks/<id>/time-spents/<date>`."""

    access = {"listed": is_human, "of_day": is_human, "of_task": is_human}

    def own(self) -> QuerySet[Any]:
        """The person's time."""
        return TimeSpent.objects.order_by("date", "id").filter(person=self.request.user)

    def listed(self, request: Request) -> Any:
        """A range of days; without one, nothing."""
        days = day_range(request.query_params)
        return Response([]) if days is None else json_array(OWN_TIME_SPENT.rows(self.own().between(*days)))

    def of_day(self, request: Request, date: str) -> Any:
        """One day."""
        return json_array(TIME_SPENT.rows(self.own().filter(date=day(date, WrongParameter("Wrong date format.")))))

    def of_task(self, request: Request, task_id: UUID, date: str) -> Response:
        """The person's minutes on a task on one day, or null."""
        found(Task, task_id)
        spent = self.own().filter(task_id=task_id, date=day(date, WrongParameter("Wrong date format.")))
        return Response(next(TIME_SPENT.rows(spent), None))


class ProductionTimeViewSet(TaskRoutes):
    """Time spents of entities and productions."""

    access = {
        "of_entity": may_open_entity,
        "of_project": in_production & is_no_client,
        "of_task_type": manages_production,
        "of_departments": is_admin,
    }

    def of_entity(self, request: Request, entity_id: UUID) -> Any:
        """The time spent on an entity, the last days first; clients see none."""
        entity = self.entity(entity_id)
        spent = TimeSpent.objects.filter(task__entity=entity).order_by("-date", "-created_at", "id")
        if role_in(request.user, entity.project_id) == "client":
            spent = spent.none()
        return json_array(TIME_SPENT.rows(spent))

    def of_project(self, request: Request, project_id: UUID) -> Any:
        """The time spent on a production; to a vendor, on tasks of theirs. Studio managers find none in an unknown one."""
        if request.user.is_admin:
            self.authorise(Scope(project_id=project_id))
        else:
            self.project(project_id)
        spent = TimeSpent.objects.order_by().filter(task__project_id=project_id).visible_to(request.user)
        return json_array(TIME_SPENT.rows(spent))

    def of_task_type(self, request: Request, project_id: UUID, task_type_id: str) -> Response:
        """The time spent on one type of task in a production, by person, the last days first."""
        project = self.project(project_id)
        if not is_uuid(task_type_id):
            raise WrongParameter("Wrong UUID format.")
        task_type = found(TaskType, task_type_id)
        spent = TimeSpent.objects.filter(task__project=project, task__task_type=task_type)
        start, end = (request.query_params.get(name) for name in ("start_date", "end_date"))
        refusal = WrongParameter(f"Wrong date format for {start} and/or {end}")
        after, before = (day(text, refusal) if text else None for text in (start, end))
        spent = spent.filter(Q(date__gte=after) if after else Q(), Q(date__lte=before) if before else Q())
        answer: dict[str, list[Row]] = {}
        for row in TIME_SPENT.rows(spent.order_by("-date", "id")):
            answer.setdefault(row["person_id"], []).append(row)
        return Response(answer)

    def of_departments(self, request: Request, project_id: UUID) -> Response:
        """The minutes spent on a production by department, person and month, summed by the database."""
        project = found(Project, project_id)
        spent = TimeSpent.objects.order_by().filter(task__project=project).exclude(task__task_type__department=None)
        months = {"year": ExtractYear("date"), "month": ExtractMonth("date")}
        rows = spent.values(department=F("task__task_type__department_id"), who=F("person_id"), **months)
        answer: dict[str, dict[str, Any]] = {}
        for row in rows.annotate(minutes=Sum("duration")).order_by("department", "who", "year", "month"):
            department = answer.setdefault(str(row["department"]), {"total": 0})
            person = department.setdefault(str(row["who"]), {"total": 0})
            person[f"{row['year']}-{row['month']:02d}"] = row["minutes"]
            person["total"] += row["minutes"]
            department["total"] += row["minutes"]
        return Response(answer)
