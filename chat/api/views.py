"""The routes of chats."""

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.request import Request
from rest_framework.response import Response

from assets.models import Entity
from chat.api.bodies import NewMessage
from chat.models import Chat, ChatMessage
from chat.readers import CHAT, CHAT_MESSAGE, attachments_of, messages_of
from chat.rules.chats import chat_of, delete_chat, delete_message, join_chat, leave_chat, post_message
from core.api.access import Scope, check
from core.api.parsers import is_json, typed_body
from core.api.views import ApiViewSet, ResourceViewSet
from core.errors import Forbidden, NotFound
from core.projection import Row
from core.rules import announce
from people.permissions import is_admin, is_human, may_open_entity
from tasks.models import Task
from tasks.newsfeed import full_name
from tasks.querysets import as_vendor

ADMIN_TABLE = dict.fromkeys(("list", "retrieve", "create", "update", "destroy"), is_admin)


class ChatViewSet(ResourceViewSet):
    """`/data/chats`."""

    reader = CHAT
    access = ADMIN_TABLE

    def perform_destroy(self, instance: Chat) -> None:
        """Deletes the chat with all that was said."""
        pk = instance.pk
        delete_chat(instance, by=self.request.user)
        instance.pk = pk
        announce(instance, "delete", by=self.request.user)


class ChatMessageViewSet(ResourceViewSet):
    """`/data/chat-messages`."""

    reader = CHAT_MESSAGE
    access = ADMIN_TABLE


@check(scoped=True)
def said_it(person: Any, scope: Scope) -> bool:
    """The message is the person's own."""
    return scope.instance is not None and scope.instance.person_id == person.pk


class EntityChatViewSet(ApiViewSet):
    """`/data/entities/<id>/chat`, `/actions/user/chats/<entity id>/join`."""

    access = {
        **dict.fromkeys(("retrieve", "messages", "post", "message"), may_open_entity),
        **dict.fromkeys(("join", "leave"), is_human & may_open_entity),
        "delete_message": may_open_entity & (is_admin | said_it),
    }

    def entity(self, entity_id: UUID, instance: Any = None) -> Entity:
        """The entity of the path, once this person may open it. Raises NotFound, Forbidden."""
        found = Entity.objects.order_by().filter(pk=entity_id).first()
        if found is None:
            raise NotFound()
        self.authorise(Scope(project_id=found.project_id, entity_id=found.pk, instance=instance))
        return found

    def message_of(self, entity_id: UUID, pk: UUID) -> ChatMessage:
        """The message of the path. Raises NotFound, and Forbidden for a message of another chat."""
        message = ChatMessage.objects.select_related("chat").filter(pk=pk).first()
        if message is None:
            raise NotFound()
        if message.chat.object_id != entity_id:
            raise Forbidden()
        return message

    def retrieve(self, request: Request, entity_id: UUID) -> Response:
        """The chat with its messages."""
        chat = chat_of(self.entity(entity_id))
        return Response({**CHAT.one(chat.pk), "messages": messages_of(chat)})

    def messages(self, request: Request, entity_id: UUID) -> Response:
        """What was said, the oldest first."""
        return Response(messages_of(chat_of(self.entity(entity_id))))

    def post(self, request: Request, entity_id: UUID) -> Response:
        """Says something."""
        text = typed_body(request, NewMessage).message
        uploads = [] if is_json(request) else uploads_of(request)
        message = post_message(self.entity(entity_id), text, uploads=uploads, by=request.user)
        row = CHAT_MESSAGE.one(message.pk, relations=False)
        files = attachments_of([message.pk], "size") if uploads else {}
        return Response({**row, **({"attachment_files": files[row["id"]]} if files else {})}, status=201)

    def message(self, request: Request, entity_id: UUID, pk: UUID) -> Response:
        """One message."""
        self.entity(entity_id)
        return Response(CHAT_MESSAGE.one(self.message_of(entity_id, pk).pk))

    def delete_message(self, request: Request, entity_id: UUID, pk: UUID) -> Response:
        """Takes a message back."""
        message = self.message_of(entity_id, pk)
        delete_message(message, self.entity(entity_id, message), by=request.user)
        return Response(status=204)

    def join(self, request: Request, entity_id: UUID) -> Response:
        """Takes part."""
        chat = join_chat(self.entity(entity_id), by=request.user)
        return Response(CHAT.one(chat.pk, relations=False))

    def leave(self, request: Request, entity_id: UUID) -> Response:
        """Takes part no longer."""
        leave_chat(self.entity(entity_id), by=request.user)
        return Response(status=204)


def uploads_of(request: Request) -> list[Any]:
    """Every uploaded file of a form."""
    try:
        return [upload for name in request.FILES for upload in request.FILES.getlist(name)]
    except UnsupportedMediaType:
        return []


class OwnChatsViewSet(ApiViewSet):
    """`/data/user/chats`."""

    access = {"list": is_human}

    def list(self, request: Request) -> Response:
        """The chats that the person takes part in, of open productions."""
        return Response(own_chats(request.user))


def own_chats(person: Any) -> list[Row]:
    """The person's chats about entities that they may open, the newest message first. Two statements."""
    chats = {row["object_id"]: row for row in person.chats.order_by("-last_message").values("id", "object_id", "last_message")}
    about = Entity.objects.order_by().filter(pk__in=list(chats), project__project_status__name="Open")
    if not person.is_admin:
        links, vendor = person.team_links.order_by(), as_vendor(person)
        theirs = Task.objects.order_by().assigned(person.pk).filter(entity_id=OuterRef("pk"))
        as_member = Q(project_id__in=links.exclude(vendor).values("project_id"))
        about = about.filter(as_member | Q(Exists(theirs), project_id__in=links.filter(vendor).values("project_id")))
    rows: Any = about.values("id", "project_id", "preview_file_id", entity_name=full_name(""))
    found = {row["id"]: row for row in rows}
    shown = ("entity_name", "project_id", "preview_file_id")
    return [{**chat, **{name: found[pk][name] for name in shown}} for pk, chat in chats.items() if pk in found]
