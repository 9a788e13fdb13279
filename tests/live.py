"""A server of its own, started as a studio starts it: `manage.py serve` on a free port, with a folder and database of its own."""

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
from collections.abc import Callable
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
            return self.process.wait(30)
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


class Studio:
    """A studio as its first start leaves it: made once by each test process, copied for every server."""

    folder: Path | None = None
    database = ""

    @classmethod
    def make(cls) -> Path:
        """The folder of the studio that is copied; on PostgreSQL, `database` is the name of its database."""
        if cls.folder is None or (on_postgres() and not cls.database):
            cls.folder = folder = Path(tempfile.mkdtemp(prefix="callboard-studio-"))
            atexit.register(shutil.rmtree, folder, ignore_errors=True)
            variables = {}
            if on_postgres():
                cls.database = f"callboard_studio_{os.getpid()}"
                execute(f'CREATE DATABASE "{cls.database}"')
                atexit.register(execute, f'DROP DATABASE "{cls.database}" WITH (FORCE)')
                variables["DATABASE_URL"] = address_of(cls.database)
            code = "import django; django.setup(); from core.serving import prepare_studio; prepare_studio()"
            subprocess.run(
                [sys.executable, "-c", code], cwd=ROOT, env=environment(folder, **variables), check=True, timeout=PATIENCE
            )
        return cls.folder


def on_postgres() -> bool:
    """The tests run on a PostgreSQL server."""
    return os.environ.get("DATABASE_URL", "").startswith("postgres")


def address_of(database: str) -> str:
    """The address of a database of the PostgreSQL server of the tests."""
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}"))


def execute(statement: str) -> None:
    """Runs a statement about databases."""
    with closing(psycopg2.connect(address_of("postgres"))) as connection:
        connection.autocommit = True
        connection.cursor().execute(statement)


@contextmanager
def own_database(folder: Path):
    """The variables that give servers a database with a new studio: on the PostgreSQL server of the tests, else in the folder."""
    made = Studio.make()
    if not on_postgres():
        copy = folder / "studio.sqlite3"
        with closing(sqlite3.connect(made / "callboard.sqlite3")) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        yield {"DATABASE_URL": f"sqlite:///{copy}"}
        return
    name = f"callboard_live_{os.getpid()}_{free_port()}"
    execute(f'CREATE DATABASE "{name}" TEMPLATE "{Studio.database}"')
    try:
        yield {"DATABASE_URL": address_of(name)}
    finally:
        execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def live_server(folder: Path, *arguments: str, **variables: str):
    """A server for the time of the block."""
    with own_database(folder) as database:
        server = LiveServer(folder, *arguments, **database, **variables)
        try:
            yield server.wait()
        finally:
            server.stop()


@contextmanager
def worker(server: LiveServer):
    """A process that runs the server's jobs."""
    process = subprocess.Popen([sys.executable, "manage.py", "work"], cwd=ROOT, env=server.environment)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_until(what: Callable[[], Any], patience: float = 90) -> Any:
    """What the function gives, as soon as it gives something."""
    deadline = time.monotonic() + patience
    while not (found := what()) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert found
    return found


def half_files(server: LiveServer) -> list[str]:
    """Files in the server's storage that somebody began to write and never finished."""
    return [str(path) for path in Path(server.environment["DATA_DIR"], "previews").rglob(".partial-*")]


class Listener:
    """A Socket.IO client that keeps what it hears."""

    def __init__(self, base: str, token: str | None = None, *, auth=None, cookie: str | None = None, transports=None) -> None:
        self.heard: list[tuple[str, dict]] = []
        self.news = threading.Condition()
        self.refusal = None
        self.gone = threading.Event()
        self.client = socketio.Client(reconnection=False)
        self.client.on("*", self.hear, namespace="/events")
        self.client.on("connect_error", self.refused, namespace="/events")
        self.client.on("disconnect", lambda *_: self.gone.set(), namespace="/events")
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if cookie:
            headers["Cookie"] = f"access_token_cookie={cookie}"
        with suppress(socketio.exceptions.ConnectionError):
            self.client.connect(base, headers=headers, auth=auth, namespaces=["/events"], transports=transports, wait_timeout=30)

    def hear(self, name: str, content: dict) -> None:
        """Keeps an event."""
        with self.news:
            self.heard.append((name, content))
            self.news.notify_all()

    def refused(self, reason) -> None:
        """Keeps why the server refused."""
        self.refusal = reason

    def names(self) -> list[str]:
        """The names of what was heard, in order."""
        return [name for name, _ in self.heard]

    def wait_until(self, what: Callable[[list[tuple[str, dict]]], Any], patience: float = 30) -> Any:
        """What the function finds in all that was heard, as soon as it finds something."""
        with self.news:
            return self.news.wait_for(lambda: what(self.heard), patience)

    def wait_for(self, name: str) -> dict:
        """The content of the first event of that name."""
        found = self.wait_until(lambda heard: [content for event, content in heard if event == name])
        assert found, f"no {name} among {self.names()}"
        return found[0]

    def close(self) -> None:
        """Leaves."""
        self.client.disconnect()
