"""How far the work on a preview has come, and telling people so."""

from pathlib import Path
from time import monotonic
from typing import Any

from django.db.models import F, QuerySet

from core.models import now
from events.emit import emit
from files import storage
from files.models import PreviewFile, Transcoding
from files.rules.previews import tell_comment
from files.storage import PICTURES

TELLING_SECONDS = 2.0


def unfinished(preview_id: Any) -> "QuerySet[PreviewFile]":
    """The preview, if it is still waiting for its files."""
    return PreviewFile.objects.filter(pk=preview_id, status="processing")


def put_variants(pk: Any, variants: dict[str, Path]) -> None:
    """Store the pictures of a preview."""
    for prefix, file in variants.items():
        storage.put_path(PICTURES, prefix, pk, file)


def tell_status(preview: PreviewFile, *, by: Any, with_status: bool = True, failure: str = "") -> None:
    """Tell that a preview's record changed, and why it is broken where it is."""
    status = {"status": preview.status} if with_status else {}
    reason = {"failure": failure} if failure else {}
    project_id = preview.task.project_id if preview.task else None
    emit("preview-file:update", {"preview_file_id": preview.pk, **status, **reason}, project_id=project_id, by=by)


def begin_transcoding(preview: PreviewFile) -> None:
    """Note that the work on a preview's movie begins."""
    begun, is_new = Transcoding.objects.get_or_create(preview=preview, defaults={"attempts": 1})
    if not is_new:
        again = {"attempts": F("attempts") + 1, "progress": 0, "failure": "", "updated_at": now()}
        Transcoding.objects.filter(pk=begun.pk).update(**again)


def note_failure(preview_id: Any, failure: str) -> None:
    """Note how the work on a preview's movie ended."""
    ended = {"failure": failure, "updated_at": now(), **({} if failure else {"progress": 100})}
    Transcoding.objects.filter(preview_id=preview_id).update(**ended)


class Progress:
    """How far the work on a preview's movie is, in hundredths; told and stored every other second at most."""

    def __init__(self, preview: PreviewFile) -> None:
        self.preview = preview
        self.reached = 0
        self.told = monotonic()

    def reach(self, progress: float) -> None:
        """So much is done by now."""
        found = min(99, int(progress))
        if found <= self.reached or monotonic() - self.told < TELLING_SECONDS:
            return
        self.reached, self.told = found, monotonic()
        Transcoding.objects.filter(preview=self.preview).update(progress=found, updated_at=now())
        project_id = self.preview.task.project_id if self.preview.task else None
        payload = {"preview_file_id": self.preview.pk, "progress": found}
        emit("preview-file:progress", payload, project_id=project_id, stored=False)

    def reach_part(self, start: float, share: float, total: float, done: float) -> None:
        """Of the part that begins at `start` and is `share` large, `done` of `total` is done."""
        self.reach(start + share * min(1.0, done / total))


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
