"""A person's notifications as they read them, each with what it is about."""

from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    UUIDField,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from core.json import loads
from core.projection import Row
from core.sql import AsText, related_ids
from people.models import Person
from people.permissions import team_project_ids
from tasks.models import Comment, Notification, Subscription
from tasks.newsfeed import episode_of, full_name
from tasks.querysets import seen_by

COLUMNS = ("id", "notification_type", "author_id", "comment_id", "task_id", "created_at", "read", "change", "playlist_id")
NAMED = ("mention", "reply-mention")
NOTHING = Value("", output_field=TextField())
ITEM: dict[str, Any] = {
    "task_type_id": F("task__task_type_id"),
    "task_status_id": F("comment__task_status_id"),
    "project_id": Coalesce(F("task__project_id"), F("playlist__project_id")),
    "project_name": Coalesce(F("task__project__name"), F("playlist__project__name")),
    "comment_text": F("comment__text"),
    "full_entity_name": Case(When(task__entity__isnull=True, then=NOTHING), default=full_name("task__entity__")),
    "episode_id": Coalesce(episode_of("task__entity__"), AsText("playlist__episode_id")),
    "entity_preview_file_id": F("task__entity__preview_file_id"),
    "playlist_name": Coalesce(F("playlist__name"), NOTHING, output_field=TextField()),
    "playlist_for_entity": Case(
        When(playlist__isnull=True, then=NOTHING), default=F("playlist__for_entity"), output_field=TextField()
    ),
    "playlist_is_for_all": Coalesce(F("playlist__is_for_all"), Value(False)),
}


def subscribed(person: Person) -> Exists:
    """The person follows the notification's task."""
    return Exists(Subscription.objects.order_by().filter(person=person, task_id=OuterRef("task_id")))


def may_read(reader: Person) -> Any:
    """The reader may still see the notification's task: they are in its team, vendors at work on it or named."""
    if reader.is_admin:
        return Value(True)
    named = Q(notification_type__in=NAMED, task__project_id__in=team_project_ids(reader))
    return ExpressionWrapper(seen_by(reader, path="task__", open_only=False) | named, output_field=BooleanField())


def expressions(reader: Person) -> dict[str, Any]:
    """What is read beside the notification's own columns, all in its one statement."""
    own = Subscription.objects.order_by().filter(person=reader, task_id=OuterRef("task_id")).values("pk")[:1]
    previews = Comment.previews.through.objects.filter(comment_id=OuterRef("comment_id"))
    first = previews.order_by("previewfile__revision", "previewfile__position").values("previewfile_id")[:1]
    return {
        **{f"_{name}": expression for name, expression in ITEM.items()},
        "_subscription_id": Subquery(own),
        "_preview_file_id": Subquery(first, output_field=UUIDField()),
        "_mentions": related_ids(Comment, "mentions", outer="comment_id"),
        "_department_mentions": related_ids(Comment, "department_mentions", outer="comment_id"),
        "_replies": AsText("comment__replies"),
        "_author_role": F("author__role"),
        "_writer_role": F("comment__person__role"),
        "_for_client": F("comment__for_client"),
        "_reply_id": F("reply_id"),
        "_may_read": may_read(reader),
    }


def items(notifications: QuerySet[Any], *, reader: Person) -> list[Row]:
    """Notifications with what they are about, in one statement."""
    return [item(row, reader) for row in notifications.values(*COLUMNS, **expressions(reader))]


def item(row: Row, reader: Person) -> Row:
    """One of them. An artist is not told the words of a client, a client those of a thread that is not theirs, who left those of
    the team."""
    reply = reply_of(row)
    shown = {name: row[name] for name in COLUMNS} | {name: row[f"_{name}"] for name in ITEM}
    shown |= {
        "type": Notification.__name__,
        "preview_file_id": row["_preview_file_id"],
        "subscription_id": row["_subscription_id"],
        "mentions": loads(row["_mentions"] or "[]"),
        "department_mentions": loads(row["_department_mentions"] or "[]"),
        "reply_mentions": reply.get("mentions") or [],
        "reply_department_mentions": reply.get("department_mentions") or [],
        "reply_text": reply.get("text") or "",
    }
    by_client = row["_author_role"] == "client" and reader.role == "user"
    among_the_team = reader.role == "client" and row["_writer_role"] != "client" and not row["_for_client"]
    if row["comment_id"] is not None and (by_client or among_the_team or not row["_may_read"]):
        shown |= {"comment_text": "", "reply_text": ""}
    return shown


def reply_of(row: Row) -> Row:
    """The reply that a notification is about, or nothing."""
    if row["_reply_id"] is None or not row["_replies"]:
        return {}
    replies = loads(row["_replies"]) or []
    return next((reply for reply in replies if reply.get("id") == str(row["_reply_id"])), {})
