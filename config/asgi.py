"""The whole server as one ASGI application: Socket.IO at /socket.io, and everything else by Django in a pool of threads.

Views are plain code that waits for the database, so each runs in a thread with a database connection of its own, which it keeps.
"""

import os
import sys
import threading

from django.conf import settings

from config.bridge import Bridge, Receive, Scope, Send
from config.wsgi import application as pages

# Ways in here need the settings that `config.wsgi` has set up.
from config.media import Media, is_media  # isort: skip
from config.realtime.holder import Holder  # isort: skip

LAST_MOMENT = 4.0
# Whoever waits for a word of the database or a file gets the processor back sooner from whoever writes a long answer.
sys.setswitchinterval(0.001)

threads = Bridge(pages, threads=settings.THREADS)
media = Media(pages, threads=settings.MEDIA_THREADS)
sockets = Holder()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """One request, one websocket, or the life of the process."""
    if scope["type"] == "lifespan":
        await live(receive, send)
    elif f"{scope['path']}/".startswith("/socket.io/"):
        await sockets(scope, receive, send)
    elif is_media(scope):
        await media(scope, receive, send)
    else:
        await threads(scope, receive, send)


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
