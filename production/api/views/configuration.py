"""The routes of the studio's configuration."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from core.api.parsers import row_body
from core.api.serializers import RowSerializer
from core.api.values import is_true
from core.api.views import ResourceViewSet
from core.errors import BAD_FORMAT, RowRefused, WrongParameter
from people.permissions import any_person, is_admin, is_no_vendor_anywhere
from production import readers
from production.rules import configuration as rules
from production.rules.settings import reorder_task_types

READ_BY_ALL = {"list": any_person, "retrieve": any_person, "create": is_admin, "update": is_admin, "destroy": is_admin}
LISTED_BUT_FOR_VENDORS = {**dict.fromkeys(READ_BY_ALL, is_admin), "list": is_no_vendor_anywhere}


class ProjectStatusViewSet(ResourceViewSet):
    """`/data/project-status`."""

    reader = readers.PROJECT_STATUS
    access = READ_BY_ALL


class TaskTypeViewSet(ResourceViewSet):
    """`/data/task-types`."""

    reader = readers.TASK_TYPE
    access = {**READ_BY_ALL, "reorder": is_admin}

    def perform_create(self, serializer: RowSerializer) -> Any:
        """Under a free name."""
        return rules.create_task_type(serializer.columns, by=self.request.user)

    def perform_update(self, serializer: RowSerializer) -> Any:
        """Under a free name."""
        return rules.update_task_type(serializer.instance, serializer.columns, by=self.request.user)

    def perform_destroy(self, instance: Any) -> None:
        """`force` detaches it from schedules and productions first."""
        rules.delete_task_type(instance, force=is_true(self.request.query_params.get("force")), by=self.request.user)

    def reorder(self, request: Request) -> Response:
        """The studio's own ranks of task types."""
        ids = reorder_task_types(id_list_of(row_body(request), "task_type_ids"))
        return Response(readers.TASK_TYPE.some(ids))


def id_list_of(body: Any, name: str) -> list[str]:
    """The list of ids that a reordering was sent. Raises WrongParameter."""
    ids = body.get(name) if isinstance(body, dict) else None
    if not isinstance(ids, list):
        raise WrongParameter(f"Request body must be a JSON object with a '{name}' list.")
    if not all(isinstance(pk, str) for pk in ids):
        raise RowRefused(BAD_FORMAT)
    return ids


class TaskStatusViewSet(ResourceViewSet):
    """`/data/task-status`."""

    reader = readers.TASK_STATUS
    access = READ_BY_ALL

    def perform_create(self, serializer: RowSerializer) -> Any:
        """There is one default."""
        return rules.create_task_status(serializer.columns, by=self.request.user)

    def perform_update(self, serializer: RowSerializer) -> Any:
        """There is one default."""
        return rules.update_task_status(serializer.instance, serializer.columns, by=self.request.user)


class EntityTypeViewSet(ResourceViewSet):
    """`/data/entity-types`."""

    reader = readers.ENTITY_TYPE
    access = READ_BY_ALL
    stem = "asset-type"
    relations_after_update = True

    def perform_create(self, serializer: RowSerializer) -> Any:
        """Under a free name."""
        return rules.create_entity_type(serializer.columns, relations=serializer.related, by=self.request.user)

    def perform_destroy(self, instance: Any) -> None:
        """Unless a production or template works with it."""
        rules.delete_entity_type(instance, by=self.request.user)


class StatusAutomationViewSet(ResourceViewSet):
    """`/data/status-automations`."""

    reader = readers.STATUS_AUTOMATION
    access = LISTED_BUT_FOR_VENDORS

    def perform_destroy(self, instance: Any) -> None:
        """Unless a production uses it."""
        rules.delete_automation(instance, by=self.request.user)


class CustomActionViewSet(ResourceViewSet):
    """`/data/custom-actions`."""

    reader = readers.CUSTOM_ACTION
    access = LISTED_BUT_FOR_VENDORS

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The name is asked for in words of its own."""
        if row_body(request).get("name") is None:
            raise WrongParameter("The 'name' field is required and cannot be None.")
        return super().create(request, *args, **kwargs)

    def update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The name can't be taken away."""
        self.get_object()
        if row_body(request).get("name", "") is None:
            raise WrongParameter("The 'name' field cannot be set to None.")
        return super().update(request, *args, **kwargs)


class PluginViewSet(ResourceViewSet):
    """`/data/plugins`."""

    reader = readers.PLUGIN
    access = dict.fromkeys(READ_BY_ALL, is_admin)


class PreviewBackgroundFileViewSet(ResourceViewSet):
    """`/data/preview-background-files`."""

    reader = readers.PREVIEW_BACKGROUND_FILE
    access = READ_BY_ALL

    def perform_create(self, serializer: RowSerializer) -> Any:
        """Under a free name."""
        return rules.create_background(serializer.columns, by=self.request.user)

    def perform_update(self, serializer: RowSerializer) -> Any:
        """There is one default."""
        return rules.update_background(serializer.instance, serializer.columns, by=self.request.user)

    def perform_destroy(self, instance: Any) -> None:
        """Unless a production or template works with it."""
        rules.delete_background(instance, by=self.request.user)
