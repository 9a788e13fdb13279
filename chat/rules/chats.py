"""Chats: joining, leaving, talking."""

from collections.abc import Sequence
from typing import Any

from assets.models import Entity
from chat.models import Chat, ChatMessage
from core.errors import WrongParameter
from core.models import now
from core.signals import files_attached, row_leaving
from core.transactions import whole_step
from events.emit import emit
from people.models import Person

STRANGER = "You are not a participant of this chat"


def tell(name: str, chat: Chat, entity: Entity, *, by: Person, **payload: Any) -> None:
    """Tell those who are there now; chats leave no trace in the log, and only the production's team hears of them."""
    emit(f"chat:{name}", {"chat_id": chat.pk, **payload}, heard_in=entity.project_id, by=by, stored=False)


def chat_of(entity: Entity) -> Chat:
    """The chat of an entity, made when somebody first asks for it."""
    named: dict[str, Any] = {"object_id": entity.pk, "object_type": "entity"}
    return Chat.objects.order_by().filter(**named).first() or Chat.objects.get_or_create(**named)[0]


@whole_step()
def join_chat(entity: Entity, *, by: Person) -> Chat:
    """Take part in an entity's chat."""
    chat = chat_of(entity)
    chat.participants.add(by)
    tell("joined", chat, entity, by=by, person_id=by.pk)
    return chat


@whole_step()
def leave_chat(entity: Entity, *, by: Person) -> None:
    """Take part no longer."""
    chat = chat_of(entity)
    chat.participants.remove(by)
    tell("left", chat, entity, by=by, person_id=by.pk)


@whole_step()
def post_message(entity: Entity, text: str, *, uploads: Sequence[Any] = (), by: Person) -> ChatMessage:
    """Say something in an entity's chat, with files if there are any. Raises WrongParameter for who takes no part in it."""
    chat = chat_of(entity)
    if not chat.participants.filter(pk=by.pk).exists():
        raise WrongParameter(STRANGER)
    message = ChatMessage.objects.create(chat=chat, person=by, text=text)
    Chat.objects.filter(pk=chat.pk).update(last_message=message.created_at, updated_at=now())
    if uploads:
        files_attached.send(ChatMessage, comment=None, reply_id=None, chat_message=message, uploads=uploads, by=by)
    moment = message.created_at.replace(microsecond=0).isoformat()
    tell("new-message", chat, entity, by=by, chat_message_id=message.pk, last_message=moment)
    return message


@whole_step()
def delete_message(message: ChatMessage, entity: Entity, *, by: Person) -> None:
    """Take back what was said, with its files."""
    pk = message.pk
    row_leaving.send(ChatMessage, instance=message, by=by)
    message.delete()
    tell("deleted-message", message.chat, entity, by=by, chat_message_id=pk)


@whole_step()
def delete_chat(chat: Chat, *, by: Person) -> None:
    """Delete a chat with all that was said."""
    for message in chat.messages.all():
        row_leaving.send(ChatMessage, instance=message, by=by)
        message.delete()
    chat.delete()
