"""Taking files and their records away."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings

from core.errors import NotFound
from core.transactions import on_commit, whole_step
from events.emit import emit
from files import storage
from files.models import AttachmentFile, OutputFile, PreviewFile, WorkingFile
from files.rules.main_previews import replace_leaving
from files.storage import FILES, MOVIES, PICTURES
from tasks.models import Comment, News

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
    emit("preview-file:delete", {"preview_file_id": preview.pk}, by=by)


@whole_step()
def remove_attachments(attachments: Any, *, force: bool = False) -> None:
    """Delete attachments with their files."""
    for attachment in attachments:
        pk = attachment.pk
        attachment.delete()
        drop_objects(ATTACHMENT_OBJECTS, pk, force=force)


@whole_step()
def remove_attachment(comment: Comment, attachment_id: Any) -> None:
    """Delete one attachment of a comment. Raises NotFound."""
    found = AttachmentFile.objects.filter(pk=attachment_id, comment=comment).first()
    if found is None:
        raise NotFound()
    remove_attachments([found])


@whole_step()
def remove_working_file(working_file: WorkingFile, *, by: Any) -> None:
    """Delete a working file; what came out of it stays."""
    pk = working_file.pk
    OutputFile.objects.filter(source_file_id=pk).update(source_file=None)
    working_file.delete()
    drop_objects([(FILES, "working")], pk)
    emit("working-file:delete", {"working_file_id": pk}, by=by)


@whole_step()
def remove_output_file(output_file: OutputFile, *, by: Any) -> None:
    """Delete an output file; previews made of it stay."""
    pk = output_file.pk
    project_id = output_file.entity.project_id if output_file.entity else None
    PreviewFile.objects.filter(source_file_id=pk).update(source_file=None)
    output_file.delete()
    emit("output-file:delete", {"output_file_id": pk}, project_id=project_id, by=by)
