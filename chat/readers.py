"""What clients see of chats."""

from collections.abc import Iterable
from typing import Any

from chat.models import Chat, ChatMessage
from core.projection import Projection, Row

CHAT = Projection(Chat, relations=["participants"])
CHAT_MESSAGE = Projection(ChatMessage, relations=["attachment_files"])
SHORT_ATTACHMENT = ("id", "name", "extension")


def attachments_of(messages: Iterable[Any], *more: str) -> dict[str, list[Row]]:
    """The files of messages in short form, by message. One statement."""
    related = ChatMessage._meta.get_field("attachment_files").related_model
    found: dict[str, list[Row]] = {}
    rows = related.objects.filter(chat_message_id__in=list(messages)).order_by("created_at", "id")  # type: ignore[union-attr]
    for row in rows.values("chat_message_id", *SHORT_ATTACHMENT, *more):
        found.setdefault(str(row.pop("chat_message_id")), []).append(row)
    return found


def messages_of(chat: Chat) -> list[Row]:
    """A chat's messages with their files, the oldest first. Two statements."""
    rows = list(CHAT_MESSAGE.rows(ChatMessage.objects.filter(chat=chat).order_by("created_at", "id")))
    files = attachments_of(row["id"] for row in rows)
    return [{**row, "attachment_files": files.get(row["id"], [])} for row in rows]
