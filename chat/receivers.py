"""What this room does when lower rooms tell that rows leave."""

from typing import Any

from assets.models import Entity
from chat.models import Chat, ChatMessage
from chat.rules.chats import delete_chat
from core.rules import wipe
from core.signals import row_leaving
from people.models import Person
from production.models import Project


def entity_leaves(sender: Any, *, instance: Entity, by: Any, **kwargs: Any) -> None:
    """An entity takes its chat along."""
    for chat in Chat.objects.filter(object_id=instance.pk):
        delete_chat(chat, by=by)


def project_leaves(sender: Any, *, instance: Project, by: Any, **kwargs: Any) -> None:
    """A production takes along the chats about its entities, one statement per table."""
    chats = Chat.objects.filter(object_id__in=Entity.objects.order_by().filter(project=instance).values("pk"))
    ids = chats.order_by().values("pk")
    wipe(ChatMessage.objects.filter(chat__in=ids))
    wipe(Chat.participants.through.objects.filter(chat__in=ids))
    wipe(chats)


def person_leaves(sender: Any, *, instance: Person, by: Any, **kwargs: Any) -> None:
    """A person's messages go with their files."""
    for message in ChatMessage.objects.filter(person=instance):
        row_leaving.send(ChatMessage, instance=message, by=by)
        message.delete()


def connect() -> None:
    """Listen from now on."""
    for model, receiver in ((Entity, entity_leaves), (Project, project_leaves), (Person, person_leaves)):
        row_leaving.connect(receiver, sender=model, dispatch_uid=f"chat.{receiver.__name__}")
