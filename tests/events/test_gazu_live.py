"""The clients that studios have, on two servers that share a database and a Redis; and the same servers when Redis dies."""

import shutil
import socket
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager

import pytest
import redis
import requests

from tests.live import LiveServer, free_port, own_database
from tests.tasks.test_at_once_live import LAY_OUT

pytestmark = pytest.mark.skipif(shutil.which("redis-server") is None, reason="no redis-server is installed here")

# A client of its own process, as pipelines run it: it writes a line for each event that it hears.
LISTEN = """
import sys, gazu
def tell(line):  # in one piece, since each listener has a thread of its own
    sys.stdout.write(line + "\\n")
    sys.stdout.flush()
host, token = sys.argv[1:]
gazu.client.set_host(host)
gazu.client.set_event_host(host)
gazu.client.set_tokens({"access_token": token})
events = gazu.events.init()
for name in ("comment:new", "task:update", "task:status-changed", "news:new"):
    gazu.events.add_listener(events, name, lambda content, name=name: tell(f"{name} {content.get('comment_id', '')}"))
tell("listening")
gazu.events.run_client(events)
"""
OF_A_COMMENT = ["comment:new", "task:update", "task:status-changed", "news:new"]


@contextmanager
def own_redis():
    """A Redis for the time of the block; `kill` ends it at once."""
    port = free_port()
    process = subprocess.Popen(
        ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"], stdout=subprocess.DEVNULL
    )
    url = f"redis://127.0.0.1:{port}/0"
    try:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                redis.Redis.from_url(url).ping()
                break
            except redis.RedisError:
                time.sleep(0.05)
        yield url, process
    finally:
        process.kill()
        process.wait(20)


@contextmanager
def two_servers(tmp_path, redis_url):
    """Two servers with folders of their own, as on two machines, with the cast stored; and who may do what there."""
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
    with own_database(tmp_path) as database:
        shared = {"REDIS_URL": redis_url, "SECRET_KEY": "shared-by-both-machines-of-the-studio", **database}
        servers = [LiveServer(folder, **shared) for folder in folders]
        try:
            for server in servers:
                server.wait()
            yield servers, servers[0].gather(), servers[0].run(LAY_OUT)
        finally:
            for server in servers:
                server.stop()


class Pipeline:
    """A gazu client in a process of its own."""

    def __init__(self, base, token):
        command = [sys.executable, "-c", LISTEN, base, token]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert self.process.stdout.readline().strip() == "listening"

    def hear(self, number):
        """The next lines of what it heard."""
        return [self.process.stdout.readline().split() for _ in range(number)]

    def end(self):
        """What it heard besides."""
        self.process.kill()
        return self.process.communicate(timeout=20)[0]


def post_comment(server, people, ids, status):
    headers = {"Authorization": f"Bearer {people['admin']}"}
    path, body = f"{server.base}/actions/tasks/{ids['task']}/comment", {"task_status_id": ids[status], "comment": status}
    answer = requests.post(path, json=body, headers=headers, timeout=30)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def test_gazu_hears_every_event_of_two_servers_once(tmp_path):
    with own_redis() as (url, _), two_servers(tmp_path, url) as (servers, people, ids):
        clients = [Pipeline(server.base, people["user"]) for server in servers for _ in range(2)]
        try:
            time.sleep(1)  # the namespace is joined a moment after the client says that it listens
            made = [post_comment(servers[number % 2], people, ids, ("wip", "wfa")[number % 2]) for number in range(4)]
            # What one server tells comes in its order; what two tell at nearly the same time may be told either way round.
            heard = [client.hear(len(OF_A_COMMENT) * len(made)) for client in clients]
            time.sleep(0.3)  # an event that arrives twice does so now
        finally:
            rest = [client.end() for client in clients]
        assert rest == [""] * len(clients)
        for lines in heard:
            assert Counter(name for name, *_ in lines) == Counter(OF_A_COMMENT * len(made))
            assert sorted(of[0] for name, *of in lines if name == "comment:new") == sorted(made)


def test_a_redis_that_dies_delays_nothing_and_is_reported(tmp_path):
    with own_redis() as (url, process), two_servers(tmp_path, url) as (servers, people, ids):
        post_comment(servers[0], people, ids, "wip")
        assert requests.get(f"{servers[0].base}/status", timeout=20).json()["key-value-store-up"] is True
        process.kill()
        process.wait(20)
        port = int(url.rsplit(":", 1)[1].split("/")[0])
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)) != 0
        started = time.monotonic()
        for number in range(10):
            post_comment(servers[number % 2], people, ids, ("wfa", "wip")[number % 2])
        assert time.monotonic() - started < 10  # a wait for Redis would be seconds each
        told = requests.get(f"{servers[0].base}/status", timeout=20).json()
        assert (told["key-value-store-up"], told["database-up"]) == (False, True)
        headers = {"Authorization": f"Bearer {people['admin']}"}
        comments = requests.get(f"{servers[1].base}/data/tasks/{ids['task']}/comments", headers=headers, timeout=20).json()
        assert len(comments) == 11
