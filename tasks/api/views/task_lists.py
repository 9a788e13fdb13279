"""Lists of tasks: of a production, of an entity, of an episode's shots, and the task types that they have."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from assets.boards.reading import as_array, primed
from assets.boards.validator import Standing, standing_in
from assets.models import Entity
from assets.querysets import ASSET, CONCEPT, EDIT, EPISODE, SCENE, SEQUENCE, SHOT
from assets.rules.announcing import kind_of
from core.api.access import Scope
from core.api.pagination import ListOptions, number
from core.api.renderers import json_array
from core.api.values import is_true
from core.errors import NotFound
from core.projection import CHUNK
from core.sql import streamed
from people.permissions import in_production, is_human, is_no_client, is_no_vendor, may_open_entity, role_in
from production.models import TaskType
from production.readers import TASK_TYPE
from tasks.api.loading import TaskRoutes, found, id_parameter
from tasks.models import Task
from tasks.permissions import client_projects
from tasks.readers import DETAILED_TASK, TASK, blanked_for, task_text

PAGE = 100


class ProjectTaskViewSet(TaskRoutes):
    """`/data/projects/<id>/tasks`."""

    access = {"of_project": in_production}

    def of_project(self, request: Request, project_id: UUID) -> Any:
        """All tasks of a production, the last changed first; nothing for whoever has them already."""
        standing = standing_in(request.user, str(project_id))
        if not standing.exists:
            raise NotFound()
        self.authorise(Scope(project_id=project_id))
        role = role_in(request.user, project_id) or ""
        headers = self.validators(standing, role)
        if headers["ETag"] in request.headers.get("If-None-Match", ""):
            return HttpResponse(status=304, headers=headers)
        tasks = self.asked(project_id, role).order_by("-updated_at", "-created_at", "id")
        page = number(request.query_params, "page", 0)
        if page > 0:
            return Response(self.page(tasks, page), headers=headers)
        texts = tasks.annotate(_row=task_text(blank=role == "client")).values_list("_row", flat=True)
        pieces = as_array(primed(streamed(texts, CHUNK))[0])
        return StreamingHttpResponse(pieces, content_type="application/json", headers=headers)

    def validators(self, standing: Standing, role: str) -> dict[str, str]:
        """The headers that let a client ask again for what changed alone."""
        asked = sorted((name, self.request.query_params[name]) for name in self.request.query_params)
        return {"ETag": f'"{standing.tag(self.request.user, role, "tasks", asked)}"', "Cache-Control": "private, no-cache"}

    def asked(self, project_id: UUID, role: str) -> QuerySet[Any]:
        """The tasks that the query string asks for; for a vendor their own."""
        params = self.request.query_params
        tasks = Task.objects.filter(project_id=project_id)
        if role == "vendor":
            tasks = tasks.assigned(self.request.user.pk)
        if task_type_id := id_parameter(params, "task_type_id"):
            tasks = tasks.filter(task_type_id=task_type_id)
        if episode_id := id_parameter(params, "episode_id"):
            tasks = tasks.of_episode(episode_id)
        return tasks

    def page(self, tasks: QuerySet[Any], page: int) -> dict[str, Any]:
        """One page of them."""
        options = ListOptions(page, PAGE, True, None)
        rows = TASK.shape(TASK.query(options.slice(tasks), relations=True))
        return options.envelope(list(blanked_for(rows, client_projects(self.request.user))), tasks.order_by().count())


class EntityTaskViewSet(TaskRoutes):
    """`/data/shots/<id>/tasks` and the like: tasks of an entity, of what it holds, and their types."""

    access = {
        **dict.fromkeys(("of_asset", "of_shot", "of_sequence", "of_episode", "of_scene", "of_edit"), may_open_entity),
        **dict.fromkeys(("types_of_asset", "types_of_shot", "types_of_sequence"), may_open_entity),
        **dict.fromkeys(("types_of_episode", "types_of_scene", "types_of_edit"), may_open_entity),
        **dict.fromkeys(("of_concept", "types_of_concept"), may_open_entity & is_no_client),
        **dict.fromkeys(
            ("shots_of_sequence", "shots_of_episode", "assets_of_episode", "edits_of_episode"), may_open_entity & is_no_vendor
        ),
        "of_type": may_open_entity,
    }

    def detailed(self, tasks: QuerySet[Any]) -> Any:
        """The tasks with the names around them, ordered by those names."""
        relations = is_true(self.request.query_params.get("relations"))
        rows = sorted(DETAILED_TASK.rows(tasks.order_by(), relations=relations), key=by_names)
        return json_array(blanked_for(rows, client_projects(self.request.user)))

    def types(self, **of: Any) -> Any:
        """The types of the tasks, each once."""
        used = Task.objects.order_by().filter(**of).values("task_type_id")
        return json_array(TASK_TYPE.rows(TaskType.objects.order_by("priority", "name", "id").filter(pk__in=used)))

    def own(self, entity_id: UUID, kind: str) -> Any:
        """The tasks of an entity itself."""
        return self.detailed(Task.objects.filter(entity=self.entity(entity_id, kind)))

    def of_asset(self, request: Request, asset_id: UUID) -> Any:
        """An asset's tasks."""
        return self.own(asset_id, ASSET)

    def of_shot(self, request: Request, shot_id: UUID) -> Any:
        """A shot's tasks."""
        return self.own(shot_id, SHOT)

    def of_sequence(self, request: Request, sequence_id: UUID) -> Any:
        """A sequence's own tasks."""
        return self.own(sequence_id, SEQUENCE)

    def of_episode(self, request: Request, episode_id: UUID) -> Any:
        """An episode's own tasks."""
        return self.own(episode_id, EPISODE)

    def of_scene(self, request: Request, scene_id: UUID) -> Any:
        """A scene's tasks."""
        return self.own(scene_id, SCENE)

    def of_edit(self, request: Request, edit_id: UUID) -> Any:
        """An edit's tasks."""
        return self.own(edit_id, EDIT)

    def of_concept(self, request: Request, concept_id: UUID) -> Any:
        """A concept's tasks."""
        return self.own(concept_id, CONCEPT)

    def types_of_asset(self, request: Request, asset_id: UUID) -> Any:
        """The types of an asset's tasks."""
        return self.types(entity=self.entity(asset_id, ASSET))

    def types_of_shot(self, request: Request, shot_id: UUID) -> Any:
        """The types of a shot's tasks."""
        return self.types(entity=self.entity(shot_id, SHOT))

    def types_of_scene(self, request: Request, scene_id: UUID) -> Any:
        """The types of a scene's tasks."""
        return self.types(entity=self.entity(scene_id, SCENE))

    def types_of_edit(self, request: Request, edit_id: UUID) -> Any:
        """The types of an edit's tasks."""
        return self.types(entity=self.entity(edit_id, EDIT))

    def types_of_concept(self, request: Request, concept_id: UUID) -> Any:
        """The types of a concept's tasks."""
        return self.types(entity=self.entity(concept_id, CONCEPT))

    def types_of_sequence(self, request: Request, sequence_id: UUID) -> Any:
        """The types of the tasks of a sequence's shots and scenes."""
        return self.types(entity__parent=self.entity(sequence_id, SEQUENCE))

    def types_of_episode(self, request: Request, episode_id: UUID) -> Any:
        """The types of the tasks of an episode's shots."""
        return self.types(entity__parent__parent=self.entity(episode_id, EPISODE))

    def shots_of_sequence(self, request: Request, sequence_id: UUID) -> Any:
        """The tasks of a sequence's shots and scenes."""
        return self.detailed(Task.objects.filter(entity__parent=self.entity(sequence_id, SEQUENCE)))

    def shots_of_episode(self, request: Request, episode_id: UUID) -> Any:
        """The tasks of an episode's shots."""
        return self.detailed(Task.objects.filter(entity__parent__parent=self.entity(episode_id, EPISODE)))

    def assets_of_episode(self, request: Request, episode_id: UUID) -> Any:
        """The tasks of the assets whose main episode it is."""
        assets = Entity.objects.order_by().of_kind(ASSET).filter(source=self.entity(episode_id, EPISODE))
        return self.detailed(Task.objects.filter(entity__in=assets.values("pk")))

    def edits_of_episode(self, request: Request, episode_id: UUID) -> Any:
        """The tasks of an episode's edits."""
        edits = Entity.objects.order_by().of_kind(EDIT).filter(parent=self.entity(episode_id, EPISODE))
        return self.detailed(Task.objects.filter(entity__in=edits.values("pk")))

    def of_type(self, request: Request, entity_id: UUID, task_type_id: UUID) -> Any:
        """The tasks of one type on an entity, by name."""
        entity, task_type = self.entity(entity_id), found(TaskType, task_type_id)
        rows = TASK.rows(Task.objects.filter(entity=entity, task_type=task_type).order_by("name", "id"))
        return json_array(blanked_for(rows, client_projects(request.user)))


def by_names(row: dict[str, Any]) -> tuple[str, ...]:
    """Where a task stands among others: by its name and those around it, letter case aside."""
    names = ("name", "project_name", "task_type_name", "entity_type_name", "entity_name")
    return (*((row[name] or "").casefold() for name in names), row["id"])


class OwnEntityTaskViewSet(TaskRoutes):
    """`/data/user/shots/<id>/tasks` and the like: what an entity asks of the person themself."""

    access = dict.fromkeys(
        (f"{what}_of_{kind}" for what in ("tasks", "types") for kind in ("asset", "shot", "scene", "sequence")), is_human
    )

    def own(self, entity_id: UUID, kind: str) -> QuerySet[Any]:
        """The person's tasks on the entity, in open productions that they see. Raises NotFound."""
        entity = found(Entity, entity_id, "entity_type")
        if kind_of(entity) != kind:
            raise NotFound()
        person = self.request.user
        return Task.objects.order_by().visible_to(person).assigned(person.pk).filter(entity=entity)

    def tasks(self, entity_id: UUID, kind: str) -> Any:
        """Those tasks."""
        return json_array(blanked_for(TASK.rows(self.own(entity_id, kind)), client_projects(self.request.user)))

    def types(self, entity_id: UUID, kind: str) -> Any:
        """The types of those tasks."""
        used = self.own(entity_id, kind).values("task_type_id")
        return json_array(TASK_TYPE.rows(TaskType.objects.order_by("priority", "name", "id").filter(pk__in=used)))

    def tasks_of_asset(self, request: Request, asset_id: UUID) -> Any:
        """The person's tasks on an asset."""
        return self.tasks(asset_id, ASSET)

    def tasks_of_shot(self, request: Request, shot_id: UUID) -> Any:
        """The person's tasks on a shot."""
        return self.tasks(shot_id, SHOT)

    def tasks_of_scene(self, request: Request, scene_id: UUID) -> Any:
        """The person's tasks on a scene."""
        return self.tasks(scene_id, SCENE)

    def tasks_of_sequence(self, request: Request, sequence_id: UUID) -> Any:
        """The person's tasks on a sequence."""
        return self.tasks(sequence_id, SEQUENCE)

    def types_of_asset(self, request: Request, asset_id: UUID) -> Any:
        """Their types, on an asset."""
        return self.types(asset_id, ASSET)

    def types_of_shot(self, request: Request, shot_id: UUID) -> Any:
        """Their types, on a shot."""
        return self.types(shot_id, SHOT)

    def types_of_scene(self, request: Request, scene_id: UUID) -> Any:
        """Their types, on a scene."""
        return self.types(scene_id, SCENE)

    def types_of_sequence(self, request: Request, sequence_id: UUID) -> Any:
        """Their types, on a sequence."""
        return self.types(sequence_id, SEQUENCE)
