"""The whole server as one ASGI application: Socket.IO at /socket.io, and everything else by Django in a pool of threads.

Views are plain code that waits for the database, so each runs in a thread with a database connection of its own, which it
keeps. Answers that stream stay streams: a thread waits where its client reads slowly.
"""

import os
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote_from_bytes

from a2wsgi import WSGIMiddleware
from django.conf import settings

from config.wsgi import application as pages

# Ways in here need the settings that `config.wsgi` has set up.
from config.realtime.holder import Holder, Receive, Scope, Send  # isort: skip

BLOCK = 256 * 1024
LAST_MOMENT = 4.0


class Blocks:
    """The content of an open file, in blocks large enough that carrying each to the client costs little."""

    def __init__(self, file: Any, size: int = BLOCK) -> None:
        self.file = file
        self.close = getattr(file, "close", lambda: None)

    def __iter__(self) -> Iterator[bytes]:
        while block := self.file.read(BLOCK):
            yield block


def pages_with_files(environ: dict[str, Any], start_response: Any) -> Any:
    """Django, told how to send files."""
    environ["wsgi.file_wrapper"] = Blocks
    return pages(environ, start_response)


threads = WSGIMiddleware(pages_with_files, workers=settings.THREADS)  # type: ignore[arg-type]
sockets = Holder()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """One request, one websocket, or the life of the process."""
    if scope["type"] == "lifespan":
        await live(receive, send)
    elif f"{scope['path']}/".startswith("/socket.io/"):
        await sockets(scope, receive, send)
    else:
        if not scope.get("query_string", b"").isascii():
            scope = {**scope, "query_string": quote_from_bytes(scope["query_string"], safe="&=+%;,/?:@!$'()*~").encode()}
        await threads(scope, receive, send)  # type: ignore[arg-type]


async def live(receive: Receive, send: Send) -> None:
    """Opens the real-time channel at the start, closes it at the end."""
    await receive()
    await sockets.start()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await sockets.stop()
    # A thread that waits for a client long gone must not keep the process from ending.
    timer = threading.Timer(LAST_MOMENT, os._exit, (0,))
    timer.daemon = True
    timer.start()
    await send({"type": "lifespan.shutdown.complete"})
