"""The routes of a preview: its record, file, place, drawings, and what it stands for."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from assets.models import Entity
from assets.readers import UNTYPED
from core.api.access import Scope
from core.api.filters import ColumnFilter, filterset_for
from core.api.parsers import typed_body
from core.api.serializers import RowSerializer
from core.api.values import as_uuid, is_true
from core.api.views import ApiViewSet, ResourceViewSet
from core.errors import NotFound, WrongParameter
from core.projection import Row
from files.api.bodies import AnnotationChange, MainFrame, Place, TaskChoice
from files.api.uploaded import upload_of
from files.models import PreviewFile
from files.permissions import acts_on_its_task, may_annotate, may_change_preview, may_read_preview
from files.readers import PREVIEW_FILE
from files.rules.annotations import annotate
from files.rules.choices import choose_main_preview
from files.rules.main_previews import latest_preview
from files.rules.previews import change_preview, move_preview
from files.rules.removal import remove_listed_preview
from files.rules.uploads import upload_preview
from people.permissions import is_admin, is_no_client, manages_production, may_open_entity, within_own_productions
from tasks.models import Task
from tasks.querysets import seen_by


class ProductionFilter(ColumnFilter):
    """The production of the preview's task."""

    def clean(self, value: str) -> UUID:
        """The id."""
        return as_uuid(value, WrongParameter("Invalid project_id."))


class PreviewFileViewSet(ResourceViewSet):
    """`/data/preview-files`, and what is done to a preview."""

    reader = PREVIEW_FILE
    filterset_class = filterset_for(PREVIEW_FILE, project_id=ProductionFilter(field_name="task__project_id"))
    production = "task__project_id"
    entity = "task__entity_id"
    protected = ("task_id", "person_id")
    access = {
        "list": within_own_productions,
        "retrieve": may_read_preview,
        "create": is_admin,
        "update": may_change_preview,
        "destroy": manages_production,
        "upload": acts_on_its_task,
        "place": acts_on_its_task,
        "annotate": may_annotate,
        "set_main": may_open_entity & is_no_client,
    }

    def visible(self, queryset: Any) -> Any:
        """Studio managers see all; others what belongs to their open productions, vendors their own tasks'."""
        person = self.request.user
        return queryset if person.is_admin else queryset.filter(seen_by(person, path="task__"))

    def perform_update(self, serializer: RowSerializer) -> PreviewFile:
        """Changes columns; a revision takes the others along."""
        return change_preview(serializer.instance, serializer.columns, by=self.request.user)

    def perform_destroy(self, instance: PreviewFile) -> None:
        """Deletes the preview; `force` its files too."""
        force = is_true(self.request.query_params.get("force"))
        remove_listed_preview(instance, force=force, by=self.request.user)

    def authorised(self, pk: UUID) -> PreviewFile:
        """The preview of the path, once this person may do to it what they ask. Raises NotFound, Forbidden."""
        self.kwargs["pk"] = str(pk)
        preview = self.get_object()
        self.authorise(self.scope_of(preview))
        return preview

    def upload(self, request: Request, pk: UUID) -> Response:
        """Stores the preview's file."""
        preview = self.authorised(pk)
        upload_preview(
            preview,
            upload_of(request),
            normalize=is_true(request.query_params.get("normalize", "true")),
            wait=is_true(request.query_params.get("no_job")),
            by=request.user,
        )
        return Response(PREVIEW_FILE.one(pk, relations=False), status=201)

    def place(self, request: Request, pk: UUID) -> Response:
        """Moves the preview within its revision."""
        preview = self.authorised(pk)
        order = move_preview(preview, typed_body(request, Place).position)
        return Response(PREVIEW_FILE.some(order, relations=False))

    def annotate(self, request: Request, pk: UUID) -> Response:
        """Merges drawings into those of the preview."""
        preview = self.authorised(pk)
        change = typed_body(request, AnnotationChange).model_dump()
        annotate(preview, **change, by=request.user)
        return Response(PREVIEW_FILE.one(pk, relations=False))

    def set_main(self, request: Request, pk: UUID) -> Response:
        """Lets the preview stand for its entity."""
        preview = self.authorised(pk)
        frame = typed_body(request, MainFrame).frame_number
        entity = choose_main_preview(preview, frame=frame, wait=is_true(request.query_params.get("no_job")), by=request.user)
        return Response(main_preview_row(entity, preview))


def main_preview_row(entity: Entity, preview: PreviewFile) -> Row:
    """The entity with the status of the preview that stands for it."""
    return {**UNTYPED.one(entity.pk, relations=False), "preview_file_status": preview.status}


class TaskMainPreviewViewSet(ApiViewSet):
    """Letting the last preview of tasks stand for their entities."""

    access = dict.fromkeys(("one", "several"), may_open_entity & is_no_client)

    def allowed_task(self, task: Task) -> Task:
        """The task, once this person may change what stands for its entity. Raises Forbidden."""
        self.authorise(Scope(project_id=task.project_id, entity_id=task.entity_id, instance=task))
        return task

    def one(self, request: Request, task_id: UUID) -> Response:
        """One task."""
        task = Task.objects.filter(pk=task_id).first()
        if task is None:
            raise NotFound()
        preview = latest_preview(self.allowed_task(task))
        if preview is None:
            raise WrongParameter("This task has no preview file to set as the main preview.")
        return Response(main_preview_row(choose_main_preview(preview, by=request.user), preview))

    def several(self, request: Request) -> Response:
        """Several tasks; those without a preview are left out."""
        ids = typed_body(request, TaskChoice).task_ids
        tasks = {task.pk: task for task in Task.objects.filter(pk__in=ids)}
        if len(tasks) < len(set(ids)):
            raise NotFound()
        previews = [latest_preview(self.allowed_task(tasks[pk])) for pk in dict.fromkeys(ids)]
        return Response([main_preview_row(choose_main_preview(p, by=request.user), p) for p in previews if p])
