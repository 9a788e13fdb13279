"""Several processes serve one studio, and every event reaches every listener once."""

import time

import pytest
import redis
import requests

from tests.live import Listener, LiveServer, live_server, own_database

REDIS = "redis://127.0.0.1:6379/9"


def redis_answers() -> bool:
    try:
        return redis.Redis.from_url(REDIS, socket_connect_timeout=1).ping()
    except redis.RedisError:
        return False


def post_departments(server, token, number):
    """Sends requests on connections of their own, so that they spread over the processes; returns the ids."""
    made = []
    for count in range(number):
        body = {"name": f"Department {server.port} {count}", "color": "#112233"}
        answer = requests.post(
            f"{server.base}/data/departments", json=body, headers={"Authorization": f"Bearer {token}"}, timeout=20
        )
        assert answer.status_code == 201, answer.text
        made.append(answer.json()["id"])
    return made


def heard_departments(listener, number):
    listener.wait_until(lambda heard: len(heard) >= number)
    time.sleep(0.2)  # an event that arrives twice does so now
    return [content["department_id"] for name, content in listener.heard if name == "department:new"]


def test_processes_behind_one_port_share_the_sockets(tmp_path):
    with live_server(tmp_path, "--processes", "2") as server:
        people = server.gather()
        listeners = [Listener(server.base, people["user"]) for _ in range(6)]
        listeners += [Listener(server.base, people["user"], transports=["polling"]) for _ in range(2)]
        assert all(listener.client.connected for listener in listeners)
        made = post_departments(server, people["admin"], 8)
        for listener in listeners:
            assert sorted(heard_departments(listener, 8)) == sorted(made)


def test_another_process_takes_the_sockets_over(tmp_path):
    with own_database(tmp_path) as database:
        first = LiveServer(tmp_path, **database).wait()
        people = first.gather()
        second = LiveServer(tmp_path, **database)
        try:
            second.wait()
            through_second = Listener(second.base, people["user"])
            assert through_second.client.connected
            made = post_departments(first, people["admin"], 1)
            assert heard_departments(through_second, 1) == made
            assert first.stop() == 0
            through_second.gone.wait(30)
            deadline = time.monotonic() + 30
            while not (again := Listener(second.base, people["user"])).client.connected and time.monotonic() < deadline:
                time.sleep(0.2)
            made = post_departments(second, people["admin"], 1)
            assert heard_departments(again, 1) == made
            again.close()
        finally:
            first.stop()
            second.stop()


@pytest.mark.skipif(not redis_answers(), reason=f"no Redis answers at {REDIS}")
def test_servers_on_different_machines_share_events_through_redis(tmp_path):
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
    with own_database(tmp_path) as database:
        shared = {
            "REDIS_URL": REDIS,
            "SECRET_KEY": "shared-by-both-machines-of-the-studio",
            **database,
        }
        servers = [LiveServer(folder, **shared) for folder in folders]
        try:
            for server in servers:
                server.wait()
            people = servers[0].gather()
            listeners = [Listener(server.base, people["user"]) for server in servers for _ in range(2)]
            assert all(listener.client.connected for listener in listeners)
            made = [made for server in servers for made in post_departments(server, people["admin"], 3)]
            for listener in listeners:
                assert heard_departments(listener, 6) == made
                listener.close()
        finally:
            for server in servers:
                assert server.stop() == 0


@pytest.mark.skipif(not redis_answers(), reason=f"no Redis answers at {REDIS}")
def test_a_dead_redis_delays_and_fails_nothing(db, api, settings, caplog):
    from events.realtime import carrier

    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    carrier.begin_anew()
    started = time.monotonic()
    try:
        for number in range(3):
            assert api.post("/data/departments", {"name": f"D{number}", "color": "#112233"}).status_code == 201
        assert time.monotonic() - started < 2
    finally:
        carrier.flush()
        settings.REDIS_URL = ""
        carrier.begin_anew()
    assert len([record for record in caplog.records if record.name == "callboard.events"]) <= 1
