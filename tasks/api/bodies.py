"""Bodies of known fields that the routes of this room take."""

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import orjson
from pydantic import BeforeValidator, Field

from core.api.parsers import Body

TaskIds = Annotated[list[str], Field(min_length=1)]
MOMENTS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S")


def listed(value: Any) -> Any:
    """A list, also as JSON text; null and an empty text are an empty list."""
    if value is None or value == "":
        return []
    return orjson.loads(value) if isinstance(value, str) else value


def texts(value: Any) -> Any:
    """A list whose numbers are read as their texts."""
    value = listed(value)
    if not isinstance(value, list):
        return value
    return [str(item) if isinstance(item, int | float) and not isinstance(item, bool) else item for item in value]


Checklist = Annotated[list[dict[str, Any]], BeforeValidator(listed)]
Links = Annotated[list[str], BeforeValidator(texts)]


class CommentBody(Body):
    """A comment that gives its task a status."""

    task_status_id: str
    comment: str = ""
    checklist: Checklist = []
    links: Links = []
    person_id: str = ""
    created_at: str = ""
    for_client: bool = False


class BatchedComment(Body):
    """One comment of a batch; `task_id` where the route names no task."""

    task_id: str = ""
    task_status_id: str
    text: str
    checklist: Checklist = []
    links: Links = []
    person_id: str | None = ""
    created_at: str | None = ""
    for_client: bool = False


class Batch(Body):
    """Several comments, one after the other."""

    comments: Annotated[list[BatchedComment], BeforeValidator(listed)]


class ManyComment(Body):
    """One comment of many; entries without task, status or text are passed over."""

    object_id: UUID | None = None
    task_status_id: UUID | None = None
    comment: str | None = None
    links: Links = []

    @property
    def is_whole(self) -> bool:
        """The entry names all three; a text without words changes the status alone."""
        return bool(self.object_id and self.task_status_id) and self.comment is not None


class CopyBody(Body):
    """The tasks whose newest client comment is repeated for the team."""

    task_ids: Annotated[list[UUID], Field(min_length=1)]
    prefix: str = ""


class ReplyBody(Body):
    """A reply."""

    text: str


class MoveBody(Body):
    """Where a comment moves."""

    target_task_id: str


class AssigneeBody(Body):
    """Who is assigned."""

    person_id: Annotated[str, Field(min_length=1)]


class TaskIdsBody(Body):
    """The tasks that an act is about."""

    task_ids: TaskIds


class ClearBody(TaskIdsBody):
    """The tasks to clear of their assignees, or of one person."""

    person_id: str | None = None


class PriorityBody(TaskIdsBody):
    """The priority that tasks get."""

    priority: Annotated[int, Field(ge=0, le=2**31 - 1)]


class TaskTypesBody(Body):
    """The task types that an entity gets tasks of; none means all that fit."""

    task_type_ids: list[str] = []


class MinutesBody(Body):
    """Minutes spent."""

    duration: Annotated[float, Field(gt=0, allow_inf_nan=False)]


class ReadBody(Body):
    """Whether a notification was read."""

    read: bool


def moment_of(text: str | None) -> datetime | None:
    """The moment of a text in one of the two forms that are taken; None for anything else."""
    for form in MOMENTS:
        try:
            return datetime.strptime(text or "", form).replace(tzinfo=UTC).replace(tzinfo=None)
        except ValueError:
            continue
    return None


class PlanSource(Body):
    """The version of the schedule whose plans are copied."""

    production_schedule_version_id: Annotated[str, Field(min_length=1)]
