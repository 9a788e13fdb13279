"""What this room does when lower rooms tell that rows leave or files came."""

from typing import Any
from uuid import UUID

from django.db.models import Q

from assets.models import Entity
from chat.models import ChatMessage
from core.signals import (
    files_attached,
    files_weighed,
    job_given_up,
    job_retried,
    previews_attached,
    reply_leaving,
    revision_reused,
    row_leaving,
    worker_looks_around,
)
from files.models import AttachmentFile, OutputFile, PreviewFile, WorkingFile
from files.rules import removal
from files.rules.attachments import attach_files
from files.rules.copies import copy_revision
from files.rules.recovery import abandon, reopen_for, resume
from files.rules.removal import drop_objects, remove_attachments, remove_preview
from files.rules.uploads import add_uploaded
from files.rules.usage import recorded_kinds
from files.storage import PICTURES
from production.models import PreviewBackgroundFile, Project
from tasks.models import Comment, Task

BACKGROUND_OBJECTS = ((PICTURES, "preview-backgrounds"), (PICTURES, "thumbnails"))


def remove_files(working: Q, output: Q, previews: Q, *, by: Any) -> None:
    """Delete previews, output and working files, each kind before what it refers to."""
    for preview in PreviewFile.objects.filter(previews).select_related("task"):
        remove_preview(preview, by=by)
    for output_file in OutputFile.objects.filter(output).select_related("entity"):
        removal.remove_output_file(output_file, by=by)
    for working_file in WorkingFile.objects.filter(working):
        removal.remove_working_file(working_file, by=by)


def comment_leaves(sender: Any, *, instance: Comment, by: Any, **kwargs: Any) -> None:
    """A comment takes its attachments along, and those of its previews that no other comment shows."""
    remove_attachments(AttachmentFile.objects.filter(comment=instance))
    for preview in instance.previews.exclude(comments__in=Comment.objects.exclude(pk=instance.pk)):
        remove_preview(preview, by=by)


def task_leaves(sender: Any, *, instance: Task, by: Any, **kwargs: Any) -> None:
    """A task takes its previews and working files along."""
    remove_files(Q(task=instance), Q(pk=None), Q(task=instance), by=by)


def entity_leaves(sender: Any, *, instance: Entity, by: Any, **kwargs: Any) -> None:
    """An entity takes its working and output files along."""
    outputs = Q(entity=instance) | Q(temporal_entity=instance) | Q(asset_instance__asset=instance)
    remove_files(Q(entity=instance), outputs, Q(task__entity=instance), by=by)


def project_leaves(sender: Any, *, instance: Project, by: Any, **kwargs: Any) -> None:
    """A production takes along whatever was made in it."""
    removal.remove_files_of_production(instance)


def message_leaves(sender: Any, *, instance: ChatMessage, by: Any, **kwargs: Any) -> None:
    """A chat message takes its attachments along, stored files included."""
    remove_attachments(AttachmentFile.objects.filter(chat_message=instance), force=True)


def background_leaves(sender: Any, *, instance: PreviewBackgroundFile, **kwargs: Any) -> None:
    """A background takes its pictures along."""
    drop_objects(BACKGROUND_OBJECTS, instance.pk)


def reply_leaves(sender: Any, *, comment: Comment, reply_id: Any, **kwargs: Any) -> None:
    """A reply takes its attachments along."""
    remove_attachments(AttachmentFile.objects.filter(comment=comment, reply_id=reply_id))


def files_came(sender: Any, *, uploads: Any, by: Any, **owner: Any) -> list[AttachmentFile]:
    """Files came with a comment, a reply or a chat message."""
    kept = {name: owner.get(name) for name in ("comment", "reply_id", "chat_message")}
    return attach_files(uploads, by=by, **kept)


def previews_came(sender: Any, *, comment: Comment, task: Task, uploads: Any, by: Any, **kwargs: Any) -> list[PreviewFile]:
    """Files came with a comment as previews; they are stored once the comment is."""
    return add_uploaded(task, comment, uploads, by=by)


def revision_comes_along(sender: Any, *, task: Task, comment: Comment, target: Task, by: Any, **kwargs: Any) -> None:
    """An automation reuses the last revision of a task."""
    copy_revision(task, comment=comment, target=target, by=by)


def worker_looks(sender: Any, **kwargs: Any) -> None:
    """A worker has time to look after previews whose work was cut off."""
    resume()


def job_ends(sender: Any, *, path: str, arguments: list[Any], **kwargs: Any) -> None:
    """A job was given up."""
    abandon(path, arguments)


def job_returns(sender: Any, *, path: str, arguments: list[Any], **kwargs: Any) -> None:
    """A failed job is to run again."""
    reopen_for(path, arguments)


def productions_are_weighed(sender: Any, *, project_ids: Any, **kwargs: Any) -> dict[str, dict[UUID, int]]:
    """Somebody asks how much the files of productions weigh."""
    return recorded_kinds(project_ids)


LEAVING = {
    Comment: comment_leaves,
    Task: task_leaves,
    Entity: entity_leaves,
    Project: project_leaves,
    ChatMessage: message_leaves,
    PreviewBackgroundFile: background_leaves,
}


def connect() -> None:
    """Listen from now on."""
    for model, receiver in LEAVING.items():
        row_leaving.connect(receiver, sender=model, dispatch_uid=f"files.{receiver.__name__}")
    for signal, receiver in (
        (files_attached, files_came),
        (previews_attached, previews_came),
        (revision_reused, revision_comes_along),
        (reply_leaving, reply_leaves),
        (worker_looks_around, worker_looks),
        (job_given_up, job_ends),
        (job_retried, job_returns),
        (files_weighed, productions_are_weighed),
    ):
        signal.connect(receiver, dispatch_uid=f"files.{receiver.__name__}")
