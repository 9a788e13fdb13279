"""What versions of the schedule plan for tasks, and putting it into force."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from core.api.access import Scope
from core.api.converters import is_uuid
from core.api.filters import UuidFilter, filterset_for
from core.api.parsers import typed_body
from core.api.renderers import json_array
from core.api.values import is_true
from core.api.views import ResourceViewSet
from core.errors import RowRefused, WrongParameter
from people.permissions import in_production, is_no_client, is_no_vendor, manages_production
from production.models import ProductionScheduleVersion
from tasks.api.bodies import PlanSource
from tasks.api.loading import TaskRoutes, found, id_parameter
from tasks.models import ProductionScheduleVersionTaskLink, Task
from tasks.readers import SCHEDULE_LINK
from tasks.rules import schedule_versions as rules

VERSION = "production_schedule_version"
OTHER_PRODUCTION = "The task and the production schedule version must be in the same project."


class ScheduleLinkViewSet(ResourceViewSet):
    """`/data/production-schedule-version-task-links`."""

    reader = SCHEDULE_LINK
    access = {
        "list": in_production & is_no_client & is_no_vendor,
        "retrieve": in_production & is_no_client & is_no_vendor,
        "create": manages_production,
        "update": manages_production,
        "destroy": manages_production,
    }
    production = f"{VERSION}__project_id"
    entity = "task__entity_id"
    protected = ("task_id", f"{VERSION}_id")
    filterset_class = filterset_for(SCHEDULE_LINK, project_id=UuidFilter(field_name=f"{VERSION}__project_id"))

    def visible(self, queryset: Any) -> Any:
        """Those of the production that the query string names; without one, all for studio managers alone."""
        project_id = self.request.query_params.get("project_id")
        if project_id and not is_uuid(project_id):
            raise WrongParameter("Invalid project_id.")
        self.authorise(Scope(project_id=project_id))
        return queryset

    def new_scope(self, body: dict[str, Any]) -> Scope:
        """The production of the version. Raises RowRefused for a body without version or task."""
        for name in (f"{VERSION}_id", "task_id"):
            if name not in body:
                raise RowRefused(f"'{name}'")
        version_id = body[f"{VERSION}_id"]
        versions = ProductionScheduleVersion.objects.filter(pk=version_id) if is_uuid(version_id) else None
        project_id = versions.values_list("project_id", flat=True).first() if versions is not None else None
        self.version_project = project_id
        return Scope(project_id=project_id, body=body)

    def check_values(self, values: dict[str, Any], instance: Any = None) -> None:
        """Raises WrongParameter when the task is of another production."""
        if instance is None:
            task = Task.objects.filter(pk=values["task_id"]).first()
            if task is not None and task.project_id != self.version_project:
                raise WrongParameter(OTHER_PRODUCTION)


class VersionPlanViewSet(TaskRoutes):
    """`/data/production-schedule-versions/<id>/task-links`, and the actions on a version of the schedule."""

    access = {
        "of_version": in_production & is_no_client & is_no_vendor,
        **dict.fromkeys(("from_production", "from_version", "apply"), manages_production),
    }

    def version(self, version_id: Any) -> ProductionScheduleVersion:
        """The version of the path, once the check held in its production. Raises NotFound, Forbidden."""
        version: ProductionScheduleVersion = found(ProductionScheduleVersion, version_id)
        self.authorise(Scope(project_id=version.project_id))
        return version

    def of_version(self, request: Request, version_id: UUID) -> Any:
        """What a version plans, of one type of tasks if asked."""
        links = ProductionScheduleVersionTaskLink.objects.filter(production_schedule_version=self.version(version_id))
        task_type_id = id_parameter(request.query_params, "task_type_id")
        if task_type_id is not None:
            links = links.filter(task__task_type_id=task_type_id)
        return json_array(SCHEDULE_LINK.rows(links, relations=is_true(request.query_params.get("relations"))))

    def from_production(self, request: Request, version_id: UUID) -> Response:
        """Plans what is in force."""
        number = rules.plan_from_production(self.version(version_id))
        return Response({"success": True, "task_link_count": number})

    def from_version(self, request: Request, version_id: UUID) -> Response:
        """Plans what another version plans."""
        version = self.version(version_id)
        source = found(ProductionScheduleVersion, typed_body(request, PlanSource).production_schedule_version_id)
        number = rules.plan_from_version(version, source, by=request.user)
        return Response({"success": True, "task_link_count": number})

    def apply(self, request: Request, version_id: UUID) -> Response:
        """Puts the version into force."""
        number = rules.put_into_force(self.version(version_id), by=request.user)
        return Response({"success": True, "task_count": number})
