"""The log read by its cursor: whoever reads on from the last event they know misses none, however many write meanwhile."""

import random
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from django.db import connection

from core.transactions import whole_step
from events.emit import emit
from events.models import ApiEvent, EventClock
from tests.live import live_server
from tests.makers import make_project
from tests.parallel import need_real_connections

WRITERS = 8
STEPS = 12
PAGE = 5


class Follower:
    """A client that knows part of the log, and reads on from where it was: the newest page first, then back by the cursor."""

    def __init__(self, ask):
        self.ask = ask
        self.known = []

    def catch_up(self):
        """Reads back to the newest event that is known."""
        last = self.known[-1]["id"] if self.known else None
        found, cursor = [], ""
        while page := self.ask(f"/data/events/last?limit={PAGE}{cursor}"):
            ids = [event["id"] for event in page]
            if last in ids:
                found += page[: ids.index(last)]
                break
            found += page
            cursor = f"&cursor_event_id={ids[-1]}"
        self.known += reversed(found)

    def follow(self, writers):
        """Reads on for as long as the writers write, and once more."""
        while not all(writer.done() for writer in writers):
            self.catch_up()
        self.catch_up()
        return [event["id"] for event in self.known]


@pytest.mark.django_db(transaction=True)
def test_steps_of_any_length_enter_the_log_as_they_are_committed(api):
    need_real_connections()
    project = make_project()
    ApiEvent.objects.all().delete()

    def write(number):
        try:
            for step in range(STEPS):
                with whole_step():
                    for n in range(3):
                        place = f"{number} {step} {n}"
                        if number % 2:
                            emit("task:update", {"task_id": place}, project_id=project.pk)
                        else:
                            emit("person:update", {"person_id": place})
                        time.sleep(random.random() / 200)
        finally:
            connection.close()

    follower = Follower(lambda path: api.get(path).json())
    with ThreadPoolExecutor(WRITERS) as pool:
        writers = [pool.submit(write, number) for number in range(WRITERS)]
        read = follower.follow(writers)
        assert [writer.result() for writer in writers] == [None] * WRITERS
    rows = list(ApiEvent.objects.order_by("created_at", "id"))
    assert read == [str(row.pk) for row in rows] and len(read) == WRITERS * STEPS * 3
    assert len({row.created_at for row in rows}) == len(rows)
    places = [(row.data.get("task_id") or row.data["person_id"]).rsplit(" ", 1) for row in rows]
    assert [n for _, n in places] == ["0", "1", "2"] * (WRITERS * STEPS)
    assert [step for step, _ in places] == [step for step in dict.fromkeys(step for step, _ in places) for _ in range(3)]


def test_writers_to_a_running_server_leave_no_gap(tmp_path):
    with live_server(tmp_path, "--processes", "2") as server:
        headers = {"Authorization": f"Bearer {server.gather()['admin']}"}

        def write(number):
            session = requests.Session()
            for step in range(STEPS):
                body = {"name": f"Department {number} {step}", "color": "#112233"}
                answer = session.post(f"{server.base}/data/departments", json=body, headers=headers, timeout=60)
                assert answer.status_code == 201, answer.text

        reader = requests.Session()
        follower = Follower(lambda path: reader.get(server.base + path, headers=headers, timeout=60).json())
        with ThreadPoolExecutor(WRITERS) as pool:
            writers = [pool.submit(write, number) for number in range(WRITERS)]
            read = follower.follow(writers)
            assert [writer.result() for writer in writers] == [None] * WRITERS
        whole = reader.get(f"{server.base}/data/events/last?limit=1000", headers=headers, timeout=60).json()
        assert read == [event["id"] for event in reversed(whole)]
        assert [event["name"] for event in whole].count("department:new") == WRITERS * STEPS


def test_the_log_s_clock_never_goes_back(db):
    emit("person:update", {"person_id": "first"})
    later = EventClock.objects.get().at + 3_600_000_000
    EventClock.objects.update(at=later)
    with whole_step():
        for n in range(3):
            emit("person:update", {"person_id": str(n)})
    assert [row.data["person_id"] for row in ApiEvent.objects.order_by("created_at")] == ["first", "0", "1", "2"]
    assert EventClock.objects.get().at == later + 3


def test_an_event_stored_by_hand_stands_at_the_end(api):
    emit("person:update", {"person_id": "x"})
    EventClock.objects.update(at=EventClock.objects.get().at + 60_000_000)
    emit("person:update", {"person_id": "y"})
    made = api.post("/data/events", {"name": "main:test"}).json()
    newest = api.get("/data/events/last?limit=3").json()
    assert [event["name"] for event in newest] == ["api-event:new", "main:test", "person:update"]
    assert newest[1]["id"] == made["id"] and made["created_at"] == newest[1]["created_at"]
