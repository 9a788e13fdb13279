"""The routes of what a production works with, and of the links that say it."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from core.api.access import Scope
from core.api.converters import is_uuid
from core.api.parsers import Body, loose_body, row_body, typed_body
from core.api.renderers import json_array
from core.api.values import as_integer
from core.errors import NotFound, WrongParameter
from core.sql import AsText
from people.permissions import in_production, manages_production
from production import readers
from production.api import bodies
from production.api.views.base import ProductionViewSet
from production.api.views.configuration import id_list_of
from production.models import Project, ProjectTaskStatusLink, ProjectTaskTypeLink, ProjectTaskTypeSoftwareLink, TaskType
from production.permissions import supervises_its_task_type
from production.rules import settings as rules

ROLES = {"user", "admin", "supervisor", "manager", "client", "vendor"}


class LinkedViewSet(ProductionViewSet):
    """What a production is linked with: read, add one, take one away."""

    access = {"linked": in_production, "add": manages_production, "remove": manages_production}
    relation = ""
    key = ""
    body: type[Body]
    reader: Any = None

    def linked(self, request: Request, project_id: UUID) -> Any:
        """The linked rows themselves."""
        self.enter(project_id)
        return json_array(self.reader.rows(self.reader.model._default_manager.order_by().filter(projects=project_id)))

    def add(self, request: Request, project_id: UUID) -> Response:
        """One more."""
        project = self.project(project_id)
        body = typed_body(request, self.body)
        rules.add_to_project(project, self.relation, getattr(body, self.key), by=request.user)
        return Response(readers.PROJECT.one(project.pk, relations=False), status=201)

    def remove(self, request: Request, project_id: UUID, linked_id: UUID) -> Response:
        """One less."""
        rules.remove_from_project(self.project(project_id), self.relation, linked_id, by=request.user)
        return Response(status=204)


class LinkedAssetTypeViewSet(LinkedViewSet):
    """`/data/projects/<id>/settings/asset-types`."""

    relation, key, body = "asset_types", "asset_type_id", bodies.AssetTypeChoice


class LinkedTaskStatusViewSet(LinkedViewSet):
    """`/data/projects/<id>/settings/task-status`."""

    access = {**LinkedViewSet.access, "allow_clients": manages_production}
    relation, key, body = "task_statuses", "task_status_id", bodies.TaskStatusChoice
    reader = readers.TASK_STATUS

    def allow_clients(self, request: Request, project_id: UUID, linked_id: UUID) -> Response:
        """Whether clients may set the status here."""
        project = self.project(project_id)
        allowed = typed_body(request, bodies.ClientPermission).is_client_allowed
        link = rules.allow_clients(project, linked_id, allowed=allowed, by=request.user)
        return Response(readers.PROJECT_TASK_STATUS_LINK.one(link.pk))


class LinkedAutomationViewSet(LinkedViewSet):
    """`/data/projects/<id>/settings/status-automations`."""

    access = {**LinkedViewSet.access, "linked": manages_production}
    relation, key, body = "status_automations", "status_automation_id", bodies.AutomationChoice
    reader = readers.STATUS_AUTOMATION


class LinkedBackgroundViewSet(LinkedViewSet):
    """`/data/projects/<id>/settings/preview-background-files`."""

    relation, key, body = "preview_background_files", "preview_background_file_id", bodies.BackgroundChoice
    reader = readers.PREVIEW_BACKGROUND_FILE


class LinkedTaskTypeViewSet(LinkedViewSet):
    """`/data/projects/<id>/task-types` and `…/settings/task-types`."""

    access = {**LinkedViewSet.access, "set_many": manages_production}
    relation, reader = "task_types", readers.TASK_TYPE

    def add(self, request: Request, project_id: UUID) -> Response:
        """A task type with its options, or the options of a linked one."""
        project = self.project(project_id)
        body = typed_body(request, bodies.TaskTypeChoice)
        options = body.model_dump(exclude_unset=True, exclude={"task_type_id"})
        rules.add_task_type(project, body.task_type_id, options, by=request.user)
        return Response(readers.PROJECT.one(project.pk, relations=False), status=201)

    def set_many(self, request: Request, project_id: UUID) -> Response:
        """Task types, statuses and asset types at once."""
        project = self.project(project_id)
        rules.set_many(project, **typed_body(request, bodies.SettingsBatch).model_dump(), by=request.user)
        return Response(readers.PROJECT.one(project.pk, relations=False))


class LinkOptionsViewSet(ProductionViewSet):
    """`/data/task-type-links`, `/data/task-status-links` and the orders of a production's links."""

    access = dict.fromkeys(("rank_type", "rank_status", "reorder_types", "reorder_statuses"), manages_production)

    def linked_body(self, key: str, sentence: str) -> tuple[Any, dict[str, Any]]:
        """The production and the fields that a link was sent with. Raises WrongParameter."""
        sent = loose_body(self.request)
        if not isinstance(sent, dict):
            raise WrongParameter("A JSON object is expected.")
        for name in ("project_id", key):
            if sent.get(name) is None:
                raise WrongParameter(f"Missing required parameter: {name}")
        if not is_uuid(sent["project_id"]):
            raise NotFound()
        project = self.project(sent["project_id"])
        if not is_uuid(sent[key]):
            raise WrongParameter(sentence)
        rank = sent.get("priority", 1)
        rank = None if rank is None else as_integer(rank, WrongParameter("Wrong value for parameter priority."))
        return project, {**sent, "priority": rank}

    def rank_type(self, request: Request) -> Response:
        """A task type's rank in a production."""
        project, sent = self.linked_body("task_type_id", rules.BAD_TASK_TYPE)
        link = rules.rank_task_type(project, sent["task_type_id"], priority=sent["priority"], by=request.user)
        return Response(readers.PROJECT_TASK_TYPE_LINK.one(link.pk), status=201)

    def rank_status(self, request: Request) -> Response:
        """A task status' rank in a production, and the roles that see it on boards."""
        project, sent = self.linked_body("task_status_id", rules.BAD_TASK_STATUS)
        roles = sent.get("roles_for_board") or []
        roles = [roles] if isinstance(roles, str) else roles
        if not isinstance(roles, list) or not all(isinstance(role, str) and role in ROLES for role in roles):
            raise WrongParameter("Wrong value for parameter roles_for_board.")
        link = rules.rank_task_status(project, sent["task_status_id"], priority=sent["priority"], roles=roles, by=request.user)
        return Response(readers.PROJECT_TASK_STATUS_LINK.one(link.pk), status=201)

    def reorder_types(self, request: Request, project_id: UUID) -> Response:
        """The ranks of a production's task types."""
        project = self.project(project_id)
        ids = id_list_of(row_body(request), "task_type_ids")
        ordered = rules.reorder_links(project, ProjectTaskTypeLink, "task_type_id", ids, by=request.user)
        return Response(readers.PROJECT_TASK_TYPE_LINK.some(ordered))

    def reorder_statuses(self, request: Request, project_id: UUID) -> Response:
        """The ranks of a production's task statuses."""
        project = self.project(project_id)
        ids = id_list_of(row_body(request), "task_status_ids")
        ordered = rules.reorder_links(project, ProjectTaskStatusLink, "task_status_id", ids, by=request.user)
        return Response(readers.PROJECT_TASK_STATUS_LINK.some(ordered))


class TaskTypeSoftwareViewSet(ProductionViewSet):
    """The softwares that a production's task types use."""

    access = {"list": in_production, "add": supervises_its_task_type, "remove": supervises_its_task_type}

    def list(self, request: Request, project_id: UUID) -> Any:
        """All of the production, by task type and software."""
        self.enter(project_id, known=False)
        links = ProjectTaskTypeSoftwareLink.objects.filter(project_id=project_id).order_by("task_type_id", "software_id")
        columns = [AsText(name) for name in ("project_id", "task_type_id", "software_id")]
        return json_array(shown_link(*row) for row in links.values_list(*columns))

    def supervised(self, project_id: UUID, task_type_id: str) -> Project:
        """The production, once the caller supervises the task type there. Raises NotFound, Forbidden."""
        project = Project.objects.filter(pk=project_id).first()
        if project is None:
            raise NotFound()
        task_type = TaskType.objects.filter(pk=task_type_id).first() if is_uuid(task_type_id) else None
        link = ProjectTaskTypeSoftwareLink(project=project, task_type=task_type)
        self.authorise(Scope(project_id=project_id, instance=link))
        return project

    def add(self, request: Request, project_id: UUID, task_type_id: str) -> Response:
        """One more."""
        project = self.supervised(project_id, task_type_id)
        software_id = typed_body(request, bodies.SoftwareChoice).software_id
        rules.add_software(project, task_type_id, software_id, by=request.user)
        return Response(shown_link(str(project_id), task_type_id.lower(), software_id.lower()), status=201)

    def remove(self, request: Request, project_id: UUID, task_type_id: str, software_id: str) -> Response:
        """One less."""
        project = self.supervised(project_id, task_type_id)
        rules.remove_software(project, task_type_id, software_id, by=request.user)
        return Response(status=204)


def shown_link(project_id: str, task_type_id: str, software_id: str) -> dict[str, str]:
    """A software of a task type, as clients see it."""
    return {"project_id": project_id, "task_type_id": task_type_id, "software_id": software_id}
