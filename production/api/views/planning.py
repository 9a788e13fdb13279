"""The routes of milestones, schedules and schedule versions."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from core.api.access import Scope
from core.api.converters import is_uuid
from core.api.parsers import row_body
from core.api.renderers import json_array
from core.api.serializers import RowSerializer
from core.api.views import ResourceViewSet
from core.errors import WrongParameter
from people.permissions import in_production, is_admin, is_no_client, is_no_vendor, manages_production
from production import readers
from production.api.views.base import WRONG_ID, ProductionViewSet, path_id
from production.models import Milestone, Project, ScheduleItem
from production.permissions import supervises_its_task_type
from production.rules import schedule as rules

MANAGED = dict.fromkeys(("create", "update", "destroy"), manages_production)


class MilestoneViewSet(ResourceViewSet):
    """`/data/milestones`."""

    reader = readers.MILESTONE
    production = "project_id"
    access = {**MANAGED, "list": is_admin, "retrieve": in_production & is_no_vendor}


class ScheduleItemViewSet(ResourceViewSet):
    """`/data/schedule-items`."""

    reader = readers.SCHEDULE_ITEM
    production = "project_id"
    access = {**MANAGED, "list": is_admin, "retrieve": is_admin, "update": supervises_its_task_type}

    def new_scope(self, body: dict[str, Any]) -> Scope:
        """Studio managers may leave the production out."""
        return Scope(project_id=body.get("project_id"), body=body)

    def perform_create(self, serializer: RowSerializer) -> Any:
        """One per production, task type and object."""
        return rules.create_item(serializer.columns, by=self.request.user)

    def perform_update(self, serializer: RowSerializer) -> Any:
        """In its order."""
        return rules.update_item(serializer.instance, serializer.columns, by=self.request.user)

    def update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Clients send man-days as text while they are typed; those are left out."""
        body = row_body(request) if request.data is not None else None
        if body is not None and isinstance(body.get("man_days"), str):
            del body["man_days"]
        return super().update(request, *args, **kwargs)


class ScheduleVersionViewSet(ResourceViewSet):
    """`/data/production-schedule-versions`."""

    reader = readers.SCHEDULE_VERSION
    production = "project_id"
    access = {**MANAGED, **dict.fromkeys(("list", "retrieve"), in_production & is_no_client & is_no_vendor)}

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """Of one production for its members, of all for studio managers."""
        project_id = request.query_params.get("project_id")
        if project_id is None or is_uuid(project_id):
            self.authorise(Scope(project_id=project_id))
        return super().list(request, *args, **kwargs)

    def check_values(self, values: dict[str, Any], instance: Any = None) -> None:
        """A version derives from one of its own production."""
        rules.refuse_foreign_source(values, instance.project_id if instance is not None else values.get("project_id"))

    def perform_destroy(self, instance: Any) -> None:
        """What points at it no longer does."""
        rules.delete_version(instance, by=self.request.user)


class ProjectMilestoneViewSet(ProductionViewSet):
    """`/data/projects/<id>/milestones`."""

    access = {"list": in_production & is_no_client}

    def list(self, request: Request, project_id: UUID) -> Any:
        """The production's milestones."""
        self.enter(project_id, known=False)
        return json_array(readers.short_rows(readers.SHORT_MILESTONE, Milestone.objects.order_by().filter(project_id=project_id)))


class ProjectScheduleViewSet(ProductionViewSet):
    """`/data/projects/<id>/schedule-items`: rows that are missing are made as they are read."""

    access = {
        "list": in_production & is_no_client & is_no_vendor,
        "of_task_types": in_production & is_no_vendor,
        "of_objects": in_production & is_no_vendor,
    }

    def list(self, request: Request, project_id: UUID) -> Any:
        """All rows of the production's schedule."""
        self.enter(project_id, known=False)
        return json_array(readers.SCHEDULE_ITEM.rows(ScheduleItem.objects.order_by().filter(project_id=project_id)))

    def of_task_types(self, request: Request, project_id: UUID) -> Any:
        """A row for each task type that has tasks."""
        self.enter(project_id, known=False)
        project = Project.objects.filter(pk=project_id).first()
        if project is None:
            return Response([])
        task_types = rules.scheduled_task_types(project.pk)
        rules.ensure_items(project, ((pk, None) for pk in task_types), by=request.user)
        items = ScheduleItem.objects.filter(project=project, task_type_id__in=task_types, object_id__isnull=True)
        return json_array(readers.short_rows(readers.SHORT_SCHEDULE_ITEM, items.order_by("start_date")))

    def of_objects(self, request: Request, project_id: str, task_type_id: str, kind: str) -> Any:
        """Within a task type, a row for each asset type, episode, sequence or edit, with its name."""
        project = self.project(path_id(project_id))
        task_type = path_id(task_type_id)
        names = rules.scheduled_objects(project, kind, self.episode())
        rules.ensure_items(project, ((task_type, pk) for pk in names), by=request.user)
        items = ScheduleItem.objects.order_by().filter(project=project, task_type_id=task_type, object_id__in=list(names))
        known = {str(pk): name for pk, name in names.items()}
        rows = [{**row, "name": known[row["object_id"]]} for row in readers.short_rows(readers.SHORT_SCHEDULE_ITEM, items)]
        return Response(sorted(rows, key=lambda row: row["name"]))

    def episode(self) -> UUID | None:
        """The episode that the query string narrows to. Raises WrongParameter."""
        given = self.request.query_params.get("episode_id")
        if given and not is_uuid(given):
            raise WrongParameter(WRONG_ID)
        return UUID(given) if given else None
