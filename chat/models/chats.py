"""Chats about entities and their messages."""

from typing import Any

from django.db import models

from assets.models import Entity
from core.models import BaseModel


class ChatMessage(BaseModel):
    """What a participant said in a chat."""

    held_by = "chat"

    chat = models.ForeignKey("chat.Chat", models.PROTECT, related_name="messages")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="chat_messages")
    text = models.TextField(null=True, blank=True)

    class Meta(BaseModel.Meta):
        db_table = "chat_message"
        indexes = [models.Index(fields=["chat", "created_at"], name="chat_message_of_chat")]


class Chat(BaseModel):
    """The conversation about one entity, made when somebody first asks for it. `last_message` is the newest one's date."""

    object_id = models.UUIDField()
    object_type = models.CharField(max_length=80, default="entity")
    last_message = models.DateTimeField(null=True, blank=True)
    participants = models.ManyToManyField("people.Person", blank=True, related_name="chats")

    class Meta(BaseModel.Meta):
        db_table = "chat"
        constraints = [models.UniqueConstraint(fields=["object_id", "object_type"], name="chat_unique")]

    @property
    def production_id(self) -> Any:
        """The production of its entity."""
        return Entity.objects.order_by().filter(pk=self.object_id).values_list("project_id", flat=True).first()
