"""The sheets of the whole studio: people, productions, task types, tasks, time spents; each holds what its reader may see."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from assets.querysets import SHOT
from core.sql import CHUNK, AsText, Casefolded
from imports.exports.entities import assignees_of
from imports.exports.order import blanks_first, nulls_last
from people.models import Person
from production.models import Project, TaskType
from production.querysets import OPEN_NAMES
from tasks.models import Task, TimeSpent
from tasks.permissions import client_projects

Cells = list[Any]
PEOPLE = (
    *("First Name", "Last Name", "Email", "Phone", "Role", "Departments", "Studio", "Country", "Contract Type", "Position"),
    *("Seniority", "Daily Salary", "Active"),
)
TASKS = (
    *("Project", "Task Type", "Episode", "Sequence", "Entity Type", "Entity", "Assigner", "Assignees", "Duration", "Estimation"),
    *("Start date", "Due date", "WIP date", "Validation date", "Task Status"),
)
TIME_SPENTS = ("Project", "Person", "Entity Type Name", "Entity", "Task Type", "Date", "Time spent")


def local(moment: datetime, person: Person) -> datetime:
    """A moment in the person's time zone."""
    zone = ZoneInfo(person.timezone or settings.DEFAULT_TIMEZONE)
    return moment.replace(tzinfo=ZoneInfo("UTC")).astimezone(zone)


def today_of(person: Person) -> str:
    """The present day where the person is."""
    return f"{local(timezone.now(), person):%Y-%m-%d}"


def people() -> Iterator[Cells]:
    """Everybody but bots, guests and preview accounts, in the form that the import of people reads. Two statements."""
    members: dict[Any, list[str]] = {}
    links = Person.departments.through.objects.order_by("department__name")
    for person_id, name in links.values_list("person_id", "department__name"):
        members.setdefault(person_id, []).append(name)
    rows = Person.objects.filter(is_bot=False, is_guest=False, preview_project=None)
    own = ("first_name", "last_name", "email", "phone", "role")
    more = ("studio__name", "country", "contract_type", "position", "seniority", "daily_salary", "active")
    rows = rows.order_by(Casefolded("first_name"), Casefolded("last_name"), "created_at", "id")
    for pk, *cells in rows.values_list("pk", *own, *more).iterator(chunk_size=CHUNK):
        yield [*cells[: len(own)], ",".join(members.get(pk, ())), *cells[len(own) : -1], "yes" if cells[-1] else "no"]


def productions(reader: Person) -> Iterator[Cells]:
    """The reader's productions; all of them for studio managers."""
    rows = Project.objects.of_member(reader).order_by(*blanks_first("name"))
    return (list(cells) for cells in rows.values_list("name", "project_status__name").iterator(chunk_size=CHUNK))


def task_types() -> Iterator[Cells]:
    """The task types of departments."""
    rows = TaskType.objects.exclude(department=None).order_by(*blanks_first("department__name", "name"), "id")
    return (list(cells) for cells in rows.values_list("department__name", "name").iterator(chunk_size=CHUNK))


def day(moment: datetime | None) -> str:
    """The day of a moment."""
    return "" if moment is None else moment.isoformat()[:10]


def tasks(reader: Person) -> Iterator[Cells]:
    """The tasks of the reader's open productions; where they are a client, without plans and people. Four statements."""
    rows = Task.objects.order_by().visible_to(reader)
    place = ("task_type__name", "entity__parent__parent__name", "entity__parent__name", "entity__entity_type__name", "entity__name")
    assigner = ("assigner__first_name", "assigner__last_name")
    dates = ("start_date", "due_date", "real_start_date", "end_date")
    numbers = ("duration", "estimation")
    columns = (AsText("pk"), AsText("project_id"), "project__name", *place, *assigner, *numbers, *dates, "task_status__name")
    names = assignees_of(rows.values("pk"), ", ")
    as_client = client_projects(reader)
    order = nulls_last("project__name", "task_type__name", "name", *place[1:])
    for pk, project_id, project, *cells in rows.order_by(*order, "id").values_list(*columns).iterator(chunk_size=CHUNK):
        where, (first, last, duration, estimation, *moments, status) = cells[:5], cells[5:]
        plan = [f"{first or ''} {last or ''}".strip(), names.get(pk, ""), duration, estimation, *map(day, moments)]
        if project_id in as_client:
            plan = [""] * len(plan)
        yield [project, *where, *plan, status]


def time_spents(reader: Person) -> Iterator[Cells]:
    """The time spent on the reader's open productions; where they are a client, none. Two statements."""
    rows = TimeSpent.objects.order_by().visible_to(reader).filter(task__project__project_status__name__in=OPEN_NAMES)
    rows = rows.exclude(task__project_id__in=client_projects(reader))
    place = ("task__entity__parent__parent__name", "task__entity__parent__name", "task__entity__name")
    columns = (
        *("task__project__name", "person__first_name", "person__last_name", "task__entity__entity_type__name"),
        *(*place, "task__task_type__name", "date", "duration"),
    )
    order = blanks_first("person__last_name", "task__project__name", "task__entity__entity_type__name", "task__entity__name")
    for row in rows.order_by("date", *order, "id").values_list(*columns).iterator(chunk_size=CHUNK):
        project, first, last, kind, episode, sequence, name, task_type, spent_on, minutes = row
        entity = entity_name(episode, sequence, name) if kind == SHOT else name
        yield [project, f"{first or ''} {last or ''}".strip(), kind, entity, task_type, spent_on, minutes]


def entity_name(*parts: str | None) -> str:
    """An entity's name after those of what it lies in."""
    return " / ".join(part for part in parts if part)
