"""A server of its own, started as a studio starts it: `manage.py serve` on a free port with an empty folder."""

import atexit
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import requests
import socketio

ROOT = Path(__file__).resolve().parent.parent
ADMIN = {"email": "admin@example.com", "password": "mysecretpassword"}
PATIENCE = 240


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(folder: Path, **more: str) -> dict[str, str]:
    """What a server process sees: the folder, the administrator, quick hashing, and none of the tests' own settings."""
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY")}
    return {
        **kept,
        "DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "ADMIN_EMAIL": ADMIN["email"],
        "ADMIN_PASSWORD": ADMIN["password"],
        "BCRYPT_LOG_ROUNDS": "4",
        "LOGLEVEL": "WARNING",
        **more,
    }


class LiveServer:
    """A running server process."""

    def __init__(self, folder: Path, *arguments: str, **variables: str) -> None:
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.log = folder / f"server-{self.port}.log"
        command = [sys.executable, "manage.py", "serve", "--host", "127.0.0.1", "--port", str(self.port), *arguments]
        self.environment = environment(folder, **variables)
        with self.log.open("w") as output:
            self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=output, stderr=subprocess.STDOUT)

    def wait(self) -> "LiveServer":
        """Waits until it answers."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self.process.poll() is None:
            with suppress(requests.ConnectionError):
                requests.get(self.base + "/", timeout=5)
                return self
            time.sleep(0.1)
        raise AssertionError(f"the server did not start:\n{self.log.read_text()}")

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Asks it to end; returns its exit code. It has to be quick."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            return self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise

    def run(self, code: str) -> Any:
        """Runs code in a further process on the server's data; `answer(value)` in it is what this returns."""
        frame = "import json, sys, django; django.setup()\ndef answer(value): print('ANSWER', json.dumps(value, default=str))\n"
        done = subprocess.run(
            [sys.executable, "-c", frame + code], cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=PATIENCE
        )
        assert done.returncode == 0, done.stderr
        answers = [line.removeprefix("ANSWER ") for line in done.stdout.splitlines() if line.startswith("ANSWER ")]
        return json.loads(answers[-1]) if answers else None

    def gather(self) -> dict[str, str]:
        """Stores the cast; returns an access token and the id of each person, by role, and the production's id."""
        return self.run(
            "from dataclasses import fields; from tests.cast import gather; from people.tokens import open_session\n"
            "cast = gather(); people = {f.name: getattr(cast, f.name) for f in fields(cast) if f.name != 'project'}\n"
            "tokens = {role: open_session(person)[1] for role, person in people.items()}\n"
            "answer({**tokens, **{f'{role}_id': person.pk for role, person in people.items()}, 'project_id': cast.project.pk})"
        )

    def login(self, email: str = ADMIN["email"], password: str = ADMIN["password"]) -> str:
        """An access token."""
        answer = requests.post(self.base + "/auth/login", json={"email": email, "password": password}, timeout=20)
        return answer.json()["access_token"]


@contextmanager
def own_database():
    """The variables that give a server a database of its own: on the PostgreSQL server of the tests, else SQLite's default."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield {}
        return
    name = f"callboard_live_{os.getpid()}_{free_port()}"
    parts = urlsplit(url)
    connection = psycopg2.connect(urlunsplit(parts._replace(path="/postgres")))
    connection.autocommit = True
    cursor = connection.cursor()
    cursor.execute(f'CREATE DATABASE "{name}"')
    try:
        yield {"DATABASE_URL": urlunsplit(parts._replace(path=f"/{name}"))}
    finally:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        connection.close()


class Studio:
    """A studio as the first server of this test process found it after its start, for later ones to begin with."""

    folder: Path | None = None

    @classmethod
    def lay_out(cls, folder: Path) -> None:
        """Copies the studio into an empty folder, so that its server need not migrate anew."""
        if cls.folder is not None:
            shutil.copytree(cls.folder, folder, dirs_exist_ok=True)

    @classmethod
    def keep(cls, folder: Path) -> None:
        """Keeps a studio that was just made."""
        if cls.folder is None:
            cls.folder = Path(tempfile.mkdtemp(prefix="callboard-studio-"))
            atexit.register(shutil.rmtree, cls.folder, ignore_errors=True)
            shutil.copy(folder / "secret.key", cls.folder)
            with (
                closing(sqlite3.connect(folder / "callboard.sqlite3")) as made,
                closing(sqlite3.connect(cls.folder / "callboard.sqlite3")) as kept,
            ):
                made.backup(kept)


@contextmanager
def live_server(folder: Path, *arguments: str, **variables: str):
    """A server for the time of the block."""
    with own_database() as database:
        if not database:
            Studio.lay_out(folder)
        server = LiveServer(folder, *arguments, **database, **variables)
        try:
            server.wait()
            if not database:
                Studio.keep(folder)
            yield server
        finally:
            server.stop()


class Listener:
    """A Socket.IO client that keeps what it hears."""

    def __init__(self, base: str, token: str | None = None, *, auth=None, cookie: str | None = None, transports=None) -> None:
        self.heard: list[tuple[str, dict]] = []
        self.refusal = None
        self.gone = threading.Event()
        self.client = socketio.Client(reconnection=False)
        self.client.on("*", lambda name, content: self.heard.append((name, content)), namespace="/events")
        self.client.on("connect_error", self.refused, namespace="/events")
        self.client.on("disconnect", lambda *_: self.gone.set(), namespace="/events")
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if cookie:
            headers["Cookie"] = f"access_token_cookie={cookie}"
        with suppress(socketio.exceptions.ConnectionError):
            self.client.connect(base, headers=headers, auth=auth, namespaces=["/events"], transports=transports, wait_timeout=10)

    def refused(self, reason) -> None:
        """Keeps why the server refused."""
        self.refusal = reason

    def names(self) -> list[str]:
        """The names of what was heard, in order."""
        return [name for name, _ in self.heard]

    def wait_for(self, name: str, patience: float = 5) -> dict:
        """The content of the first event of that name."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            for heard, content in list(self.heard):
                if heard == name:
                    return content
            time.sleep(0.02)
        raise AssertionError(f"no {name} among {self.names()}")

    def close(self) -> None:
        """Leaves."""
        self.client.disconnect()
