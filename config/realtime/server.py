"""The Socket.IO server: it admits people, carries events to them and keeps their review rooms."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar
from uuid import UUID

import socketio
from django.conf import settings
from django.db import close_old_connections

from config.realtime.admission import NotAdmitted, admit, is_own_origin, token_of
from config.realtime.review_rooms import RELAYED, ReviewRooms, may_review, people_of, playlist_of
from events.realtime import ADMINS, NAMESPACE, STUDIO, Delivery, InProcess, carrier, person_room
from events.redis_way import REDIS_CHANNEL
from people.models import Person

log = logging.getLogger("callboard.events")
database = ThreadPoolExecutor(4, thread_name_prefix="sockets")
DELIVERY_PATIENCE = 5.0
T = TypeVar("T")


async def in_database(question: Callable[..., T], *args: Any) -> T:
    """Asks the database in a thread, as the event loop must not wait for it."""
    return await asyncio.get_running_loop().run_in_executor(database, asked, question, *args)


def asked(question: Callable[..., T], *args: Any) -> T:
    """What the question answers, over a connection that is still good."""
    close_old_connections()
    try:
        return question(*args)
    finally:
        close_old_connections()


class EventsNamespace(socketio.AsyncNamespace):  # type: ignore[misc]
    """Connections on /events. Each has its token looked at again on every message that it sends, and from time to time."""

    def __init__(self) -> None:
        super().__init__(NAMESPACE)
        self.tokens: dict[str, str] = {}
        self.rooms_of_review = ReviewRooms()

    async def on_connect(self, sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        """Admits a client, or refuses it with the reason."""
        try:
            token = token_of(environ, auth)
            person = await in_database(admit, token)
        except NotAdmitted as refusal:
            raise socketio.exceptions.ConnectionRefusedError(str(refusal)) from None
        self.tokens[sid] = token
        await self.save_session(sid, {"person": person})
        await self.enter_room(sid, person_room(person.pk))
        await self.enter_room(sid, STUDIO)
        if person.is_admin:
            await self.enter_room(sid, ADMINS)

    async def on_disconnect(self, sid: str, reason: str) -> None:
        """The person leaves all review rooms."""
        self.tokens.pop(sid, None)
        person = (await self.get_session(sid)).get("person")
        for playlist_id in self.rooms_of_review.with_person(str(person.pk)) if person else ():
            await self.leave_review(playlist_id, person)

    async def trigger_event(self, event: str, sid: str, *args: Any) -> Any:
        """Connections as usual; messages only from people who may still be here."""
        if event in ("connect", "disconnect"):
            return await super().trigger_event(event, sid, *args)
        person = await self.still_admitted(sid)
        playlist_id = playlist_of(args[0] if args else None)
        if person is not None and playlist_id is not None:
            await self.hear(event, sid, person, playlist_id, args)
        return None

    async def still_admitted(self, sid: str) -> Person | None:
        """The person behind a connection, or None once their token counts no more; the connection then ends."""
        token = self.tokens.get(sid)
        try:
            person = await in_database(admit, token) if token else None
        except NotAdmitted:
            person = None
        if person is None:
            await self.disconnect(sid)
        elif person.is_admin:
            await self.enter_room(sid, ADMINS)
        else:
            await self.leave_room(sid, ADMINS)
        return person

    async def check_everybody(self) -> None:
        """Ends the connections of people who have signed out, or have been shut out, since."""
        for sid in list(self.tokens):
            await self.still_admitted(sid)

    # Review rooms

    async def hear(self, event: str, sid: str, person: Person, playlist_id: str, args: tuple[Any, ...]) -> None:
        """Does what a client asks of a review room. What they may not do happens silently not."""
        if event == "preview-room:open-playlist" and await in_database(may_review, person, UUID(playlist_id)):
            await self.enter_room(sid, playlist_id)
            await self.tell(playlist_id, "room-people-updated", people_of(self.rooms_of_review.of(playlist_id)))
        elif event == "preview-room:close-playlist":
            await self.leave_room(sid, playlist_id)
        elif event == "preview-room:join" and await in_database(may_review, person, UUID(playlist_id)):
            room = self.rooms_of_review.join(playlist_id, str(person.pk), args[0])
            await self.tell(playlist_id, "room-people-updated", people_of(room))
            await self.tell(playlist_id, "room-updated", room)
        elif event == "preview-room:leave":
            await self.leave_review(playlist_id, person)
        elif person.preview_project_id is None and self.takes_part(sid, person, playlist_id):
            await self.share(event, playlist_id, args)

    def takes_part(self, sid: str, person: Person, playlist_id: str) -> bool:
        """The client has opened the playlist or joined its review."""
        opened = playlist_id in self.server.rooms(sid, self.namespace)
        return opened or str(person.pk) in self.rooms_of_review.of(playlist_id)["people"]

    async def share(self, event: str, playlist_id: str, args: tuple[Any, ...]) -> None:
        """Passes on to a room what one of the people in it does."""
        if event in RELAYED:
            await self.emit(event, args[0], room=playlist_id)
        elif event == "preview-room:room-updated":
            room = self.rooms_of_review.update(playlist_id, args[0])
            await self.tell(playlist_id, "room-updated", {"only_newcomer": bool(args[1:] and args[1]), **room})

    async def leave_review(self, playlist_id: str, person: Person) -> None:
        """Takes a person out of a review room and tells the others."""
        room = self.rooms_of_review.leave(playlist_id, str(person.pk))
        await self.tell(playlist_id, "room-people-updated", people_of(room))

    async def tell(self, playlist_id: str, act: str, content: dict[str, Any]) -> None:
        """Sends an event to the people in a review room."""
        await self.emit(f"preview-room:{act}", content, room=playlist_id)


def make_server() -> socketio.AsyncServer:
    """A Socket.IO server; behind Redis it shares events with the servers of other machines."""
    manager = socketio.AsyncRedisManager(settings.REDIS_URL, channel=REDIS_CHANNEL) if settings.REDIS_URL else None
    return socketio.AsyncServer(
        async_mode="asgi",
        async_handlers=False,  # what one client sends is done in the order in which it was sent
        client_manager=manager,
        cors_allowed_origins=is_own_origin,
        cors_credentials=bool(settings.CORS_ALLOWED_ORIGINS),
        logger=logging.getLogger("callboard.sockets"),
        engineio_logger=logging.getLogger("callboard.sockets"),
    )


class Channel:
    """The real-time channel of this process, from when it takes the sockets over until it stops."""

    def __init__(self) -> None:
        self.server = make_server()
        self.events = EventsNamespace()
        self.server.register_namespace(self.events)
        self.application = socketio.ASGIApp(self.server, socketio_path=None)
        self.watch: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Events of this process come here from now on."""
        loop = asyncio.get_running_loop()

        def deliver(deliveries: list[Delivery]) -> None:
            asyncio.run_coroutine_threadsafe(self.deliver(deliveries), loop).result(DELIVERY_PATIENCE)

        carrier.in_process = InProcess(deliver, lambda: bool(self.events.tokens))
        self.watch = loop.create_task(self.watch_people())

    def close(self) -> None:
        """No more events come here."""
        carrier.in_process = None
        if self.watch is not None:
            self.watch.cancel()

    async def deliver(self, deliveries: list[Delivery]) -> None:
        """Sends events to those who are connected here, in order."""
        for delivery in deliveries:
            await self.server.emit(delivery.name, delivery.payload, room=delivery.rooms, namespace=NAMESPACE)

    async def watch_people(self) -> None:
        """Looks at everybody's token again every SOCKET_CHECK_SECONDS."""
        while True:
            await asyncio.sleep(settings.SOCKET_CHECK_SECONDS)
            try:
                await self.events.check_everybody()
            except Exception:
                log.exception("The connected people could not be checked")
