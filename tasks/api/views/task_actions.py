"""Acts on tasks: creating many, assigning, priorities, deleting many."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q
from rest_framework.request import Request
from rest_framework.response import Response

from assets.models import Entity
from assets.querysets import ASSET, CONCEPT, EDIT, SHOT
from core.api.access import Scope
from core.api.converters import is_uuid
from core.api.parsers import id_list_body, typed_body
from core.errors import Forbidden, NotFound, Refusal, WrongParameter
from people.models import Person
from people.permissions import (
    in_production,
    is_admin,
    is_no_client,
    is_no_vendor,
    manages_production,
    may_open_entity,
    row_by_row,
)
from production.models import EntityType, Project, TaskType
from tasks.api.bodies import AssigneeBody, ClearBody, PriorityBody, TaskIdsBody, TaskTypesBody
from tasks.api.loading import TaskRoutes, found, id_parameter
from tasks.models import Task
from tasks.permissions import edits_task, may_assign, may_unassign
from tasks.readers import CREATED_TASK, TASK
from tasks.rules.assignation import assign, clear_assignees
from tasks.rules.bulk_creation import create_tasks, create_tasks_of_entity
from tasks.rules.tasks import NO_PREVIEW_ACCOUNT, delete_with_all, set_priority

NEEDED = ("project", "task_type", "entity__entity_type")


class NoAssignee(Refusal):
    """There is no such person to assign."""

    @property
    def payload(self) -> dict[str, Any]:
        """The words alone, under `error`."""
        return {"error": "Assignee doesn't exist in database."}


def known_tasks(task_ids: Iterable[str]) -> list[Task]:
    """The tasks of these ids, in their order; what leads nowhere is passed over."""
    ids = [task_id.lower() for task_id in task_ids if is_uuid(task_id)]
    tasks = {str(task.pk): task for task in Task.objects.select_related(*NEEDED).filter(pk__in=ids)}
    return [tasks[task_id] for task_id in dict.fromkeys(ids) if task_id in tasks]


def assignee(person_id: str) -> Person:
    """Who is to be assigned. Raises NoAssignee, WrongParameter."""
    person = Person.objects.filter(pk=person_id).first() if is_uuid(person_id) else None
    if person is None:
        raise NoAssignee("")
    if person.preview_project_id is not None:
        raise WrongParameter(NO_PREVIEW_ACCOUNT)
    return person


def takes_bots(task: Task) -> bool:
    """The task's production lets bots work."""
    return bool(task.project and task.project.is_bot_collaboration_enabled)


class TaskCreationViewSet(TaskRoutes):
    """`/actions/projects/<id>/task-types/<id>/…/create-tasks` and `POST /data/entities/<id>/tasks`."""

    access = {
        **dict.fromkeys(("for_shots", "for_assets", "for_edits", "for_type"), manages_production),
        "for_concepts": in_production & is_no_vendor & is_no_client,
        "for_entity": may_open_entity & is_no_vendor & is_no_client,
    }

    def created(self, tasks: list[Task]) -> Response:
        """The new tasks, with the names and colours around them."""
        rows = CREATED_TASK.some([task.pk for task in tasks]) if tasks else []
        return Response(rows, status=201)

    def many(self, project_id: UUID, task_type_id: UUID, entities: Any) -> Response:
        """Tasks for the entities that the body names, or for all that the query string leaves."""
        project, task_type = found(Project, project_id), found(TaskType, task_type_id)
        self.authorise(Scope(project_id=project.pk))
        ids = id_list_body(self.request, optional=True)
        entities = entities.select_related("entity_type").order_by("created_at", "id")
        if ids:
            chosen = list(entities.filter(pk__in=ids))
            if len(chosen) < len(set(ids)):
                raise NotFound()
            chosen = [entity for entity in chosen if entity.project_id == project.pk]
        else:
            chosen = list(self.narrowed(entities.filter(project=project)))
        return self.created(create_tasks(task_type, chosen, project_id=project.pk, by=self.request.user))

    def narrowed(self, entities: Any) -> Any:
        """The entities of the sequence or the episode that the query string names."""
        params = self.request.query_params
        for name, path in (("sequence_id", "parent_id"), ("parent_id", "parent_id"), ("source_id", "source_id")):
            if value := id_parameter(params, name):
                entities = entities.filter(**{path: value})
        if episode_id := id_parameter(params, "episode_id"):
            entities = entities.filter(Q(source_id=episode_id) | Q(parent_id=episode_id) | Q(parent__parent_id=episode_id))
        return entities

    def for_shots(self, request: Request, project_id: UUID, task_type_id: UUID) -> Response:
        """Tasks for shots."""
        return self.many(project_id, task_type_id, Entity.objects.of_kind(SHOT))

    def for_assets(self, request: Request, project_id: UUID, task_type_id: UUID) -> Response:
        """Tasks for assets."""
        return self.many(project_id, task_type_id, Entity.objects.of_kind(ASSET))

    def for_edits(self, request: Request, project_id: UUID, task_type_id: UUID) -> Response:
        """Tasks for edits."""
        return self.many(project_id, task_type_id, Entity.objects.of_kind(EDIT))

    def for_concepts(self, request: Request, project_id: UUID, task_type_id: UUID) -> Response:
        """Tasks for concepts."""
        return self.many(project_id, task_type_id, Entity.objects.of_kind(CONCEPT))

    def for_type(self, request: Request, project_id: UUID, task_type_id: UUID, entity_type: str) -> Response:
        """Tasks for the entities of one type, named in any letter case."""
        entity_types = EntityType.objects.filter(name=entity_type.capitalize())
        if "\0" in entity_type or not entity_types.exists():
            raise NotFound()
        return self.many(project_id, task_type_id, Entity.objects.filter(entity_type__in=entity_types))

    def for_entity(self, request: Request, entity_id: UUID) -> Response:
        """Tasks for one entity: of the task types that the body names, or of all that fit it."""
        entity = self.entity(entity_id)
        ids = typed_body(request, TaskTypesBody).task_type_ids
        for task_type_id in ids:
            found(TaskType, task_type_id)
        return self.created(create_tasks_of_entity(entity, ids, by=request.user))


class AssignationViewSet(TaskRoutes):
    """`/actions/tasks/<id>/assign`, `/actions/persons/<id>/assign`, `/actions/tasks/clear-assignation`."""

    access = {"assign_task": in_production, "assign_person": row_by_row, "clear": row_by_row}

    def assign_task(self, request: Request, task_id: UUID) -> Response:
        """Assigns somebody to a task."""
        body = typed_body(request, AssigneeBody)
        task = self.task(task_id)
        person = assignee(body.person_id)
        if not self.lets(task, person):
            raise Forbidden()
        assign([task.pk], person, by=request.user)
        return Response(TASK.one(task.pk))

    def lets(self, task: Task, person: Person) -> bool:
        """The person asking may assign that person to the task."""
        return (not person.is_bot or takes_bots(task)) and may_assign(self.request.user, task, person)

    def assign_person(self, request: Request, person_id: str) -> Response:
        """Assigns a person to tasks; those that it may not be, or that are not there, are passed over."""
        body = typed_body(request, TaskIdsBody)
        person = assignee(person_id)
        tasks = [task for task in known_tasks(body.task_ids) if self.lets(task, person)]
        assign([task.pk for task in tasks], person, by=request.user)
        return Response(TASK.some([task.pk for task in tasks]))

    def clear(self, request: Request) -> Response:
        """Takes everybody, or one person, off tasks; those that it may not be, or that are not there, are passed over."""
        body = typed_body(request, ClearBody)
        tasks = [task for task in known_tasks(body.task_ids) if may_unassign(request.user, task, body.person_id)]
        if body.person_id is not None and not is_uuid(body.person_id):
            return Response([str(task.pk) for task in tasks])
        clear_assignees([task.pk for task in tasks], person_id=body.person_id, by=request.user)
        return Response([str(task.pk) for task in tasks])


class TaskPriorityViewSet(TaskRoutes):
    """`/actions/tasks/set-priority`."""

    access = {"prioritise": row_by_row}

    def prioritise(self, request: Request) -> Response:
        """Gives tasks another priority; those that it may not be, or that are not there, are passed over."""
        body = typed_body(request, PriorityBody)
        planned = {"priority": body.priority}
        tasks = [
            task
            for task in known_tasks(body.task_ids)
            if edits_task(request.user, Scope(project_id=task.project_id, instance=task, body=planned))
        ]
        set_priority([task.pk for task in tasks], priority=body.priority, by=request.user)
        return Response(TASK.some([task.pk for task in tasks], relations=False))


class TaskDeletionViewSet(TaskRoutes):
    """`/actions/projects/<id>/task-types/<id>/delete-tasks` and `/actions/projects/<id>/delete-tasks`."""

    access = {"of_type": is_admin, "named": manages_production}

    def of_type(self, request: Request, project_id: UUID, task_type_id: UUID) -> Response:
        """Deletes all tasks of a type in a production, with all that hangs on them."""
        project, task_type = found(Project, project_id), found(TaskType, task_type_id)
        delete_with_all(Task.objects.filter(project=project, task_type=task_type), by=request.user)
        return Response(status=204)

    def named(self, request: Request, project_id: UUID) -> Response:
        """Deletes the named tasks of a production, with all that hangs on them."""
        project = self.project(project_id)
        ids = id_list_body(request)
        delete_with_all(Task.objects.filter(project=project, pk__in=ids), by=request.user)
        return Response(ids)
