"""Back-office pages of chats about entities."""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest
from django.utils.text import Truncator

from chat.models import Chat, ChatMessage
from chat.rules.chats import delete_chat
from core.admin import NewestInline, ReadOnlyAdmin, StudioAdmin, count_of, linked, list_link, named_subject, subject_name

ENTITY = apps.get_model("assets", "Entity")


class MessageInline(NewestInline):
    model = ChatMessage
    fields = ("created_at", "person", "text")
    readonly_fields = fields
    verbose_name_plural = "Newest messages"


@admin.register(Chat)
class ChatAdmin(StudioAdmin):
    hidden = ("object_id", "object_type")
    list_display = ("last_message", "subject", "messages", "created_at")
    list_filter = ("last_message",)
    search_fields = ("participants__first_name", "participants__last_name", "messages__text")
    date_hierarchy = "created_at"
    ordering = ("-created_at",)
    inlines = (MessageInline,)
    readonly_fields = ("subject", "last_message")
    counts = {"n_messages": count_of(ChatMessage, "chat")}

    takes_along = True

    def delete_by_rule(self, row: Chat, *, by: Any) -> None:
        delete_chat(row, by=by)

    def describe(self, chat: Chat) -> str:
        return " / ".join(filter(None, (getattr(chat, "subject_1", None), getattr(chat, "subject_2", None)))) or str(chat)

    def get_queryset(self, request: HttpRequest) -> Any:
        """The chats, each with the name of its entity."""
        return super().get_queryset(request).annotate(**subject_name(ENTITY, "object_id", "project__name", "name"))

    @admin.display(description="about", ordering="subject_2")
    def subject(self, chat: Any) -> str:
        return named_subject(ENTITY, chat)

    @admin.display(description="messages", ordering="n_messages")
    def messages(self, chat: Any) -> str:
        return list_link(ChatMessage, chat.n_messages, chat__id__exact=chat.pk)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A chat begins by itself, when somebody opens it on its entity."""
        return False


@admin.register(ChatMessage)
class ChatMessageAdmin(ReadOnlyAdmin):
    list_display = ("describe", linked("person", order="person__last_name"), "subject", "created_at")
    list_filter = ("created_at",)
    search_fields = ("text", "person__first_name", "person__last_name")
    ordering = ("-created_at",)

    @admin.display(description="message", ordering="text")
    def describe(self, message: ChatMessage) -> str:
        return Truncator(message.text or "").chars(80) or "(no text)"

    def get_queryset(self, request: HttpRequest) -> Any:
        """The messages, each with the name of the entity that its chat is about."""
        return super().get_queryset(request).annotate(**subject_name(ENTITY, "chat__object_id", "project__name", "name"))

    @admin.display(description="about", ordering="subject_2")
    def subject(self, message: Any) -> str:
        return " · ".join(filter(None, (message.subject_1, message.subject_2))) or self.empty_value_display
