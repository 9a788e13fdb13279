"""Chats about entities."""

from chat.models.chats import Chat, ChatMessage

__all__ = [
    "Chat",
    "ChatMessage",
]
