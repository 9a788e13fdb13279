"""Main previews: the picture that stands for an entity, and the last one of a task."""

from typing import Any

from django.db.models import QuerySet

from assets.models import Entity
from assets.querysets import ASSET, TEMPORAL
from core.transactions import whole_step
from events.emit import emit
from files.models import PreviewFile
from tasks.models import Task

STEMS = {ASSET: "asset", **{kind: kind.lower() for kind in TEMPORAL}, "ConceptFolder": "concept-folder"}


def entity_stem(entity: Entity) -> str:
    """The entity's part of an event's name, such as `shot`."""
    name = entity.entity_type.name
    return STEMS[name if name in TEMPORAL else ASSET]


def fitting(previews: QuerySet[PreviewFile]) -> PreviewFile | None:
    """The newest of these previews that can stand for something: a finished main picture or movie."""
    return previews.filter(status="ready", position=1, extension__in=("png", "mp4")).order_by("-created_at").first()


@whole_step()
def set_main_preview(entity: Entity, preview: PreviewFile | None, *, by: Any) -> None:
    """Let a preview stand for the entity, or none."""
    entity.preview_file = preview
    entity.save(update_fields=["preview_file"])
    payload = {"entity_id": entity.pk, "preview_file_id": preview and preview.pk, "preview_file_status": preview and preview.status}
    emit("preview-file:set-main", payload, project_id=entity.project_id, by=by)
    stem = entity_stem(entity)
    emit(f"{stem}:update", {f"{stem.replace('-', '_')}_id": entity.pk}, project_id=entity.project_id, by=by)


@whole_step()
def publish_preview(preview: PreviewFile, *, by: Any) -> None:
    """Note a finished picture or movie as its task's last, and as its entity's main one where the production wants that."""
    if preview.position != 1 or preview.task_id is None:
        return
    Task.objects.filter(pk=preview.task_id).update(last_preview_file_id=preview.pk)
    entity = Entity.objects.select_related("entity_type", "project").filter(tasks=preview.task_id).first()
    if entity and entity.project.is_set_preview_automated:
        set_main_preview(entity, preview, by=by)


def latest_preview(task: Task) -> PreviewFile | None:
    """The oldest preview of the task's highest revision, whatever its status."""
    return PreviewFile.objects.filter(task=task).order_by("-revision", "created_at").first()


@whole_step()
def replace_leaving(preview: PreviewFile, *, by: Any) -> None:
    """Give the task and the entity that a preview stands for another one, or none; the preview is about to go."""
    for task in Task.objects.filter(last_preview_file_id=preview.pk):
        last = fitting(PreviewFile.objects.filter(task=task).exclude(pk=preview.pk))
        Task.objects.filter(pk=task.pk).update(last_preview_file_id=last and last.pk)
        emit("task:update", {"task_id": task.pk}, project_id=task.project_id, by=by)
    for entity in Entity.objects.select_related("entity_type", "project").filter(preview_file=preview):
        others = PreviewFile.objects.filter(task__entity=entity).exclude(pk=preview.pk)
        set_main_preview(entity, fitting(others) if entity.project.is_set_preview_automated else None, by=by)
