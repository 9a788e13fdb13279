"""Guests of a share link: people without an account, who may say what they think of what it shows."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db.models import QuerySet

from core.errors import Forbidden, NotFound
from core.rules import announce
from core.transactions import whole_step
from files.models import AttachmentFile, PreviewFile
from files.names import NOT_PLAIN
from files.rules.annotations import annotate
from files.rules.attachments import attach_files
from files.rules.removal import remove_attachments
from people.models import Person
from playlists.contents import shown_task_ids, shows
from playlists.models import PlaylistShareLink
from playlists.rules.share_links import Said
from production.models import ProjectTaskStatusLink, TaskStatus
from tasks.models import Comment, Task
from tasks.rules.comment_changes import delete_comment, edit_comment
from tasks.rules.comments import Draft, post_comment

SILENT, UNDRAWN = "Comments are disabled for this link", "Annotations are disabled"
STRANGER = "Guest not part of this shared playlist"
ELSEWHERE = "Task not part of this shared playlist"
NO_COMMENT, NO_STATUS, BARRED = "Comment not found", "Task status not found", "Task status not allowed for guests"
FULL = "This link has as many guests as it may have."


def guests_of(*links: Any) -> "QuerySet[Person]":
    """The guests who came in by one of the links, given by their ids."""
    return Person.objects.order_by().filter(is_guest=True, data__share_link_id__in=[str(pk) for pk in links])


def guest_of(link: PlaylistShareLink, guest_id: Any, words: str = STRANGER) -> Person:
    """The guest of the link. Raises Said with the words for anybody else."""
    guest = guests_of(link.pk).filter(pk=guest_id, active=True).first() if guest_id else None
    if guest is None:
        raise Said(words, 403)
    return guest


@whole_step()
def greet(link: PlaylistShareLink, *, guest_id: UUID | None, first_name: str, last_name: str) -> tuple[Person, bool]:
    """The guest of that id or else of that name, who is made if there is none; and whether they were known by their id.

    Visitors who come at once wait for each other, so that nobody is made twice. Raises Said when the link has no room.
    """
    PlaylistShareLink.objects.order_by().select_for_update(of=("self",)).get(pk=link.pk)
    known = guests_of(link.pk).filter(active=True)
    if guest_id is not None and (guest := known.filter(pk=guest_id).first()):
        return guest, True
    first, last = (NOT_PLAIN.sub("", name).strip() for name in (first_name, last_name))
    first = first or "Guest"
    guest = known.filter(first_name=first, last_name=last).order_by("created_at").first()
    return guest or welcome(link, first, last), False


def welcome(link: PlaylistShareLink, first_name: str, last_name: str) -> Person:
    """Make a guest: a client whom no password lets in. Raises Said when the link has no room."""
    if guests_of(link.pk).count() >= settings.SHARE_LINK_GUESTS:
        raise Said(FULL, 403)
    guest = Person(
        first_name=first_name,
        last_name=last_name,
        email=f"guest-{secrets.token_hex(4)}@guest.kitsu",
        role="client",
        is_guest=True,
        password=make_password(None),
        data={"share_link_id": str(link.pk)},
    )
    guest.save(force_insert=True)
    announce(guest, "new", by=None)
    return guest


def status_for(status_id: Any, project_id: Any) -> TaskStatus:
    """The status, if clients of the production may give it. Raises Said."""
    status = TaskStatus.objects.filter(pk=status_id).first()
    if status is None:
        raise Said(NO_STATUS)
    links = ProjectTaskStatusLink.objects.order_by().filter(project_id=project_id, task_status=status)
    own = links.values_list("is_client_allowed", flat=True).first()
    if not (status.is_client_allowed if own is None else own):
        raise Said(BARRED)
    return status


def comment_as_guest(
    link: PlaylistShareLink, guest: Person, *, task_id: UUID, status_id: UUID, text: str, checklist: Sequence[dict[str, Any]]
) -> Comment:
    """Say something about a task that the link shows, with all that follows from a comment. Raises Said."""
    if task_id not in shown_task_ids(link.playlist):
        raise Said(ELSEWHERE, 403)
    task = Task.objects.get(pk=task_id)
    status = status_for(status_id, task.project_id)
    return post_comment(task, Draft(status=status, text=text, checklist=checklist, spreads=False), by=guest)


def own_comment(link: PlaylistShareLink, guest: Person, comment_id: UUID) -> Comment:
    """What the guest said about a task that the link shows. Raises Said."""
    comment = Comment.objects.filter(pk=comment_id).first()
    if comment is None:
        raise Said(NO_COMMENT, 404)
    if comment.person_id != guest.pk or comment.object_id not in shown_task_ids(link.playlist):
        raise Said("Forbidden", 403)
    return comment


def edit_as_guest(link: PlaylistShareLink, guest: Person, comment_id: UUID, values: Mapping[str, Any]) -> None:
    """Change an own comment. Raises Said."""
    comment = own_comment(link, guest, comment_id)
    status_id = values.get("task_status_id")
    if status_id is not None and status_id != comment.task_status_id:
        try:
            status_for(status_id, link.playlist.project_id)
        except Said:
            raise Said("Forbidden", 403) from None
    edit_comment(comment.pk, values, by=guest)


@whole_step()
def delete_as_guest(link: PlaylistShareLink, guest: Person, comment_id: UUID) -> None:
    """Delete an own comment, unless the team has published a preview with it. Raises Said."""
    comment = own_comment(link, guest, comment_id)
    if comment.previews.exists():
        raise Said("Forbidden", 403)
    delete_comment(comment.pk, by=guest)


def attach_as_guest(link: PlaylistShareLink, guest: Person, comment_id: UUID, uploads: Sequence[Any]) -> None:
    """Add files to an own comment. Raises Said."""
    attach_files(uploads, comment=own_comment(link, guest, comment_id), by=guest)


@whole_step()
def detach_as_guest(link: PlaylistShareLink, guest: Person, comment_id: UUID, attachment_id: UUID) -> None:
    """Take a file of an own comment away; those that came with others' replies stay. Raises Said."""
    comment = own_comment(link, guest, comment_id)
    found = AttachmentFile.objects.filter(pk=attachment_id, comment=comment, reply_id__isnull=True).first()
    if found is None:
        raise Said(NO_COMMENT, 404)
    remove_attachments([found])


def shown_preview(link: PlaylistShareLink, preview_id: UUID) -> PreviewFile:
    """A preview that the link shows. Raises NotFound, Forbidden."""
    preview = PreviewFile.objects.select_related("task").filter(pk=preview_id).first()
    if preview is None:
        raise NotFound()
    task = preview.task
    if task is None or not shows(link.playlist, task.project_id, task.entity_id, task.pk, preview.revision):
        raise Forbidden()
    return preview


def annotate_as_guest(link: PlaylistShareLink, guest: Person, preview_id: UUID, changes: Mapping[str, Any]) -> PreviewFile:
    """Draw on a preview that the link shows. Raises NotFound, Forbidden."""
    return annotate(shown_preview(link, preview_id), **changes, by=guest)
