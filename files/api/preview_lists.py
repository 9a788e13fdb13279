"""The routes that list previews: of a task, an entity, a production, the whole studio."""

from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import F
from rest_framework.request import Request
from rest_framework.response import Response

from assets.querysets import CONCEPT, EDIT, SHOT
from core.api.access import Scope
from core.api.pagination import ListOptions, number
from core.api.renderers import json_array
from core.api.values import as_uuid
from core.api.views import ApiViewSet
from core.errors import NotFound, WrongParameter
from core.projection import Projection, Row
from core.sql import AsText, Prepared
from files.api.found import project_of, task_of
from files.models import PreviewFile
from files.readers import PREVIEW_FILE, SHORT_PREVIEW
from files.revisions import by_task_type
from files.rules.naming import ENTITY_NAMES, full_entity_name
from people.permissions import is_admin, is_no_client, may_open_entity, role_in
from production.models import Project

UNFINISHED = Projection(
    PreviewFile,
    computed={
        "project_id": AsText("task__project_id"),
        "task_type_id": AsText("task__task_type_id"),
        **{name: F(f"task__{path}") for name, path in ENTITY_NAMES.items()},
    },
)
BAD_CURSOR = "The cursor_preview_file_id parameter is not a valid id"


def with_full_name(row: Row) -> Row:
    """The row with its entity's full name in place of the names that make it."""
    names = [row.pop(name) for name in ENTITY_NAMES]
    return {**row, "full_entity_name": full_entity_name(*names) if names[0] else ""}


@cache
def previews_of_task(for_client: bool) -> Prepared:
    """The statement that reads a task's previews."""

    def of_task(task_id: Any) -> Any:
        previews = PreviewFile.objects.filter(task_id=task_id).order_by("-revision", "position", "created_at")
        return PREVIEW_FILE.query(previews.exclude(validation_status="rejected") if for_client else previews)

    return Prepared(of_task)


class PreviewListViewSet(ApiViewSet):
    """Lists of previews."""

    access = {
        **dict.fromkeys(("of_task", "of_entity", "revisions", "of_shot", "of_edit"), may_open_entity),
        "of_concept": may_open_entity & is_no_client,
        "of_project": is_admin,
        "unfinished": is_admin,
    }

    def of_task(self, request: Request, task_id: UUID) -> Any:
        """A task's previews, the newest revision first; clients do not see rejected ones."""
        task = task_of(task_id)
        self.authorise(Scope(project_id=task.project_id, entity_id=task.entity_id, instance=task))
        statement = previews_of_task(role_in(request.user, task.project_id) == "client")
        return json_array(PREVIEW_FILE.shape_values(*statement.fetch(task_id)))

    def of_project(self, request: Request, project_id: UUID) -> Any:
        """A production's previews, the last changed first."""
        if not Project.objects.filter(pk=project_id).exists():
            raise NotFound()
        previews = PreviewFile.objects.filter(task__project_id=project_id).order_by("-updated_at")
        options = ListOptions.of(request.query_params)
        if not options.is_paged:
            return json_array(PREVIEW_FILE.rows(previews))
        rows = PREVIEW_FILE.rows(options.slice(previews))
        return Response(options.envelope(list(rows), previews.count()))

    def of_entity(self, request: Request, entity_id: UUID) -> Any:
        """An entity's previews in short, by task type."""
        self.authorise(Scope(project_id=project_of(entity_id), entity_id=entity_id))
        previews = PreviewFile.objects.filter(task__entity_id=entity_id)
        ordered = previews.order_by("task__task_type__name", "-revision", "position", "created_at")
        return json_array(ordered.values(*SHORT_PREVIEW).iterator(chunk_size=2000))

    def revisions(self, request: Request, entity_id: UUID, **kind: Any) -> Response:
        """An entity's previews by task type and revision."""
        self.authorise(Scope(project_id=project_of(entity_id, **kind), entity_id=entity_id))
        return Response(by_task_type(entity_id))

    def of_shot(self, request: Request, entity_id: UUID) -> Response:
        """A shot's."""
        return self.revisions(request, entity_id, entity_type__name=SHOT)

    def of_edit(self, request: Request, entity_id: UUID) -> Response:
        """An edit's."""
        return self.revisions(request, entity_id, entity_type__name=EDIT)

    def of_concept(self, request: Request, entity_id: UUID) -> Response:
        """A concept's."""
        return self.revisions(request, entity_id, entity_type__name=CONCEPT)

    def unfinished(self, request: Request) -> Any:
        """Previews of open productions that are not ready, the newest first; from a given one on if asked."""
        params = request.query_params
        previews = PreviewFile.objects.filter(
            status__in=("processing", "broken", "missing"), task__project__project_status__name="Open"
        ).order_by("-created_at", "id")
        if params.get("cursor_preview_file_id"):
            pk = as_uuid(params["cursor_preview_file_id"], WrongParameter(BAD_CURSOR))
            cursor = PreviewFile.objects.filter(pk=pk).values_list("created_at", flat=True).first()
            if cursor is None:
                raise WrongParameter(f"No preview file found with id: {pk}")
            previews = previews.filter(created_at__lt=cursor)
        limit = number(params, "limit", 0)
        if limit < 0:
            raise WrongParameter("Wrong value for parameter limit.")
        return json_array(map(with_full_name, UNFINISHED.rows(previews[:limit] if limit else previews)))
