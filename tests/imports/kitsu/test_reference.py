"""A studio moves over from the server whose API this one speaks, where there is one.

REFERENCE_URL names a running one, an empty studio of its own that the test may fill, with REFERENCE_EMAIL and REFERENCE_PASSWORD
where they differ from the usual ones. Without it one is started from its package, where PostgreSQL and Redis are at hand and
REFERENCE_VENV names a virtual environment that has it, or REFERENCE_INSTALL allows to make one.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
import pytest
import requests

from core.json import loads
from people.models import Person
from production.models import Project
from tests.client import ApiClient
from tests.imports.kitsu.filling import Filling
from tests.imports.kitsu.studio import Peer, differences, files_of
from tests.live import ADMIN, free_port
from tests.makers import make_person

PACKAGE = "zou==1.0.97"
# What the other server counts or writes by itself when rows come, and this one keeps as it was told.
DECIDED = ("updated_at",)


def missing() -> str | None:
    """Why no server can be started here."""
    if not os.environ.get("REFERENCE_VENV") and not os.environ.get("REFERENCE_INSTALL"):
        return "neither REFERENCE_URL, REFERENCE_VENV nor REFERENCE_INSTALL says where there is such a server"
    if not shutil.which("redis-server"):
        return "there is no redis-server on the PATH"
    try:
        admin_connection().close()
    except psycopg2.Error:
        return "no PostgreSQL answers at PGHOST as PGUSER"
    return None


def admin_connection():
    """PostgreSQL, as somebody who may make databases. Raises psycopg2.Error."""
    connection = psycopg2.connect(
        host=os.environ.get("PGHOST", "127.0.0.1"),
        user=os.environ.get("PGUSER", "postgres"),
        password=os.environ.get("PGPASSWORD", "postgres"),
        dbname="postgres",
        connect_timeout=5,
    )
    connection.autocommit = True
    return connection


def programs() -> Path:
    """The folder of the programs of the package, installed first if need be."""
    given = os.environ.get("REFERENCE_VENV")
    if given:
        return Path(given) / "bin"
    folder = Path.home() / ".cache" / "callboard-reference"
    if not (folder / "bin" / "zou").exists():
        subprocess.run(["python3", "-m", "venv", folder], check=True)
        done = subprocess.run([folder / "bin" / "pip", "install", "-q", PACKAGE], capture_output=True, text=True)
        if done.returncode:
            pytest.skip(f"{PACKAGE} can't be installed here: {done.stderr.strip().splitlines()[-1:]}")
    return folder / "bin"


def variables(folder: Path, database: str, redis_port: int) -> dict[str, str]:
    """What the server's processes see."""
    connection = {"DB_HOST": "PGHOST", "DB_USERNAME": "PGUSER", "DB_PASSWORD": "PGPASSWORD"}
    usual = {"PGHOST": "127.0.0.1", "PGUSER": "postgres", "PGPASSWORD": "postgres"}
    own = {name: os.environ.get(source, usual[source]) for name, source in connection.items()}
    paths = {name: str(folder / name.lower()) for name in ("PREVIEW_FOLDER", "TMP_DIR", "PLUGIN_FOLDER")}
    for path in paths.values():
        Path(path).mkdir()
    rest = {
        "DB_DATABASE": database,
        "KV_PORT": str(redis_port),
        "SECRET_KEY": "x" * 48,
        "MAIL_ENABLED": "false",
        "USER_LIMIT": "1000",
    }
    path = f"{programs()}:{os.environ['PATH']}"
    return {**own, **paths, **rest, "MAIL_CHECK_DELIVERABILITY": "false", "PATH": path, "HOME": str(Path.home())}


@contextmanager
def started(folder: Path) -> Iterator[str]:
    """A new server with an empty studio; its address."""
    port, redis_port, database = free_port(), free_port(), f"callboard_reference_{os.getpid()}"
    environment = variables(folder, database, redis_port)
    with closing(admin_connection()) as connection:
        connection.cursor().execute(f'CREATE DATABASE "{database}"')
    processes = [
        subprocess.Popen(["redis-server", "--port", str(redis_port), "--bind", "127.0.0.1", "--save", "", "--dir", folder])
    ]
    try:
        for command in (["init-db"], ["init-data"], ["create-admin", "--password", ADMIN["password"], ADMIN["email"]]):
            subprocess.run(["zou", *command], env=environment, cwd=folder, check=True, capture_output=True, timeout=300)
        server = ["gunicorn", "-w", "2", "-k", "gevent", "-b", f"127.0.0.1:{port}", "zou.app:app"]
        processes.append(subprocess.Popen(server, env=environment, cwd=folder, stderr=subprocess.DEVNULL))
        base = f"http://127.0.0.1:{port}"
        wait_for(base)
        yield base
    finally:
        for process in reversed(processes):
            process.terminate()
            process.wait(30)
        with closing(admin_connection()) as connection:
            connection.cursor().execute(f'DROP DATABASE "{database}" WITH (FORCE)')


def wait_for(base: str) -> None:
    """Waits until a server answers."""
    for _ in range(240):
        try:
            if requests.get(base + "/", timeout=5).ok:
                return
        except (requests.ConnectionError, requests.Timeout):
            time.sleep(0.5)
    pytest.skip("the server did not start")


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    """The address of such a server."""
    if given := os.environ.get("REFERENCE_URL"):
        yield given.rstrip("/")
        return
    if why := missing():
        pytest.skip(why)
    with started(tmp_path_factory.mktemp("reference")) as base:
        yield base


@pytest.fixture(scope="module")
def studio(reference, tmp_path_factory):
    """The server as its studio manager, filled with several hundred rows of every kind and with files."""
    email, password = (os.environ.get(f"REFERENCE_{name.upper()}", ADMIN[name]) for name in ("email", "password"))
    answer = requests.post(reference + "/auth/login", json={"email": email, "password": password}, timeout=60)
    peer = Peer(reference, answer.json()["access_token"])
    peer.credentials = {"KITSU_EMAIL": email, "KITSU_PASSWORD": password}
    ids = Filling(peer).fill()
    peer.ids = ids | peer.give_files(ids, tmp_path_factory.mktemp("movies"), several=5)
    wait_until_ready(peer)
    return peer


def wait_until_ready(peer: Peer) -> None:
    """Waits until the movies are encoded, or refused: that server takes no silent ones."""
    for pk in (*peer.ids["movies"], peer.ids["silent"]):
        for _ in range(240):
            if peer.get(f"/data/preview-files/{pk}")["status"] != "processing":
                break
            time.sleep(0.5)


@pytest.fixture
def arrived(studio, db, move, monkeypatch):
    """What the command printed when the studio moved over."""
    for name, value in studio.credentials.items():
        monkeypatch.setenv(name, value)
    make_person(role="admin", email=studio.credentials["KITSU_EMAIL"])
    return lambda *arguments: move(studio.base, *arguments)


def test_a_studio_of_the_other_server_moves_over_and_reads_agree(studio, arrived):
    printed = arrived()
    assert "Everything is here." in printed, printed
    here = ApiClient(Person.objects.get(email=studio.credentials["KITSU_EMAIL"]))
    assert differences(studio.get, lambda path: loads(here.get(path).getvalue()), studio.ids, DECIDED) == []
    for path in files_of(studio.ids):
        answer = here.get(path)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert content == studio.ask("get", path).content, path
    again = arrived()
    assert [line.split()[-3:] for line in again.splitlines() if line.startswith("together")] == [["0", "0", "0"]] * 2
    assert Project.objects.filter(pk=studio.ids["project"]).exists()
