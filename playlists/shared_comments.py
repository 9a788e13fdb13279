"""What is said about the tasks of a shared playlist, as far as its guests may read it."""

from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from core.json import loads
from core.projection import Projection, Row
from people.models import Person
from playlists.contents import shown_task_ids
from playlists.models import PlaylistShareLink
from playlists.readers import GUEST
from playlists.rules.guests import guests_of
from tasks.conversations import CREATED, attachments_of
from tasks.models import Comment
from tasks.readers import COMMENT

STATUS = ("name", "short_name", "color")
LISTED = Projection(Comment, computed={f"status_{name}": F(f"task_status__{name}") for name in STATUS})
PERSON = ("id", "first_name", "last_name", "has_avatar", "role", "is_guest")


def readable_comments(link: PlaylistShareLink) -> "QuerySet[Comment]":
    """The comments for clients, and those of the guests of the playlist; of this link's alone where clients are isolated."""
    playlist: Any = link.playlist
    links = [link.pk] if playlist.project.is_clients_isolated else playlist.share_links.values_list("pk", flat=True)
    own = Q(for_client=True) | Q(person__in=guests_of(*links))
    return Comment.objects.filter(own, object_id__in=shown_task_ids(playlist))


def shared_conversation(link: PlaylistShareLink) -> list[Row]:
    """The comments, task by task in the order of the playlist, the newest first; in a constant number of statements."""
    order = {str(pk): place for place, pk in enumerate(shown_task_ids(link.playlist))}
    rows = sorted(LISTED.rows(readable_comments(link).order_by("-created_at", "-id")), key=lambda row: order[str(row["object_id"])])
    attachments = attachments_of([row["id"] for row in rows], "reply_id") if rows else {}
    for row in rows:
        row["replies"] = loads(row["replies"]) if row["replies"] is not None else []
    named = {reply.get("person_id") for row in rows for reply in row["replies"]}
    people = people_by_id({*named, *(row["person_id"] for row in rows), *(row["editor_id"] for row in rows)} - {None})
    return [listed(row, people, attachments.get(str(row["id"]), [])) for row in rows]


def listed(row: Row, people: dict[str, Row], attachments: list[Row]) -> Row:
    """One comment with its author, its editor, its status, its files and its replies."""
    row["task_status"] = {**{name: row.pop(f"status_{name}") for name in STATUS}, "id": row["task_status_id"]}
    row["person"], row["attachment_files"] = people.get(str(row["person_id"])), attachments
    if row["editor_id"] is not None:
        row["editor"] = people.get(str(row["editor_id"]))
    row["replies"] = [{**reply, "person": people.get(str(reply.get("person_id")))} for reply in row["replies"]]
    return row


def people_by_id(pks: set[Any]) -> dict[str, Row]:
    """People by their names alone. One statement."""
    rows = Person.objects.order_by().filter(pk__in=pks).values(*PERSON) if pks else ()
    return {str(row["id"]): {**row, "full_name": f"{row['first_name']} {row['last_name']}".strip()} for row in rows}


def is_heard(link: PlaylistShareLink, person_id: UUID) -> bool:
    """The person wrote a comment that guests of the link may read, or a reply to one."""
    comments = readable_comments(link)
    if comments.filter(person_id=person_id).exists():
        return True
    replied: Any = comments.exclude(replies=None).exclude(replies=[]).values_list("replies", flat=True)
    return any(str(reply.get("person_id")).lower() == str(person_id) for replies in replied for reply in replies)


def comment_row(comment_id: UUID) -> Row:
    """A comment of a guest as the guest sees it after changing it."""
    row = COMMENT.one(comment_id)
    return {**row, "attachment_files": attachments_of([comment_id]).get(str(comment_id), [])}


def created_row(comment: Comment) -> Row:
    """A new comment of a guest, with its whole status and the guest."""
    row = CREATED.some([comment.pk])[0]
    return {**row, "attachment_files": [], "person": GUEST.one(comment.person_id)}
