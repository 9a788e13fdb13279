"""Taking files and their records away."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models import Q

from assets.models import Entity
from core.errors import Forbidden, NotFound
from core.rules import wipe
from core.transactions import on_commit, whole_step
from events.emit import emit
from files import storage
from files.models import AttachmentFile, OutputFile, PreviewFile, Transcoding, WorkingFile
from files.rules.main_previews import replace_leaving
from files.storage import FILES, MOVIES, PICTURES
from production.models import Project
from tasks.models import Comment, News, Task

PREVIEW_OBJECTS = (
    *((PICTURES, prefix) for prefix in ("original", "previews", "thumbnails", "thumbnails-square", "tiles")),
    *((MOVIES, prefix) for prefix in ("previews", "lowdef", "source")),
    (FILES, "previews"),
)
ATTACHMENT_OBJECTS = ((FILES, "attachments"), (PICTURES, "thumbnails"))
Objects = Iterable[tuple[str, str]]


def drop_objects(objects: Objects, pk: Any, *, force: bool = False) -> None:
    """Remove a row's stored files once its deletion is committed, if the studio wants that or it is `force`d."""
    if force or settings.REMOVE_FILES:

        def remove_all() -> None:
            for bucket, prefix in objects:
                storage.remove(bucket, prefix, pk)

        on_commit(remove_all, robust=True)


def drop_all_objects(objects: Objects, pks: Iterable[Any]) -> None:
    """Remove the stored files of many rows once their deletion is committed, if the studio wants that."""
    if settings.REMOVE_FILES:

        def remove_all() -> None:
            for pk in pks:
                for bucket, prefix in objects:
                    storage.remove(bucket, prefix, pk)

        on_commit(remove_all, robust=True)


@whole_step()
def remove_preview(preview: PreviewFile, *, force: bool = False, by: Any) -> None:
    """Delete a preview with its links; task and entity show another one. `force` removes the stored files at once."""
    pk = preview.pk
    replace_leaving(preview, by=by)
    Comment.previews.through.objects.filter(previewfile_id=pk).delete()
    Comment.objects.filter(preview_file_id=pk).update(preview_file=None)
    News.objects.filter(preview_file_id=pk).update(preview_file=None)
    preview.delete()
    preview.pk = pk
    drop_objects(PREVIEW_OBJECTS, pk, force=force)


@whole_step()
def remove_listed_preview(preview: PreviewFile, *, force: bool, by: Any) -> None:
    """Delete a preview from the list of previews, which tells so by an event of its own."""
    remove_preview(preview, force=force, by=by)
    emit("preview-file:delete", {"preview_file_id": preview.pk}, heard_in=preview.production_id, by=by)


@whole_step()
def remove_attachments(attachments: Any, *, force: bool = False) -> None:
    """Delete attachments with their files."""
    for attachment in attachments:
        pk = attachment.pk
        attachment.delete()
        drop_objects(ATTACHMENT_OBJECTS, pk, force=force)


@whole_step()
def remove_attachment(comment: Comment, attachment_id: Any) -> None:
    """Delete one attachment of a comment. Raises NotFound, and Forbidden for one of another comment."""
    found = AttachmentFile.objects.filter(pk=attachment_id).first()
    if found is None:
        raise NotFound()
    if found.comment_id != comment.pk:
        raise Forbidden()
    remove_attachments([found])


@whole_step()
def remove_working_file(working_file: WorkingFile, *, by: Any) -> None:
    """Delete a working file; what came out of it stays."""
    pk = working_file.pk
    OutputFile.objects.filter(source_file_id=pk).update(source_file=None)
    working_file.delete()
    drop_objects([(FILES, "working")], pk)
    emit("working-file:delete", {"working_file_id": pk}, heard_in=working_file.production_id, by=by)


@whole_step()
def remove_files_of_production(project: Project) -> None:
    """Delete all files of a production that leaves, one statement per table; the stored ones go once that is committed."""
    tasks = Task.objects.order_by().filter(project=project).values("pk")
    entities = Entity.objects.order_by().filter(project=project).values("pk")
    chats = Q(chat_message__chat__object_id__in=entities)
    attachments = AttachmentFile.objects.order_by().filter(chats | Q(comment__object_id__in=tasks))
    previews = PreviewFile.objects.order_by().filter(task__in=tasks)
    working = WorkingFile.objects.order_by().filter(Q(task__in=tasks) | Q(entity__in=entities))
    outputs = OutputFile.objects.order_by().filter(
        Q(entity__in=entities) | Q(temporal_entity__in=entities) | Q(asset_instance__asset__in=entities)
    )
    rows: Any
    objects = ((PREVIEW_OBJECTS, previews), (ATTACHMENT_OBJECTS, attachments), ([(FILES, "working")], working))
    for places, rows in objects:
        drop_all_objects(places, list(rows.values_list("pk", flat=True)))
    for model, name, rows in (
        (Comment, "preview_file", previews),
        (News, "preview_file", previews),
        (PreviewFile, "source_file", outputs),
        (OutputFile, "source_file", working),
    ):
        model.objects.filter(**{f"{name}__in": rows.values("pk")}).update(**{name: None})  # type: ignore[attr-defined]
    Entity.objects.exclude(project=project).filter(preview_file__in=previews.values("pk")).update(preview_file=None)
    wipe(Comment.previews.through.objects.filter(previewfile__in=previews.values("pk")))
    transcodings = Transcoding.objects.order_by().filter(preview__in=previews.values("pk"))
    for rows in (attachments, transcodings, previews, outputs, working):
        wipe(rows)


@whole_step()
def remove_output_file(output_file: OutputFile, *, by: Any) -> None:
    """Delete an output file; previews made of it stay."""
    pk = output_file.pk
    project_id = output_file.entity.project_id if output_file.entity else None
    PreviewFile.objects.filter(source_file_id=pk).update(source_file=None)
    output_file.delete()
    emit("output-file:delete", {"output_file_id": pk}, project_id=project_id, by=by)
