"""Django behind an ASGI server: requests are worked on in threads, and an answer of one piece costs one way there and one back.

A thread is held while a view works and while an answer that the database still feeds is sent. What a client takes its time for
holds none: short bodies are read before, files are read block by block as the client takes them.
"""

import asyncio
import io
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache
from typing import Any
from urllib.parse import quote_from_bytes

from django.conf import settings
from django.core.exceptions import RequestDataTooBig

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
BLOCK = 256 * 1024
SHORT_BODY = 64 * 1024
UNMEASURED = 2**50


class ClientGone(ConnectionError):
    """Nobody is there any more to read the answer, or to send the rest of the request."""


class Blocks:
    """A file to answer with. Whoever asks for it by WSGI's usual means gets its blocks."""

    def __init__(self, file: Any, size: int = BLOCK) -> None:
        self.file = file
        self.close = getattr(file, "close", lambda: None)

    def read(self) -> bytes:
        """The next block, empty at the end."""
        block: bytes = self.file.read(BLOCK)
        return block

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.read, b"")


class Upload(io.RawIOBase):
    """A long body, fetched from the client as the view reads it. Reading raises ClientGone, or RequestDataTooBig past the limit."""

    def __init__(self, receive: Receive, loop: asyncio.AbstractEventLoop, limit: int) -> None:
        self.receive, self.loop, self.left = receive, loop, limit
        self.piece = memoryview(b"")
        self.more = True

    def readable(self) -> bool:
        """It is there to be read."""
        return True

    def readinto(self, target: Any) -> int:
        """Fills the target with what there is; 0 at the end."""
        while not self.piece and self.more:
            self.fetch()
        size = min(len(target), len(self.piece))
        target[:size], self.piece = self.piece[:size], self.piece[size:]
        return size

    def fetch(self) -> None:
        """Waits for the next piece."""
        event = asyncio.run_coroutine_threadsafe(received(self.receive), self.loop).result()
        if event["type"] == "http.disconnect":
            raise ClientGone
        self.piece, self.more = memoryview(event.get("body", b"")), event.get("more_body", False)
        self.left -= len(self.piece)
        if self.left < 0:
            raise RequestDataTooBig


async def received(receive: Receive) -> dict[str, Any]:
    """The next event."""
    return await receive()


@lru_cache(256)
def variable(header: bytes) -> str | None:
    """What WSGI calls a header. Those with an underscore would pass for others, so they are left out."""
    name = header.decode("latin-1").upper()
    if "_" in name:
        return None
    name = name.replace("-", "_")
    return name if name in ("CONTENT_LENGTH", "CONTENT_TYPE") else f"HTTP_{name}"


def environ_of(scope: Scope) -> dict[str, Any]:
    """The request in WSGI's words, without its body."""
    query = scope.get("query_string", b"")
    host, port = scope.get("server") or ("localhost", 80)
    address = scope.get("client") or ("", 0)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": query.decode() if query.isascii() else quote_from_bytes(query, safe="&=+%;,/?:@!$'()*~"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": host,
        "SERVER_PORT": str(port or 0),
        "REMOTE_ADDR": address[0],
        "REMOTE_PORT": str(address[1]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": Blocks,
    }
    for header, value in scope["headers"]:
        name = variable(header)
        if name is not None:
            text = value.decode("latin-1")
            environ[name] = f"{environ[name]},{text}" if name in environ else text
    return environ


class Exchange:
    """One request and its answer, between the event loop and the thread that works on it."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, pool: ThreadPoolExecutor) -> None:
        self.receive, self.send, self.pool = receive, send, pool
        self.loop = asyncio.get_running_loop()
        self.is_head = scope["method"] == "HEAD"
        self.environ = environ_of(scope)
        self.start: dict[str, Any] = {}
        self.departure: asyncio.Task[None] | None = None

    async def run(self, application: Callable[..., Any]) -> None:
        """Answers the request."""
        try:
            self.environ["wsgi.input"] = await self.body()
            answer = await self.loop.run_in_executor(self.pool, self.work, application)
            if answer is not None:
                content, file = answer
                if file is not None:
                    await self.send_file(content, file)
                else:
                    await self.send(self.start)
                    await self.send({"type": "http.response.body", "body": content})
        except ClientGone:
            pass
        finally:
            if self.departure is not None:
                self.departure.cancel()

    # The request

    async def body(self) -> Any:
        """The body as a file: a short one read already, a long one yet to come. Raises ClientGone."""
        length = self.environ.get("CONTENT_LENGTH", "")
        if "HTTP_TRANSFER_ENCODING" in self.environ and not length:
            # Django reads as much as it is told there is, so it is told the most; the body ends where it ends.
            limit = settings.MAX_CONTENT_LENGTH or UNMEASURED
            self.environ["CONTENT_LENGTH"] = str(limit)
            return io.BufferedReader(Upload(self.receive, self.loop, limit), SHORT_BODY)
        if length in ("", "0"):
            return io.BytesIO()
        if not length.isdecimal() or int(length) > SHORT_BODY:
            return io.BufferedReader(Upload(self.receive, self.loop, UNMEASURED), SHORT_BODY)
        content = b""
        more = True
        while more:
            event = await self.receive()
            if event["type"] == "http.disconnect":
                raise ClientGone
            content += event.get("body", b"")
            more = event.get("more_body", False)
        return io.BytesIO(content)

    # In the thread

    def work(self, application: Callable[..., Any]) -> tuple[bytes, Blocks | None] | None:
        """Asks Django. Gives back the answer's content, and a file that goes on after it; nothing where a stream was sent."""
        answer = application(self.environ, self.begin)
        goes_on = False
        try:
            if self.is_head:
                return b"", None
            if isinstance(answer, Blocks):
                first = answer.read()
                goes_on = len(first) == BLOCK
                return first, answer if goes_on else None
            if not getattr(answer, "streaming", True):
                return b"".join(answer), None
            self.send_stream(answer)
            return None
        finally:
            if not goes_on:
                getattr(answer, "close", lambda: None)()

    def begin(self, status: str, headers: list[tuple[str, str]], error: Any = None) -> None:
        """WSGI's start_response."""
        pairs = [(name.lower().encode("latin-1"), value.strip().encode("latin-1")) for name, value in headers]
        self.start = {"type": "http.response.start", "status": int(status[:3]), "headers": pairs}

    def send_stream(self, pieces: Iterable[bytes]) -> None:
        """Sends piece by piece; while one is on its way the next is made, and no more. Raises ClientGone."""
        sending: Future[None] | None = None
        for piece in pieces:
            if sending is not None:
                sending.result()
            sending = asyncio.run_coroutine_threadsafe(self.send_piece(piece), self.loop)
        if sending is not None:
            sending.result()
        asyncio.run_coroutine_threadsafe(self.send_piece(b"", last=True), self.loop).result()

    # In the loop

    async def send_piece(self, piece: bytes, *, last: bool = False) -> None:
        """Sends a piece, after the headers if it is the first. Raises ClientGone."""
        if self.departure is None:
            self.departure = self.loop.create_task(self.wait_for_departure())
            await self.send(self.start)
        if self.departure.done():
            raise ClientGone
        if piece or last:
            await self.send({"type": "http.response.body", "body": piece, "more_body": not last})

    async def wait_for_departure(self) -> None:
        """Ends when the client does."""
        while (await self.receive())["type"] != "http.disconnect":
            pass

    async def send_file(self, first: bytes, file: Blocks) -> None:
        """Sends a file as fast as the client takes it; a thread is held only while a block is read. Raises ClientGone."""
        try:
            block = first
            while block:
                await self.send_piece(block)
                block = await self.loop.run_in_executor(self.pool, file.read)
            await self.send_piece(b"", last=True)
        finally:
            await self.loop.run_in_executor(self.pool, file.close)


class Bridge:
    """An ASGI application that answers requests by a WSGI application in a pool of threads."""

    def __init__(self, application: Callable[..., Any], *, threads: int = 1, pool: ThreadPoolExecutor | None = None) -> None:
        self.application = application
        self.pool = pool or ThreadPoolExecutor(threads, thread_name_prefix="pages")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        await Exchange(scope, receive, send, self.pool).run(self.application)
