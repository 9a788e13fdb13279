"""What versions of the schedule plan for tasks."""

from typing import Any

from core.api.access import Scope
from core.api.converters import is_uuid
from core.api.filters import UuidFilter, filterset_for
from core.api.views import ResourceViewSet
from core.errors import RowRefused, WrongParameter
from people.permissions import in_production, is_no_client, is_no_vendor, manages_production
from production.models import ProductionScheduleVersion
from tasks.models import Task
from tasks.readers import SCHEDULE_LINK

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
            raise WrongParameter(f"Invalid UUID value: {project_id}")
        self.authorise(Scope(project_id=project_id))
        return queryset

    def new_scope(self, body: dict[str, Any]) -> Scope:
        """The production of the version."""
        if f"{VERSION}_id" not in body:
            raise RowRefused(f"'{VERSION}_id'")
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
