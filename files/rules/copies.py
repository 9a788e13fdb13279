"""Copies of previews: a revision of one task shown on another."""

from functools import partial
from typing import Any

from core.errors import Refusal
from core.models import now
from core.transactions import on_commit, whole_step
from files import storage
from files.models import PreviewFile
from files.rules.main_previews import publish_preview
from files.rules.previews import add_preview
from files.rules.progress import tell_added, tell_status, unfinished
from files.rules.removal import PREVIEW_OBJECTS
from tasks.models import Comment, Task

COPIED = [
    "original_name",
    "extension",
    "description",
    "file_size",
    "annotations",
    "width",
    "height",
    "duration",
    "data",
    "source",
    "token_in",
    "token_out",
]


@whole_step()
def copy_revision(task: Task, *, comment: Comment, target: Task, by: Any) -> list[PreviewFile]:
    """Show the finished previews of a task's last revision on a comment of another task; their files follow after commit."""
    finished = PreviewFile.objects.filter(task=task, status="ready")
    last = finished.order_by("-revision").values_list("revision", flat=True).first()
    made = []
    for original in finished.filter(revision=last).order_by("position", "created_at") if last is not None else []:
        try:
            copy = add_preview(target, comment, by=by)
        except Refusal:  # the production wants one preview a revision
            break
        on_commit(partial(copy_files, original, copy, by=by), robust=True)
        made.append(copy)
    return made


def copy_files(original: PreviewFile, copy: PreviewFile, *, by: Any) -> None:
    """Store the files of a preview under its copy too, and finish that."""
    for bucket, prefix in PREVIEW_OBJECTS:
        path = storage.local_file(bucket, prefix, original.pk)
        if path is not None:
            storage.put_path(bucket, prefix, copy.pk, path)
    with whole_step():
        values = {name: getattr(original, name) for name in COPIED}
        if unfinished(copy.pk).update(status="ready", updated_at=now(), **values):
            preview = PreviewFile.objects.select_related("task").get(pk=copy.pk)
            if preview.extension in ("png", "mp4"):
                publish_preview(preview, by=by)
            tell_status(preview, by=by)
            tell_added(preview, by=by)
