"""Where events leave for the connected people: to whom each one goes, and by which way it reaches the sockets.

One thread of this process carries events out, in order, so that no request waits for it. The sockets may be held by this
process, by another process of this machine (it listens at `events.sock` among the data), or by any process behind Redis.
"""

import atexit
import logging
import os
import queue
import socket
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from django.apps import apps
from django.conf import settings
from django.db import close_old_connections

from core.json import dumps, loads

log = logging.getLogger("callboard.events")
NAMESPACE = "/events"
ADMINS, STUDIO = "admins", "studio"
PATIENCE = 2.0
LONGEST_QUEUE = 10_000


class Announced(Protocol):
    """What `broadcast` needs to know of an event."""

    name: str
    payload: dict[str, Any]
    heard_in: Any
    person_ids: list[str] | None


@dataclass(frozen=True)
class Delivery:
    """An event with the rooms of those who receive it."""

    name: str
    payload: dict[str, Any]
    rooms: list[str]


class Way(Protocol):
    """A way to the sockets."""

    def is_open(self) -> bool:
        """Somebody may be listening at its end."""

    def send(self, deliveries: list[Delivery]) -> None:
        """Carries events there. Raises OSError or RedisError when it is broken."""


class InProcess:
    """The sockets are held by this process: `deliver` takes events, `has_listeners` knows whether anybody is connected."""

    def __init__(self, deliver: Callable[[list[Delivery]], None], has_listeners: Callable[[], bool]) -> None:
        self.send = deliver
        self.is_open = has_listeners


class ThroughSocket:
    """Another process of this machine holds the sockets; events go to it as lines of JSON."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.connection: socket.socket | None = None

    def is_open(self) -> bool:
        """A server has run on these data; whether it still does, sending will tell."""
        return self.path.exists()

    def send(self, deliveries: list[Delivery]) -> None:
        """Writes one line an event. A connection that the server has left behind is made anew once."""
        lines = b"".join(dumps([delivery.name, delivery.payload, delivery.rooms]) + b"\n" for delivery in deliveries)
        try:
            if self.connection is not None:
                self.connection.sendall(lines)
                return
        except OSError:
            self.connection = None
        self.connection = socket.socket(socket.AF_UNIX)
        self.connection.settimeout(PATIENCE)
        try:
            self.connection.connect(str(self.path))
            self.connection.sendall(lines)
        except OSError:
            self.connection = None
            raise


def through_redis(url: str) -> Way:
    """The way of studios that have Redis."""
    from events.redis_way import ThroughRedis  # Socket.IO takes twelve megabytes, which commands without Redis need not have

    return ThroughRedis(url)


class Carrier:
    """The thread that carries events out, and the way they go."""

    def __init__(self) -> None:
        self.in_process: InProcess | None = None
        self.begin_anew()

    def begin_anew(self) -> None:
        """Nothing waits and no thread runs, as in a process just started or forked."""
        self.waiting: queue.Queue[Any] = queue.Queue(LONGEST_QUEUE)
        self.thread: threading.Thread | None = None
        self.starting = threading.Lock()
        self.other: Way | None = None
        self.failing = False

    @property
    def way(self) -> Way:
        """How events reach the sockets from here."""
        if self.in_process is not None and not settings.REDIS_URL:
            return self.in_process
        if self.other is None:
            self.other = through_redis(settings.REDIS_URL) if settings.REDIS_URL else ThroughSocket(settings.EVENTS_SOCKET)
        return self.other

    def take(self, emissions: list[Announced]) -> None:
        """Takes events over; returns at once. When the way has been broken for long, the newest events are dropped."""
        if not self.way.is_open():
            return
        self.start()
        try:
            self.waiting.put_nowait(emissions)
        except queue.Full:
            self.complain("its queue is full")

    def start(self) -> None:
        """Starts the thread unless it runs."""
        with self.starting:
            if self.thread is None:
                self.thread = threading.Thread(target=self.carry, name="events", daemon=True)
                self.thread.start()

    def carry(self) -> None:
        """Carries out what waits, for as long as the process lives."""
        while True:
            item = self.waiting.get()
            if isinstance(item, threading.Event):
                item.set()
                continue
            close_old_connections()
            try:
                self.way.send(deliveries_of(item))
                self.failing = False
            except (ConnectionRefusedError, FileNotFoundError):
                pass  # no server runs on these data, so nobody listens
            except Exception as error:
                self.complain(error)
            close_old_connections()

    def complain(self, reason: object) -> None:
        """Says once that events do not get out, until one does again."""
        if not self.failing:
            self.failing = True
            log.warning("Events do not reach the connected people: %s", reason)

    def flush(self, patience: float = PATIENCE) -> None:
        """Waits until what was taken over is out, for `patience` seconds at most."""
        if self.thread is None:
            return
        done = threading.Event()
        try:
            self.waiting.put(done, timeout=patience)
        except queue.Full:
            return
        done.wait(patience)


carrier = Carrier()
os.register_at_fork(after_in_child=carrier.begin_anew)
atexit.register(carrier.flush)


def broadcast(emissions: list[Any]) -> None:
    """Send events to the connected people who may see them. It never waits, and never fails."""
    if emissions:
        carrier.take(emissions)


def person_room(person_id: Any) -> str:
    """The room of one person's sockets."""
    return f"person:{person_id}"


def deliveries_of(emissions: Iterable[Announced]) -> list[Delivery]:
    """Each event with its rooms. One statement for each production that the events are about."""
    teams: dict[str, list[str]] = {}
    deliveries = []
    for emission in emissions:
        if emission.person_ids is not None:
            rooms = [person_room(person_id) for person_id in emission.person_ids]
        elif emission.heard_in is None:
            rooms = [STUDIO]
        else:
            key = str(emission.heard_in)
            if key not in teams:
                teams[key] = team_rooms(key)
            rooms = teams[key]
        if rooms:
            deliveries.append(Delivery(emission.name, loads(dumps(emission.payload)), rooms))
    return deliveries


def team_rooms(project_id: str) -> list[str]:
    """The rooms of a production's team, and of the studio managers."""
    links = apps.get_model("production", "ProjectPersonLink")._default_manager.filter(project_id=project_id).order_by()
    return [ADMINS, *(person_room(person_id) for person_id in links.values_list("person_id", flat=True))]
