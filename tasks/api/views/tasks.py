"""The generic routes of tasks, and a task with all that belongs to it."""

from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef
from rest_framework.request import Request
from rest_framework.response import Response

from assets.models import Entity
from assets.querysets import EPISODE, SCENE, SEQUENCE, SHOT
from assets.readers import ENTITIES, UNTYPED
from core.api.access import Scope
from core.api.converters import is_uuid
from core.api.filters import UuidFilter, filterset_for
from core.api.values import is_true
from core.api.views import ResourceViewSet
from core.errors import NotFound, WrongParameter
from core.instances import PreparedInstance
from core.json import loads
from core.jsontext import nested_row
from core.projection import Projection, Row
from core.sql import Prepared
from people.permissions import manages_production, may_open_entity, role_in, within_own_productions
from people.readers import PERSON
from production.readers import ENTITY_TYPE, PROJECT, TASK_STATUS, TASK_TYPE
from tasks.api.loading import TaskRoutes, refuse_foreign_preview
from tasks.models import Subscription, Task
from tasks.permissions import client_projects, edits_task
from tasks.querysets import seen_by
from tasks.readers import TASK, blanked, blanked_for
from tasks.rules.tasks import create_task, delete_task, delete_with_all, update_task

HELD = (SHOT, SCENE, SEQUENCE)


@cache
def task_statement(scope: tuple[tuple[str, Any], ...]) -> PreparedInstance:
    """The statement that finds a task with its type and the ids of its scope."""
    return PreparedInstance(Task, "task_type", further=lambda: dict(scope))


class EpisodeFilter(UuidFilter):
    """Tasks of the shots of an episode."""

    def filter(self, qs: Any, value: str) -> Any:
        """Narrows the queryset. Raises WrongParameter for what is no id."""
        value = self.parent.data[self.parent_name]
        if not is_uuid(value):
            raise WrongParameter(f"Invalid UUID format for episode_id: {value}")
        return qs.of_episode(value)


class TaskViewSet(ResourceViewSet):
    """`/data/tasks`."""

    reader = TASK
    access = {
        "list": within_own_productions,
        "retrieve": may_open_entity,
        "create": manages_production,
        "update": edits_task,
        "destroy": manages_production,
    }
    production = "project_id"
    entity = "entity_id"
    filterset_class = filterset_for(TASK, episode_id=EpisodeFilter())

    def visible(self, queryset: Any) -> Any:
        """All for studio managers, else those of the person's open productions; a vendor's own only."""
        person = self.request.user
        return queryset if person.is_admin else queryset.filter(seen_by(person, open_only=person.role != "vendor"))

    def present(self, rows: Any) -> Any:
        """Blanked where the reader is a client."""
        return blanked_for(rows, client_projects(self.request.user))

    def supplied_columns(self) -> tuple[str, ...]:
        """A task without a name is the main one."""
        return ("name",)

    def new_scope(self, body: dict[str, Any]) -> Scope:
        """The production of the entity, which the task's own must be. Raises WrongParameter, NotFound."""
        for name in ("task_type_id", "entity_id"):
            if not is_uuid(body.get(name)):
                raise WrongParameter(f"A valid {name} is required.")
        if not isinstance(body.get("assignees", []), list):
            raise WrongParameter("assignees must be a list.")
        self.target = Entity.objects.select_related("entity_type").filter(pk=body["entity_id"]).first()
        if self.target is None:
            raise NotFound()
        project_id = body.get("project_id")
        if project_id is not None and str(project_id).lower() != str(self.target.project_id):
            raise WrongParameter("The task and its entity must be in the same production.")
        return Scope(project_id=self.target.project_id, entity_id=self.target.pk, body=body)

    def check_values(self, values: dict[str, Any], instance: Any = None) -> None:
        """A task's last preview is one of its own. Raises RowRefused."""
        refuse_foreign_preview(values.get("last_preview_file_id"), instance and instance.pk)

    def perform_create(self, serializer: Any) -> Task:
        """Stores the task of the entity."""
        values = {**serializer.columns, "project_id": self.target.project_id, "name": serializer.columns.get("name") or "main"}
        return create_task(values, assignees=serializer.related.get("assignees", ()), entity=self.target, by=self.request.user)

    def get_object(self) -> Any:
        """The task, with its type for the checks about departments."""
        task = task_statement(tuple(self.scope_paths().items())).fetch(self.row_id())
        if task is None:
            raise NotFound()
        return task

    def perform_update(self, serializer: Any) -> Task:
        """Changes the task, and who works on it."""
        assignees = serializer.related.get("assignees")
        return update_task(serializer.instance.pk, serializer.columns, assignees=assignees, by=self.request.user)

    def perform_destroy(self, instance: Task) -> None:
        """Deletes the task; with `force` all that hangs on it as well."""
        if is_true(self.request.query_params.get("force")):
            delete_with_all([instance], by=self.request.user)
        else:
            delete_task(instance, by=self.request.user)


FULL_TASK = Projection(
    Task,
    relations=["assignees"],
    embedded={
        "entity": nested_row(UNTYPED, "entity"),
        "entity_type": nested_row(ENTITY_TYPE, "entity__entity_type"),
        "project": nested_row(PROJECT, "project"),
        "task_status": nested_row(TASK_STATUS, "task_status"),
        "task_type": nested_row(TASK_TYPE, "task_type"),
        "sequence": nested_row(ENTITIES[SEQUENCE], "entity__parent"),
        "episode": nested_row(ENTITIES[EPISODE], "entity__parent__parent"),
        "own_episode": nested_row(ENTITIES[EPISODE], "entity__parent"),
    },
)


def full_query(task_id: Any, person_id: Any) -> Any:
    """The task with all around it, and whether the person follows it."""
    followed = Exists(Subscription.objects.filter(task_id=OuterRef("pk"), person_id=person_id))
    extra: dict[str, Any] = {"_is_subscribed": followed, "_kind": F("entity__entity_type__name")}
    return FULL_TASK.query(Task.objects.order_by().filter(pk=task_id), relations=True, **extra)


FULL_STATEMENT = Prepared(full_query)


class FullTaskViewSet(TaskRoutes):
    """`/data/tasks/<id>/full`."""

    access = {"full": may_open_entity}

    def full(self, request: Request, task_id: UUID) -> Response:
        """A task with its entity, production, type, status, people, and the sequence and episode that hold it."""
        row, kind = self.row(task_id)
        as_client = role_in(request.user, row["project_id"]) == "client"
        assignees = [] if as_client else loads(row["assignees"])
        people = {p["id"]: p for p in PERSON.some({*assignees, row["assigner_id"]} - {None})}
        row["persons"] = [{k: v for k, v in people[pk].items() if k != "departments"} for pk in assignees if pk in people]
        if row["assigner_id"] in people and not as_client:
            row["assigner"] = people[row["assigner_id"]]
        return Response(blanked(held(row, kind)) if as_client else held(row, kind))

    def row(self, task_id: UUID) -> tuple[Row, str | None]:
        """The task's row and the name of its entity's type. Raises NotFound, Forbidden."""
        row = next(FULL_TASK.shape_values(*FULL_STATEMENT.fetch(task_id, self.request.user.pk)), None)
        if row is None:
            raise NotFound()
        self.authorise(Scope(project_id=row["project_id"], entity_id=row["entity_id"], instance=row))
        return row, row.pop("kind")


def held(row: Row, kind: str | None) -> Row:
    """The row with the sequence and the episode of a shot, a scene or a sequence, and without those keys for anything else."""
    sequence, episode, own_episode = (row.pop(name) for name in ("sequence", "episode", "own_episode"))
    if kind == SEQUENCE:
        sequence, episode = row["entity"], own_episode
    if kind in HELD and sequence is not None:
        row["sequence"] = sequence
        if episode is not None:
            row["episode"] = episode
    return row
