"""The routes of productions."""

from typing import Any

from django.db.models import F
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.access import Scope
from core.api.parsers import row_body
from core.api.renderers import json_array
from core.api.serializers import RowSerializer
from core.api.values import is_true
from core.api.views import ResourceViewSet
from core.errors import Forbidden, NotFound, WrongParameter
from core.projection import Row
from people.models import Person
from people.permissions import in_production, is_admin, manages_production, within_own_productions
from production import readers
from production.extended import descriptors_of, extended_projects, extended_projects_of, written_project
from production.jobs import delete_with_contents
from production.models import Project
from production.permissions import is_admin_once_known
from production.querysets import OPEN_NAMES
from production.rules.formats import with_formats
from production.rules.projects import create_project, delete_project, refuse_open, update_project


def open_by_name(person: Person) -> Any:
    """The productions under way that a person finds in lists."""
    projects = Project.objects.order_by("name")
    return projects.filter(project_status__name__in=OPEN_NAMES) if person.is_admin else projects.under_way().of_member(person)


class ProjectViewSet(ResourceViewSet):
    """`/data/projects`."""

    reader = readers.PROJECT
    production = "id"
    access = {
        "list": within_own_productions,
        "open": within_own_productions,
        "all": within_own_productions,
        "retrieve": in_production,
        "create": is_admin,
        "update": manages_production,
        "destroy": is_admin_once_known,
    }

    def visible(self, queryset: Any) -> Any:
        """Studio managers see all, everybody else the open ones in whose team they are."""
        person = self.request.user
        return queryset if person.is_admin else queryset.under_way().of_member(person)

    def new_scope(self, body: dict[str, Any]) -> Scope:
        """A new production is about none yet."""
        return Scope(body=body)

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A new production, from a template if the body names one."""
        body = with_formats(row_body(request))
        template_id = body.pop("project_template_id", None)
        serializer = self.row_serializer(data=body)
        serializer.is_valid(raise_exception=True)
        project = create_project(serializer.columns, relations=serializer.related, template_id=template_id, by=request.user)
        return Response(written_project(project.pk, relations=True), status=201)

    def update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The given settings of a production."""
        project = self.get_object()
        body = row_body(request)
        self.authorise(self.scope_of(project, body))
        serializer = self.row_serializer(project, data=with_formats(body, project))
        serializer.is_valid(raise_exception=True)
        self.check_background(body)
        update_project(project, serializer.columns, relations=serializer.related, by=request.user)
        return Response(written_project(project.pk, relations=False))

    def check_background(self, body: dict[str, Any]) -> None:
        """A background chosen beside a list of backgrounds is among them. Raises WrongParameter."""
        chosen, listed = body.get("preview_background_file_id"), body.get("preview_background_files") or []
        ids = [item.get("id") if isinstance(item, dict) else item for item in listed]
        if chosen is not None and chosen not in ids:
            raise WrongParameter("Invalid preview_background_file_id")

    def perform_update(self, serializer: RowSerializer) -> Any:
        """Through the rule of productions."""
        return update_project(serializer.instance, serializer.columns, relations=serializer.related, by=self.request.user)

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A closed production; `force` takes along all that it holds, in a job (202) where that is very much."""
        project = self.get_object()
        refuse_open(project)
        self.authorise(self.scope_of(project))
        if not is_true(request.query_params.get("force")):
            delete_project(project, by=request.user)
        elif not delete_with_contents(project, by=request.user):
            return Response({"project_id": str(project.pk), "message": "The production is being deleted."}, status=202)
        return Response(status=204)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A production of any status, with all that clients open it with unless relations are declined."""
        project_id = self.row_id()
        found = Project.objects.filter(pk=project_id)
        if not is_true(request.query_params.get("relations", "true")):
            return Response(self.bare_row(found))
        try:
            self.authorise(Scope(project_id=project_id))
        except Forbidden:
            self.get_object()
            raise
        rows = extended_projects(found, request.user, _project_status_name=F("project_status__name"))
        if not rows:
            raise NotFound()
        return Response(rows[0])

    def bare_row(self, found: Any) -> Row:
        """The production's own fields with the name of its status."""
        row = next(self.reader.shape(self.reader.query(found, _project_status_name=F("project_status__name"))), None)
        if row is None:
            raise NotFound()
        self.authorise(Scope(project_id=row["id"]))
        return row

    def open(self, request: Request) -> Any:
        """The productions under way, with all that clients open them with."""
        person = request.user
        name = request.query_params.get("name")
        if name is not None:
            return json_array(extended_projects(open_by_name(person).filter(name=name), person))
        return json_array(extended_projects_of(person, open_by_name))

    def all(self, request: Request) -> Any:
        """One's productions of any status; to studio managers with their columns about themselves."""
        person = request.user
        projects = Project.objects.order_by("name").of_member(person)
        name = request.query_params.get("name")
        if name is not None:
            return json_array(self.named(projects, name))
        if not person.is_admin:
            return json_array(self.reader.rows(projects))
        rows = list(self.reader.shape(self.reader.query(projects, _project_status_name=F("project_status__name"))))
        columns = descriptors_of([row["id"] for row in rows], entity_type="Project")
        return json_array({**row, "descriptors": columns.get(row["id"], [])} for row in rows)

    def named(self, projects: Any, name: str) -> list[Row]:
        """The first production of a name in any letter case. Raises NotFound."""
        wanted = name if self.request.user.is_admin else name.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        rows = list(self.reader.shape(self.reader.query(projects.filter(name__ilike=wanted)[:1])))
        if not rows:
            raise NotFound()
        return rows
