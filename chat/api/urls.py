"""The routes of this room."""

from django.urls import path

from chat.api.views import ChatMessageViewSet, ChatViewSet, EntityChatViewSet, OwnChatsViewSet
from core.api.router import ResourceRouter

router = ResourceRouter()
router.register("data/chats", ChatViewSet)
router.register("data/chat-messages", ChatMessageViewSet)

chat = EntityChatViewSet.as_view
CHAT = "data/entities/<id:entity_id>/chat"

urlpatterns = [
    path(CHAT, chat({"get": "retrieve"})),
    path(f"{CHAT}/messages", chat({"get": "messages", "post": "post"})),
    path(f"{CHAT}/messages/<id:pk>", chat({"get": "message", "delete": "delete_message"})),
    path("actions/user/chats/<id:entity_id>/join", chat({"post": "join", "delete": "leave"})),
    path("data/user/chats", OwnChatsViewSet.as_view({"get": "list"})),
    *router.urls,
]
