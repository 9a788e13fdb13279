"""The routes of production templates."""

from typing import Any
from uuid import UUID

from django.db.models import F
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.parsers import Body, loose_body, row_body, typed_body
from core.api.renderers import json_array
from core.api.views import ApiViewSet, ResourceViewSet
from core.errors import RowRefused
from core.sql import AsText
from people.permissions import is_admin, manages_somewhere
from production import readers
from production.api import bodies
from production.models import (
    Project,
    ProjectTemplateTaskStatusLink,
    ProjectTemplateTaskTypeLink,
    TaskStatus,
    TaskType,
)
from production.rules import templates as rules
from production.rules.formats import with_formats

WRITTEN_BY_ADMINS = dict.fromkeys(("create", "update", "destroy", "add", "remove", "reorder"), is_admin)
NEVER_SENT = {"id", "type", "created_at", "updated_at", *readers.TEMPLATE_LISTS}


class ProjectTemplateViewSet(ResourceViewSet):
    """`/data/project-templates`."""

    reader = readers.PROJECT_TEMPLATE
    access = {
        **WRITTEN_BY_ADMINS,
        "list": manages_somewhere,
        "retrieve": manages_somewhere,
        "set_columns": is_admin,
        "set_default_background": is_admin,
        "from_project": is_admin,
        "apply": is_admin,
    }

    def template(self, template_id: Any) -> Any:
        """The template of the path. Raises a refusal in the words of these routes."""
        return rules.find_template(template_id)

    def answer(self, template: Any, status: int = 200) -> Response:
        """The template without its lists."""
        return Response(self.reader.one(template.pk, relations=False), status=status)

    def checked(self, body: dict[str, Any], template: Any = None) -> Any:
        """The values and relations of a body, found right."""
        serializer = self.row_serializer(template, data=with_formats(body, template))
        serializer.is_valid(raise_exception=True)
        return serializer

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A template of the settings that can be taken over; what else is sent is left out."""
        sent = row_body(request)
        if not sent.get("name"):
            raise RowRefused("name is required")
        known = ("name", "description", "metadata_descriptors", *rules.SETTINGS)
        body = {name: sent[name] for name in known if name in sent}
        columns = body.pop("metadata_descriptors", None) or []
        values = {**self.checked(body).columns, "metadata_descriptors": columns}
        return self.answer(rules.create_template(values, by=request.user), status=201)

    def update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The given settings, and the list of backgrounds."""
        template = self.template(self.kwargs["pk"])
        left_out = NEVER_SENT - {"preview_background_files"}
        body = {name: value for name, value in row_body(request).items() if name not in left_out}
        columns = {"metadata_descriptors": body.pop("metadata_descriptors")} if "metadata_descriptors" in body else {}
        serializer = self.checked(body, template)
        values = {**serializer.columns, **columns}
        rules.update_template(template, values, relations=serializer.related, by=request.user)
        return self.answer(template)

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The template with its links."""
        rules.delete_template(self.template(self.kwargs["pk"]), by=request.user)
        return Response(status=204)

    def set_columns(self, request: Request, template_id: str) -> Response:
        """The metadata columns that the template gives: a list, or an object that holds it."""
        template = self.template(template_id)
        sent = loose_body(request)
        columns = sent.get("metadata_descriptors") if isinstance(sent, dict) else sent
        rules.update_template(template, {"metadata_descriptors": columns or []}, relations={}, by=request.user)
        return self.answer(template)

    def set_default_background(self, request: Request, template_id: str) -> Response:
        """One of the template's backgrounds, or none."""
        template = self.template(template_id)
        rules.set_default_background(template, row_body(request).get("default_preview_background_file_id"), by=request.user)
        return self.answer(template)

    def from_project(self, request: Request, project_id: UUID) -> Response:
        """A template of what a production is now."""
        project = Project.objects.filter(pk=project_id).first()
        if project is None:
            raise rules.TemplateMissing("Project not found")
        body = typed_body(request, bodies.NewTemplate)
        template = rules.template_from_project(project, name=body.name, description=body.description, by=request.user)
        return self.answer(template, status=201)

    def apply(self, request: Request, project_id: UUID, template_id: str) -> Response:
        """Gives a production what a template says."""
        project = Project.objects.filter(pk=project_id).first()
        if project is None:
            raise rules.TemplateMissing("Project not found")
        project = rules.apply_template(project, self.template(template_id), by=request.user)
        return Response(readers.PROJECT.one(project.pk, relations=False))


class TemplateLinkViewSet(ApiViewSet):
    """What a template is linked with: read, add one, take one away."""

    access = {**WRITTEN_BY_ADMINS, "list": manages_somewhere}
    relation = ""
    key = ""
    body: type[Body]
    shown: tuple[str, ...] = ("id", "name")

    def list(self, request: Request, template_id: str) -> Any:
        """The linked rows, shortly."""
        template = rules.find_template(template_id)
        linked = getattr(template, self.relation).order_by().values(*self.shown)
        return json_array(linked)

    def answer(self, row: Any) -> dict[str, Any]:
        """A row just linked, shortly."""
        return {name: getattr(row, name) for name in self.shown}

    def add(self, request: Request, template_id: str) -> Response:
        """One more."""
        template = rules.find_template(template_id)
        linked_id = getattr(typed_body(request, self.body), self.key)
        row = rules.add_to_template(template, self.relation, linked_id, by=request.user)
        return Response(self.answer(row), status=201)

    def remove(self, request: Request, template_id: str, linked_id: UUID) -> Response:
        """One less."""
        rules.remove_from_template(rules.find_template(template_id), self.relation, linked_id, by=request.user)
        return Response(status=204)


class TemplateAssetTypeViewSet(TemplateLinkViewSet):
    """`/data/project-templates/<id>/asset-types`."""

    relation, key, body = "asset_types", "asset_type_id", bodies.AssetTypeChoice


class TemplateBackgroundViewSet(TemplateLinkViewSet):
    """`/data/project-templates/<id>/preview-background-files`."""

    relation, key, body = "preview_background_files", "preview_background_file_id", bodies.BackgroundChoice
    shown = ("id", "name", "is_default")


class TemplateAutomationViewSet(TemplateLinkViewSet):
    """`/data/project-templates/<id>/status-automations`."""

    relation, key, body = "status_automations", "status_automation_id", bodies.AutomationChoice

    def list(self, request: Request, template_id: str) -> Any:
        """The linked automations."""
        template = rules.find_template(template_id)
        return json_array(readers.STATUS_AUTOMATION.rows(template.status_automations.order_by()))

    def answer(self, row: Any) -> dict[str, Any]:
        """The automation."""
        return readers.STATUS_AUTOMATION.one(row.pk)


class TemplateTaskTypeViewSet(TemplateLinkViewSet):
    """`/data/project-templates/<id>/task-types`."""

    relation = "task_types"

    def list(self, request: Request, template_id: str) -> Any:
        """The task types with the options that they have in the template, by rank."""
        template = rules.find_template(template_id)
        links = {
            link.pop("linked"): link for link in template.task_type_links.values(*rules.TYPE_OPTIONS, linked=AsText("task_type_id"))
        }
        rows = readers.TASK_TYPE.rows(TaskType.objects.order_by().filter(project_templates=template))
        return Response(sorted(({**row, **links[row["id"]]} for row in rows), key=rank))

    def add(self, request: Request, template_id: str) -> Response:
        """A task type with its options, or the given options of a linked one."""
        template = rules.find_template(template_id)
        sent = typed_body(request, bodies.TemplateTaskType).model_dump(exclude_unset=True)
        link = rules.set_task_type(template, sent.pop("task_type_id"), sent, by=request.user)
        return Response(readers.TEMPLATE_TASK_TYPE_LINK.one(link.pk), status=201)

    def reorder(self, request: Request, template_id: str) -> Response:
        """The ranks of the template's task types."""
        template = rules.find_template(template_id)
        ids = typed_body(request, bodies.TaskTypeOrder).task_type_ids
        ordered = rules.reorder_links(template, ProjectTemplateTaskTypeLink, "task_type_id", ids, by=request.user)
        return Response(readers.TEMPLATE_TASK_TYPE_LINK.some(ordered))


class TemplateTaskStatusViewSet(TemplateLinkViewSet):
    """`/data/project-templates/<id>/task-statuses`."""

    relation = "task_statuses"

    def list(self, request: Request, template_id: str) -> Any:
        """The task statuses with the options that they have in the template, by rank."""
        template = rules.find_template(template_id)
        links = {
            link.pop("linked"): link
            for link in template.task_status_links.values(
                "priority", "roles_for_board", linked=AsText("task_status_id"), link_is_client_allowed=F("is_client_allowed")
            )
        }
        rows = readers.TASK_STATUS.rows(TaskStatus.objects.order_by().filter(project_templates=template))
        return Response(sorted(({**row, **links[row["id"]]} for row in rows), key=rank))

    def add(self, request: Request, template_id: str) -> Response:
        """A task status with its options, or the given options of a linked one."""
        template = rules.find_template(template_id)
        sent = typed_body(request, bodies.TemplateTaskStatus).model_dump(exclude_unset=True)
        link = rules.set_task_status(template, sent.pop("task_status_id"), sent, by=request.user)
        return Response(readers.TEMPLATE_TASK_STATUS_LINK.one(link.pk), status=201)

    def reorder(self, request: Request, template_id: str) -> Response:
        """The ranks of the template's task statuses."""
        template = rules.find_template(template_id)
        ids = typed_body(request, bodies.TaskStatusOrder).task_status_ids
        ordered = rules.reorder_links(template, ProjectTemplateTaskStatusLink, "task_status_id", ids, by=request.user)
        return Response(readers.TEMPLATE_TASK_STATUS_LINK.some(ordered))


def rank(row: dict[str, Any]) -> tuple[int, str]:
    """Where a linked row stands."""
    return row["priority"] or 0, row["name"]
