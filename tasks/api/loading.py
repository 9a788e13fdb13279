"""Finding what a path names: rows by their ids, and the values of query strings."""

from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Subquery

from assets.models import Entity
from assets.querysets import SEQUENCE
from assets.rules.announcing import kind_of
from core.api.access import Check, Scope
from core.api.converters import is_uuid
from core.api.values import as_datetime
from core.api.views import ApiViewSet
from core.errors import REFERENCED, Forbidden, NotFound, Refusal, RowRefused, WrongParameter
from core.instances import PreparedInstance
from people.models import Person
from production.models import Project, ProjectPersonLink
from tasks.models import Task
from tasks.querysets import assigned_to

DATE_WORDS = "Wrong date format for before argument.Expected format: 2020-01-05T13:23:10 or 2020-01-05"
RANGE_WORDS = "If querying for a range of dates, both a `start_date` and an `end_date` must be given."


def found(model: type[models.Model], pk: Any, *related: str) -> Any:
    """The row of that id with its related rows. Raises NotFound, also for what is no id."""
    if not isinstance(pk, UUID) and not is_uuid(str(pk)):
        raise NotFound()
    row = instance_by_id(model, related).fetch(pk)
    if row is None:
        raise NotFound()
    return row


@cache
def instance_by_id(model: type[models.Model], related: tuple[str, ...]) -> PreparedInstance:
    """The statement that finds a row with its related rows."""
    return PreparedInstance(model, *related)


class TaskRoutes(ApiViewSet):
    """Routes about a task, an entity or a production, which they find and ask their check about."""

    def task(self, task_id: Any, check: Check | None = None, **body: Any) -> Task:
        """The task, once the check let this person near it. Raises NotFound, Forbidden."""
        task = known_task(task_id, self.request.user)
        self.authorise(Scope(project_id=task.project_id, entity_id=task.entity_id, instance=task, body=body), check)
        return task

    def entity(self, entity_id: Any, kind: str | None = None) -> Entity:
        """The entity, of that kind where one is named. Raises NotFound, Forbidden."""
        entity = found(Entity, entity_id, "entity_type")
        if kind is not None and kind != kind_of(entity):
            raise NotFound()
        self.authorise(Scope(project_id=entity.project_id, entity_id=entity.pk, instance=entity))
        return entity

    def project(self, project_id: Any) -> Project:
        """The production. Raises NotFound, Forbidden."""
        project = found(Project, project_id)
        self.authorise(Scope(project_id=project.pk))
        return project


def standing(person_id: Any) -> dict[str, Any]:
    """How a person stands to a task."""
    links = ProjectPersonLink.objects.order_by().filter(project_id=OuterRef("project_id"), person_id=person_id)
    return {"own": assigned_to(person_id), "member": Exists(links), "team_role": Subquery(links.values("role")[:1])}


KNOWN_TASK = PreparedInstance(Task, "project", "task_type", "entity__entity_type", further=standing, ids=1)


def known_task(task_id: Any, person: Person) -> Task:
    """The task, with how the person stands to it, so that checks need not ask again: one statement. Raises NotFound."""
    if not is_uuid(str(task_id)):
        raise NotFound()
    task: Any = KNOWN_TASK.fetch(task_id, person.pk)
    if task is None:
        raise NotFound()
    person.__dict__.setdefault("_assigned", {})[task.pk] = task.own
    if not person.is_admin:
        roles = person.__dict__.setdefault("_roles", {})
        roles[task.project_id] = (task.team_role or person.role) if task.member else None
    return task


def human(person_id: Any) -> Person:
    """The person. Raises NotFound; Forbidden for a bot."""
    person: Person = found(Person, person_id)
    if person.is_bot:
        raise Forbidden()
    return person


def sequence(entity_id: Any) -> Entity:
    """The sequence. Raises NotFound."""
    entity: Entity = found(Entity, entity_id, "entity_type")
    if entity.entity_type.name != SEQUENCE:
        raise NotFound()
    return entity


def id_parameter(params: Any, name: str, words: str = "Wrong UUID format.") -> UUID | None:
    """An id of the query string, or None. Raises WrongParameter."""
    text = params.get(name)
    if not text:
        return None
    if not is_uuid(text):
        raise WrongParameter(words.format(name=name, value=text))
    return UUID(text)


def moment_parameter(params: Any, name: str, words: str = DATE_WORDS) -> datetime | None:
    """A moment of the query string, or None. Raises WrongParameter."""
    text = params.get(name)
    return None if not text else as_datetime(text, WrongParameter(words))


def number_parameter(params: Any, name: str, default: int, *, smallest: int = 1) -> int:
    """A whole number of the query string, at least `smallest`. Raises WrongParameter when it is none."""
    text = params.get(name)
    if text in (None, ""):
        return default
    try:
        return max(smallest, min(int(text), 2**31 - 1))
    except ValueError:
        raise WrongParameter(f"Wrong value for parameter {name}.") from None


def day(text: str, refusal: Refusal) -> date:
    """A day of the form YYYY-MM-DD. Raises the refusal."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise refusal from None


def day_range(params: Any) -> tuple[date, date] | None:
    """`start_date` and `end_date` of the query string, or None without both. Raises WrongParameter for one alone."""
    start, end = params.get("start_date"), params.get("end_date")
    if not start and not end:
        return None
    if not start or not end:
        raise WrongParameter(RANGE_WORDS)
    refusal = WrongParameter(f"Wrong date format for {start} and/or {end}")
    return day(start, refusal), day(end, refusal)


def refuse_foreign_preview(preview_id: Any, task_id: Any) -> None:
    """A preview named beside a task is one of the task's. Raises RowRefused."""
    previews = apps.get_model("files", "PreviewFile")._default_manager
    if preview_id is not None and not previews.filter(pk=preview_id, task_id=task_id).exists():
        raise RowRefused(REFERENCED)
