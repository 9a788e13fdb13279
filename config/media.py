"""Pictures and movies have threads of their own, so that bytes do not wait behind boards; small pictures take a short way."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings

from config.bridge import Bridge, Receive, Scope, Send
from core.api.exceptions import with_status
from core.errors import Refusal
from core.json import dumps
from core.middleware import SAFE_HEADERS
from files import quick

PATHS = ("/pictures/", "/movies/", "/api/pictures/", "/api/movies/")
TOO_MANY = "Too many media requests, retry later."
RETRY_SECONDS = "5"


def is_media(scope: Scope) -> bool:
    """The request reads a picture or a movie."""
    return scope["method"] in ("GET", "HEAD") and scope["path"].startswith(PATHS)


class Media:
    """An ASGI application that reads pictures and movies."""

    def __init__(self, pages: Callable[..., Any], *, threads: int) -> None:
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="media")
        self.bridge = Bridge(pages, pool=self.pool)
        most = settings.MEDIA_MAX_CONCURRENT_REQUESTS
        self.slots = asyncio.Semaphore(most) if most else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, once there is a slot for it where these are limited."""
        if self.slots is None:
            await self.serve(scope, receive, send)
            return
        try:
            await asyncio.wait_for(self.slots.acquire(), settings.MEDIA_SLOT_WAIT_TIMEOUT)
        except TimeoutError:
            await refuse(send)
            return
        try:
            await self.serve(scope, receive, send)
        finally:
            self.slots.release()

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The short way if it leads there, else Django's."""
        asked = quick.asked(scope)
        found = await asyncio.get_running_loop().run_in_executor(self.pool, quick.answer, asked) if asked else None
        if found is None:
            await self.bridge(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": found.status, "headers": found.headers})
        await send({"type": "http.response.body", "body": found.body})


async def refuse(send: Send) -> None:
    """Ask the client to come back in a moment."""
    refusal = with_status(Refusal(TOO_MANY), 503)
    headers = {**SAFE_HEADERS, "Content-Type": "application/json", "Retry-After": RETRY_SECONDS, "Cache-Control": "no-store"}
    pairs = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": refusal.status, "headers": pairs})
    await send({"type": "http.response.body", "body": dumps(refusal.payload)})
