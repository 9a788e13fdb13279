"""What clients see of tasks, time spents, comments, news, notifications and subscriptions."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Expression, F

from assets.boards.rows import BLANKS
from core.api.converters import is_uuid
from core.jsontext import RawText, column_text, constant, object_text
from core.projection import Projection, Row
from core.sql import AsText, PreparedForMany, related_ids
from people.models import Person
from tasks.models import Comment, News, Notification, ProductionScheduleVersionTaskLink, Subscription, Task, TimeSpent

TASK = Projection(Task, relations=["assignees"])
TIME_SPENT = Projection(TimeSpent)
COMMENT = Projection(Comment, relations=["previews", "mentions", "department_mentions", "acknowledgements", "attachment_files"])
NEWS = Projection(News)
NOTIFICATION = Projection(Notification)
SUBSCRIPTION = Projection(Subscription)
SCHEDULE_LINK = Projection(ProductionScheduleVersionTaskLink, relations=["assignees"])


def type_and_status(*names: str, prefix: str = "task_") -> dict[str, F]:
    """What tasks show of their type and status, by names such as `status_color`, in that order."""
    return {prefix + name: F("task_" + name.replace("_", "__", 1)) for name in names}


# A task beside the names of what it belongs to.
DETAILED_TASK = Projection(
    Task,
    relations=["assignees"],
    computed={
        "project_name": F("project__name"),
        **type_and_status("type_name", "status_name"),
        "entity_type_name": F("entity__entity_type__name"),
        "entity_name": F("entity__name"),
    },
)
CREATED_TASK = Projection(
    Task,
    relations=["assignees"],
    computed=type_and_status("status_name", "status_short_name", "status_color", "type_name", "type_color", "type_priority"),
)
OWN_TIME_SPENT = Projection(
    TimeSpent, computed={"project_id": AsText("task__project_id"), "task_type_id": AsText("task__task_type_id")}
)


def blanked(row: Row) -> Row:
    """The row of a task as a client sees it: the same keys, without plans and people."""
    return {**row, **{name: value for name, value in BLANKS.items() if name in row}}


def blanked_for(rows: Iterable[Row], client_projects: set[str]) -> Iterator[Row]:
    """Rows of tasks, blanked where they belong to productions in which the reader is a client."""
    return (blanked(row) if client_projects and row.get("project_id") in client_projects else row for row in rows)


def task_text(*, blank: bool) -> Expression:
    """A task with its assignees as one JSON text, written by the database: for lists of tens of thousands."""
    fields: dict[str, Expression] = {name: column_text(Task, name) for name in TASK.columns}
    fields["assignees"] = RawText(related_ids(Task, "assignees"))
    if blank:
        fields |= {name: constant(value) for name, value in BLANKS.items()}
    return object_text({**fields, "type": constant("Task")})


PERSON_NAMES = ("id", "first_name", "last_name", "has_avatar", "role")


SHORT_PERSONS = PreparedForMany(lambda pks: Person.objects.order_by().filter(pk__in=pks).values(*PERSON_NAMES))


def short_persons(person_ids: Iterable[Any]) -> dict[str, Row]:
    """People in their short form, by id, in one statement."""
    wanted = {text for pk in person_ids if is_uuid(text := str(pk))}
    names, rows = SHORT_PERSONS.fetch(wanted) if wanted else ([], [])
    found = (dict(zip(names, values, strict=True)) for values in rows)
    return {str(row["id"]): {**row, "full_name": f"{row['first_name']} {row['last_name']}".strip()} for row in found}
