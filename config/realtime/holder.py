"""Which process holds the sockets where several serve the same data.

A client of Socket.IO comes with many requests, and all must reach the process that knows its session. So one process of a
machine holds every socket: the one that has the lock beside the data. The others pass on to it what comes for /socket.io,
by a Unix socket, and take its place when it ends.
"""

import asyncio
import contextlib
import fcntl
import logging
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson
import uvicorn
import websockets
from django.conf import settings
from websockets.asyncio.client import ClientConnection, unix_connect

from config.realtime.server import Channel
from events.realtime import Delivery

log = logging.getLogger("callboard.events")
Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
ELECTION_SECONDS = 1.0
OF_CONNECTION = (b"connection", b"date", b"server")
LONGEST_LINE = 2**26
UNREACHABLE = (OSError, asyncio.IncompleteReadError, websockets.WebSocketException)


def with_length(application: Any) -> Any:
    """The application with a Content-Length on its answers, which are all of one piece."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        start: dict[str, Any] = {}

        async def send_measured(event: dict[str, Any]) -> None:
            if event["type"] == "http.response.start":
                start.update(event)
                return
            if event["type"] == "http.response.body" and start:
                length = (b"content-length", str(len(event.get("body", b""))).encode())
                await send({**start, "headers": [*start["headers"], length]})
                start.clear()
            await send(event)

        await application(scope, receive, send_measured)

    return answer


class InnerServer(uvicorn.Server):
    """A server for the other processes of this machine; signals are the outer server's affair."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leaves all signals alone."""
        yield


class Holder:
    """Serves /socket.io: with sockets of its own once this process holds the lock, else by the process that does."""

    def __init__(self) -> None:
        self.channel: Channel | None = None
        self.inner: InnerServer | None = None
        self.events: asyncio.Server | None = None
        self.tasks: list[asyncio.Task[Any]] = []
        self.lock = (settings.DATA_DIR / "sockets.lock").open("w")
        self.path: Path = settings.DATA_DIR / "sockets.sock"

    async def start(self) -> None:
        """Takes the sockets over, or waits for the moment to."""
        if not await self.took_over():
            self.tasks.append(asyncio.create_task(self.candidate()))

    async def candidate(self) -> None:
        """Tries again and again to take the sockets over."""
        while not await self.took_over():
            await asyncio.sleep(ELECTION_SECONDS)

    async def took_over(self) -> bool:
        """Takes the lock and with it the sockets; False while another process has it."""
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        self.channel = Channel()
        self.channel.open()
        try:
            await self.listen(self.channel)
        except OSError as error:
            log.warning("Other processes of this machine can't reach the sockets: %s", error)
        return True

    async def listen(self, channel: Channel) -> None:
        """Opens the doors for the other processes: one for clients, one for events. Raises OSError."""
        settings.EVENTS_SOCKET.unlink(missing_ok=True)
        self.path.unlink(missing_ok=True)
        self.events = await asyncio.start_unix_server(self.take_events, settings.EVENTS_SOCKET, limit=LONGEST_LINE)
        settings.EVENTS_SOCKET.chmod(0o600)
        application = with_length(channel.application)
        config = uvicorn.Config(
            application, uds=str(self.path), lifespan="off", log_config=None, access_log=False, ws="websockets-sansio"
        )
        self.inner = InnerServer(config)
        self.tasks.append(asyncio.create_task(self.inner.serve()))

    async def take_events(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Events of another process of this machine, one a line."""
        with contextlib.suppress(ConnectionError, ValueError):
            while self.channel is not None and (line := await reader.readline()):
                await self.channel.deliver([Delivery(*orjson.loads(line))])
        writer.close()

    async def stop(self) -> None:
        """Leaves the sockets to another process."""
        if self.channel is not None:
            self.channel.close()
            for path in (settings.EVENTS_SOCKET, self.path):
                path.unlink(missing_ok=True)
        if self.events is not None:
            self.events.close()
        if self.inner is not None:
            self.inner.should_exit = self.inner.force_exit = True
        for task in self.tasks:
            task.cancel()
        self.lock.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A request for /socket.io."""
        if self.channel is not None:
            await with_length(self.channel.application)(scope, receive, send)
        elif scope["type"] == "websocket":
            await self.pass_on_websocket(scope, receive, send)
        else:
            await self.pass_on_request(scope, receive, send)

    def address(self, scope: Scope) -> str:
        """The path and query that were asked for."""
        return f"{quote(scope['path'])}?{scope['query_string'].decode('latin-1')}"

    async def pass_on_request(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Has the holder answer a request; 503 while there is none."""
        body = b""
        while True:
            event = await receive()
            if event["type"] == "http.disconnect":
                return
            body += event.get("body", b"")
            if not event.get("more_body"):
                break
        try:
            status, headers, content = await self.ask_holder(scope, body)
        except (*UNREACHABLE, ValueError):
            status, headers, content = 503, [(b"retry-after", b"1")], b""
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    async def ask_holder(self, scope: Scope, body: bytes) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        """One request in HTTP 1.0, whose answer ends with the connection. Raises OSError."""
        reader, writer = await asyncio.open_unix_connection(self.path)
        try:
            kept = [(name, value) for name, value in scope["headers"] if name not in (b"connection", b"content-length")]
            kept.append((b"content-length", str(len(body)).encode()))
            lines = b"".join(name + b": " + value + b"\r\n" for name, value in kept)
            writer.write(f"{scope['method']} {self.address(scope)} HTTP/1.0\r\n".encode() + lines + b"\r\n" + body)
            await writer.drain()
            head = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
            fields = [line.partition(b":") for line in head[1:] if line]
            headers = [(name, value.strip()) for name, _, value in fields if name.lower() not in OF_CONNECTION]
            return int(head[0].split()[1]), headers, await reader.read()
        finally:
            writer.close()

    async def pass_on_websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Joins a websocket with one of the holder's."""
        await receive()
        given = {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}
        headers = {name: given[name] for name in ("cookie", "authorization", "origin") if name in given}
        headers["x-forwarded-host"] = given.get("x-forwarded-host") or given.get("host", "")
        try:
            connection = await unix_connect(
                str(self.path), f"ws://holder{self.address(scope)}", additional_headers=headers, compression=None, max_size=None
            )
        except UNREACHABLE:
            await send({"type": "websocket.close", "code": 1013})
            return
        async with connection:
            await send({"type": "websocket.accept"})
            await self.join_websockets(connection, receive, send)

    async def join_websockets(self, connection: ClientConnection, receive: Receive, send: Send) -> None:
        """Carries messages both ways until either side closes."""

        async def to_client() -> None:
            async for message in connection:
                await send({"type": "websocket.send", "text" if isinstance(message, str) else "bytes": message})

        async def to_holder() -> None:
            while (event := await receive())["type"] == "websocket.receive":
                text = event.get("text")
                await connection.send(event["bytes"] if text is None else text)

        ways = {asyncio.create_task(to_client()), asyncio.create_task(to_holder())}
        done, pending = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        for task in done:
            task.exception()
        with contextlib.suppress(RuntimeError):
            await send({"type": "websocket.close", "code": 1001})
