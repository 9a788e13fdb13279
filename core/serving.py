"""Making a studio ready and serving it."""

import contextlib
import fcntl
import io
import os
import secrets
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import uvicorn
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection, connections
from uvicorn.supervisors import Multiprocess

from core.jobs import JobThread

GRACE_SECONDS = 4
PREPARATION_LOCK = 0x63616C6C
DEFAULT_ADMIN = "admin@example.com"


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """One process at a time prepares the studio, of all that start at once on the same database."""
    with (settings.DATA_DIR / "preparation.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if connection.vendor != "postgresql":
            yield
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [PREPARATION_LOCK])
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [PREPARATION_LOCK])


def prepare_studio() -> tuple[str, str] | None:
    """Migrate, write the default data, make the administrator. It changes nothing where all is there.

    Returns the address and password of an administrator whose password was made up here, for whoever starts the server.
    """
    with alone():
        call_command("migrate", interactive=False, verbosity=0)
        if not get_user_model()._default_manager.exists():
            # A new studio. Later starts must not bring back what the studio has removed.
            call_command("init_data", stdout=io.StringIO())
        return make_administrator()


def prepare_studio_apart() -> tuple[str, str] | None:
    """`prepare_studio` by a child process, which takes along the memory that migrations need. Raises what that raises.

    The child is a copy of this process, which needs no start of its own; systems other than Linux do not bear such copies.
    """
    if sys.platform != "linux":
        return prepare_studio()
    connections.close_all()
    with ProcessPoolExecutor(1, mp_context=get_context("fork")) as child:
        return child.submit(prepare_studio).result()


def make_administrator() -> tuple[str, str] | None:
    """The administrator of ADMIN_EMAIL and ADMIN_PASSWORD, or one with a made-up password where the studio has nobody."""
    people: Any = get_user_model()._default_manager
    email, password = settings.ADMIN_EMAIL, settings.ADMIN_PASSWORD
    if email and people.of_address(email).exists():
        return None
    if not (email and password) and people.filter(role="admin").exists():
        return None
    made_up = None if password else secrets.token_urlsafe(12)
    email = email or DEFAULT_ADMIN
    people.create_superuser(email, password or made_up)
    return (email, made_up) if made_up else None


def server_config(**options: Any) -> uvicorn.Config:
    """How the server speaks HTTP."""
    return uvicorn.Config(
        settings.ASGI_APPLICATION.replace(".application", ":application"),
        loop="uvloop",
        http="httptools",
        ws="websockets-sansio",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=65,
        timeout_graceful_shutdown=GRACE_SECONDS,
        **options,
    )


def serve(host: str, port: int, *, processes: int, with_jobs: bool) -> None:
    """Serve until a signal says stop; all of it ends within seconds, jobs included."""
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    connections.close_all()
    jobs = JobThread() if with_jobs else None
    config = server_config(host=host, port=port, workers=processes)
    failed = False
    try:
        if jobs is not None:
            jobs.start()
        if processes > 1:
            Multiprocess(config, sockets=[config.bind_socket()]).run()
        else:
            server = uvicorn.Server(config)
            server.run()
            failed = not server.started
    except KeyboardInterrupt:
        pass
    finally:
        if jobs is not None:
            jobs.stop(GRACE_SECONDS)
    # Threads that still wait for clients long gone must not keep the process from ending.
    os._exit(1 if failed else 0)
