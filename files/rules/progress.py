"""How far the work on a preview has come, and telling people so."""

from pathlib import Path
from typing import Any

from django.db.models import QuerySet

from events.emit import emit
from files import storage
from files.models import PreviewFile
from files.rules.previews import tell_comment
from files.storage import PICTURES


def unfinished(preview_id: Any) -> "QuerySet[PreviewFile]":
    """The preview, if it is still waiting for its files."""
    return PreviewFile.objects.filter(pk=preview_id, status="processing")


def put_variants(pk: Any, variants: dict[str, Path]) -> None:
    """Store the pictures of a preview."""
    for prefix, file in variants.items():
        storage.put_path(PICTURES, prefix, pk, file)


def tell_status(preview: PreviewFile, *, by: Any, with_status: bool = True) -> None:
    """Tell that a preview's record changed."""
    status = {"status": preview.status} if with_status else {}
    project_id = preview.task.project_id if preview.task else None
    emit("preview-file:update", {"preview_file_id": preview.pk, **status}, project_id=project_id, by=by)


def tell_added(preview: PreviewFile, *, by: Any) -> None:
    """Tell those who look at the preview's comment that it has its file."""
    comment = preview.comments.order_by("created_at").first()
    if comment is None or preview.task is None:
        return
    tell_comment(comment, preview.task, by=by)
    payload = {
        "comment_id": comment.pk,
        "task_id": preview.task_id,
        "preview_file_id": preview.pk,
        "revision": preview.revision,
        "extension": preview.extension,
        "status": preview.status,
    }
    emit("preview-file:add-file", payload, project_id=preview.task.project_id, by=by)
