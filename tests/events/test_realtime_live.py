"""The real-time channel of a running server, heard by real clients."""

import signal
import time
from contextlib import ExitStack

import pytest
import requests

from tests.live import Listener, live_server

NOTHING_SENT = (
    'Missing access token: send the Kitsu cookie, an Authorization header, or {"token": "<access token>"} '
    "in the socket.io auth payload."
)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with live_server(tmp_path_factory.mktemp("live"), SOCKET_CHECK_SECONDS="1") as server:
        yield server


@pytest.fixture(scope="module")
def people(server):
    return server.gather()


@pytest.fixture
def listen(server, people):
    with ExitStack() as stack:

        def listener(role=None, **options):
            made = Listener(server.base, people.get(role), **options)
            stack.callback(made.close)
            return made

        yield listener


def emit(server, name, payload, **options):
    """Emits an event in another process that works on the same data."""
    server.run(f"from events.emit import emit; from people.models import Person\nemit({name!r}, {payload!r}, **{options!r})")


def post_department(server, people, name):
    headers = {"Authorization": f"Bearer {people['admin']}"}
    answer = requests.post(f"{server.base}/data/departments", json={"name": name, "color": "#112233"}, headers=headers, timeout=10)
    assert answer.status_code == 201
    return answer.json()["id"]


def test_everybody_hears_of_the_studio(server, people, listen):
    listeners = [listen(role) for role in ("admin", "vendor", "outsider")]
    department_id = post_department(server, people, "Heard")
    for listener in listeners:
        assert listener.wait_for("department:new") == {"department_id": department_id}
        assert listener.names().count("department:new") == 1


def test_only_the_team_and_studio_managers_hear_of_a_production(server, people, listen):
    inside, manager, outside = listen("vendor"), listen("admin"), listen("outsider")
    emit(server, "task:update", {"task_id": "x"}, project_id=people["project_id"], stored=False)
    expected = {"task_id": "x", "project_id": people["project_id"]}
    assert inside.wait_for("task:update") == expected
    assert manager.wait_for("task:update") == expected
    post_department(server, people, "After the task")
    outside.wait_for("department:new")
    assert "task:update" not in outside.names()


def test_what_is_for_one_person_reaches_that_person_alone(server, people, listen):
    addressee, other = listen("user"), listen("admin")
    emit(server, "notification:new", {"notification_id": "n"}, only_for=[people["user_id"]], stored=False)
    assert addressee.wait_for("notification:new") == {"notification_id": "n"}
    post_department(server, people, "After the notification")
    other.wait_for("department:new")
    assert "notification:new" not in other.names()


def test_events_arrive_in_the_order_in_which_they_happened(server, people, listen):
    listener = listen("user")
    server.run("from events.emit import emit\nfor number in range(50): emit('main:test', {'number': number}, stored=False)")
    listener.wait_until(lambda heard: len(heard) >= 50)
    assert [content["number"] for _, content in listener.heard] == list(range(50))


def test_every_way_to_show_a_token_is_good(server, people, listen):
    assert listen("user").client.connected
    assert listen(auth={"token": people["user"]}).client.connected
    assert listen(cookie=people["user"]).client.connected
    websocket = Listener(server.base, people["user"])
    assert websocket.client.transport() == "websocket"
    websocket.close()


def test_a_refusal_says_why(server, people, listen):
    tokens = server.run(
        "from datetime import timedelta; from people.models import *; from people.tokens import *; from tests.makers import *\n"
        "from rest_framework_simplejwt.tokens import AccessToken\n"
        "person = make_person(); session, access, refresh = open_session(person)\n"
        "ended = open_session(person)[1]; Session.objects.filter(access_jti=claims_of(ended)['jti']).update(revoked=True)\n"
        "idle = make_person(); idle_token = open_session(idle)[1]; Person.objects.filter(pk=idle.pk).update(active=False)\n"
        "ghost = make_person(); ghost_token = open_session(ghost)[1]; Session.objects.filter(person=ghost).delete()\n"
        "ghost.delete()\n"
        "old = AccessToken(access); old.set_exp(from_time=now(), lifetime=timedelta(days=-1))\n"
        "answer({'refresh': refresh, 'ended': ended, 'idle': idle_token, 'ghost': ghost_token, 'old': str(old)})"
    )
    for token, reason in [
        (None, NOTHING_SENT),
        ("nonsense", "Invalid access token."),
        (tokens["refresh"], "A refresh token was given: send the access token."),
        (tokens["ended"], "Access token revoked."),
        (tokens["idle"], "Inactive account."),
        (tokens["ghost"], "Unknown account."),
        (tokens["old"], "Access token expired."),
    ]:
        refused = listen(auth={"token": token} if token else None)
        assert not refused.client.connected
        assert refused.refusal == {"message": reason}, token


def test_who_signs_out_is_disconnected(server, people, listen):
    token = server.run(
        "from tests.makers import make_person; from people.tokens import open_session\n"
        "answer(open_session(make_person(email='leaver@example.com'))[1])"
    )
    listener = listen(auth={"token": token})
    assert listener.client.connected
    server.run(f"from people.tokens import *; Session.objects.filter(access_jti=claims_of({token!r})['jti']).update(revoked=True)")
    assert listener.gone.wait(30)


def test_a_foreign_page_cannot_use_the_cookie(server, people):
    address = f"{server.base}/socket.io/?EIO=4&transport=polling"
    cookies = {"access_token_cookie": people["user"]}
    assert requests.get(address, headers={"Origin": "https://evil.example"}, cookies=cookies, timeout=5).status_code == 400
    assert requests.get(address, headers={"Origin": server.base}, cookies=cookies, timeout=5).status_code == 200


def test_the_root_namespace_accepts_and_carries_nothing(server, people):
    import socketio

    heard = []
    client = socketio.Client()
    client.on("*", lambda *args: heard.append(args))
    client.connect(server.base)
    assert client.connected
    emit(server, "main:test", {}, stored=False)
    time.sleep(0.3)
    client.disconnect()
    assert heard == []


def test_the_old_protocol_is_refused(server):
    answer = requests.get(f"{server.base}/socket.io/?EIO=3&transport=polling", timeout=5)
    assert answer.status_code == 400
    assert answer.json() == "The client is using an unsupported version of the Socket.IO or Engine.IO protocols"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_server_ends_within_seconds_though_people_listen(tmp_path, number):
    with live_server(tmp_path) as server:
        listener = Listener(server.base, auth={"token": server.gather()["user"]})
        assert listener.client.connected
        started = time.monotonic()
        assert server.stop(number) == 0
        assert time.monotonic() - started < 8
        listener.close()
