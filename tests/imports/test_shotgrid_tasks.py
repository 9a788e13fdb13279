"""Tasks, versions and notes of ShotGrid coming in."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.models import ApiEvent
from files.models import PreviewFile
from tasks.models import Comment, News, Task
from tests.imports.shotgrid import PERSON_ID, PROJECT, STEP_ID, into, link, note, task, version
from tests.makers import make_asset, make_person, make_project, make_shot, make_task, make_task_status, make_task_type


@pytest.fixture
def ground(cast):
    """A production, a person, a step, a status, a shot and an asset, all known at ShotGrid."""
    cast.project.shotgun_id = PROJECT["id"]
    cast.project.save()
    cast.ada = make_person(shotgun_id=PERSON_ID)
    cast.step = make_task_type(name="Lighting", shotgun_id=STEP_ID)
    cast.wip = make_task_status(short_name="wip")
    cast.shot = make_shot(cast.project, shotgun_id=800)
    cast.asset = make_asset(cast.project, shotgun_id=800)
    return cast


@pytest.fixture
def send(api, ground):
    """Sends entries as the studio manager; gives the rows that they became."""

    def post(kind, *entries):
        answer = api.post(into(kind), list(entries))
        assert answer.status_code == 200, answer.content
        return answer.json()

    return post


def test_a_task_comes_with_all_that_it_refers_to(send, ground):
    (row,) = send("tasks", task(1, entity=link(800, "Shot"), task_assignees=[link(PERSON_ID)]))
    expected = {
        "name": "Lighting",
        "shotgun_id": 1,
        "project_id": str(ground.project.pk),
        "task_type_id": str(ground.step.pk),
        "task_status_id": str(ground.wip.pk),
        "entity_id": str(ground.shot.pk),
        "assigner_id": str(ground.ada.pk),
        "start_date": "2026-02-03T00:00:00",
        "due_date": "2026-02-05T00:00:00",
        "duration": 480,
        "sort_order": 3,
        "type": "Task",
    }
    assert {name: row[name] for name in expected} == expected and "assignees" not in row
    assert list(Task.objects.get().assignees.all()) == [ground.ada]
    assert not ApiEvent.objects.exists()


def test_what_a_task_refers_to_and_is_not_here_stays_empty(send, ground):
    other = make_shot(make_project(), shotgun_id=801)
    entries = [
        task(1, entity=link(800, "Asset"), step=link(999), sg_status_list="nope", created_by=link(999), duration=None),
        task(2, entity=link(801, "Shot"), cached_display_name="B", created_by=None),
        task(3, entity=link(800, "Version"), cached_display_name="C", sg_sort_order=None, start_date=None),
    ]
    first, second, third = send("tasks", *entries)
    assert first["entity_id"] == str(ground.asset.pk)
    assert [first[name] for name in ("task_type_id", "task_status_id", "assigner_id", "duration")] == [None, None, None, 0]
    assert [second["entity_id"], third["entity_id"], third["sort_order"], third["start_date"]] == [None, None, 0, None]
    assert not other.tasks.exists()


@pytest.mark.parametrize(
    "more",
    [
        {"step": None},
        {"project": None},
        {"project": {"id": 999}},
        {"task_assignees": [{"id": 999}]},
        {"entity": {"id": 3}},
    ],
)
def test_a_task_is_passed_over(send, more):
    assert [row["shotgun_id"] for row in send("tasks", task(1, **more), task(2))] == [2]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"start_date": "yesterday"}, "start_date: Input should be a valid datetime"),
        ({"due_date": "0001-01-01T00:00:00+14:00"}, "due_date: "),
        ({"duration": -1}, "duration: Input should be greater than or equal to 0"),
        ({"duration": "NaN"}, "duration: "),
        ({"cached_display_name": "x" * 81}, "cached_display_name: "),
        ({"task_assignees": 3}, "task_assignees: "),
        ({"sg_sort_order": 2**31}, "sg_sort_order: "),
    ],
)
def test_one_wrong_task_stops_all(api, ground, more, words):
    answer = api.post(into("tasks"), [task(1), task(2, **more)])
    assert answer.status_code == 400 and words in answer.json()["message"], answer.json()
    assert not Task.objects.exists()


@pytest.mark.parametrize("key", ["step", "project"])
def test_a_task_without_its_step_or_production_stops_all(api, ground, key):
    entry = {name: value for name, value in task(1).items() if name != key}
    answer = api.post(into("tasks"), [entry])
    assert answer.status_code == 400 and f"{key}: Field required" in answer.json()["message"]


def test_a_task_of_the_same_name_and_place_is_the_same(send, ground):
    there = make_task(ground.project, entity=ground.shot, task_type=ground.step, name="Lighting", shotgun_id=5)
    there.assignees.add(ground.user)
    (row,) = send("tasks", task(1, entity=link(800, "Shot"), task_assignees=[link(PERSON_ID)]))
    assert (row["id"], row["shotgun_id"], row["sort_order"]) == (str(there.pk), 1, 3)
    assert list(there.assignees.all()) == [ground.ada]
    (row,) = send("tasks", task(1, entity=link(800, "Shot"), cached_display_name="Key light", sg_sort_order=4))
    assert (row["id"], row["name"], row["sort_order"]) == (str(there.pk), "Key light", 4)
    assert not there.assignees.exists()
    updated = Task.objects.get().updated_at
    send("tasks", task(1, entity=link(800, "Shot"), cached_display_name="Key light", sg_sort_order=4))
    assert Task.objects.get().updated_at == updated


def test_a_task_moves_to_no_other_production(api, ground):
    there = make_task(make_project(), shotgun_id=1)
    answer = api.post(into("tasks"), [task(1)])
    assert answer.status_code == 400 and "belongs to another production" in answer.json()["message"]
    there.refresh_from_db()
    assert there.name == "main"


def test_versions_are_previews_whose_file_lies_elsewhere(send, ground):
    there = make_task(ground.project, shotgun_id=1)
    (row,) = send("versions", version(50, 1))
    expected = {
        "name": "v50",
        "task_id": str(there.pk),
        "person_id": str(ground.ada.pk),
        "uploaded_movie_url": "https://sg.example/movie.mov",
        "uploaded_movie_name": "movie.mov",
        "source": "Shotgun",
        "status": "processing",
        "revision": 1,
    }
    assert {name: row[name] for name in expected} == expected
    (again,) = send("versions", version(51, 1, code="v50", sg_uploaded_movie=None, user=None))
    assert (again["id"], again["shotgun_id"], again["uploaded_movie_url"], again["person_id"]) == (row["id"], 51, None, None)
    rows = send("versions", version(60, 999), version(61, 1, sg_task=None))
    assert [(row["shotgun_id"], row["task_id"]) for row in rows] == [(60, None)]


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("javascript:alert(1)", None),
        ("file:///etc/passwd", None),
        ("http://[", None),
        ("https://sg.example/a.mov?sign=" + "x" * 700, "https://sg.example/a.mov"),
        ("https://sg.example/" + "x" * 700, None),
    ],
)
def test_addresses_of_movies_are_those_of_the_web(send, ground, url, kept):
    make_task(ground.project, shotgun_id=1)
    (row,) = send("versions", version(50, 1, sg_uploaded_movie={"url": url, "name": "x" * 300}))
    assert row["uploaded_movie_url"] == kept and len(row["uploaded_movie_name"]) == 150


def test_a_version_takes_no_other_versions_place(api, send, ground):
    make_task(ground.project, shotgun_id=1)
    send("versions", version(50, 1), version(51, 1))
    answer = api.post(into("versions"), [version(52, 1), version(51, 1, code="v50")])
    assert answer.status_code == 400 and "another preview named v50" in answer.json()["message"]
    assert PreviewFile.objects.count() == 2
    answer = api.post(into("versions"), [{"id": 1, "code": "x", "description": None, "sg_uploaded_movie": None}])
    assert answer.status_code == 400 and "sg_task" in answer.json()["message"]


def test_a_note_is_a_comment_without_a_status(send, ground, api):
    there = make_task(ground.project, shotgun_id=1)
    (row,) = send("notes", note(970, 1, created_at="2026-02-03T10:11:12.000Z"), note(971, 1, tasks=[]), note(972, 999))
    expected = {
        "shotgun_id": 970,
        "object_id": str(there.pk),
        "object_type": "Task",
        "text": "Brighter",
        "person_id": str(ground.ada.pk),
        "task_status_id": None,
        "created_at": "2026-02-03T10:11:12",
        "replies": [],
        "checklist": [],
        "type": "Comment",
    }
    assert {name: row[name] for name in expected} == expected and "previews" not in row
    there.refresh_from_db()
    assert there.last_comment_date.isoformat() == "2026-02-03T10:11:12"
    assert not News.objects.exists() and not ApiEvent.objects.exists()
    (again,) = send("notes", note(970, 1, content="Darker"))
    assert (again["id"], again["text"], Comment.objects.count()) == (row["id"], "Darker", 1)
    shown = api.get(f"/data/tasks/{there.pk}/comments").json()
    assert [found["text"] for found in shown] == ["Darker"]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"user": None}, "Its person is not here."),
        ({"user": {"id": 999}}, "Its person is not here."),
        ({"created_at": "soon"}, "created_at: "),
        ({"created_at": None}, "created_at: "),
        ({"content": ["x"]}, "content: "),
        ({"tasks": "x"}, "tasks: "),
    ],
)
def test_one_wrong_note_stops_all(api, ground, more, words):
    make_task(ground.project, shotgun_id=1)
    answer = api.post(into("notes"), [note(1, 1), note(2, 1, **more)])
    assert answer.status_code == 400 and words in answer.json()["message"], answer.json()
    assert not Comment.objects.exists()


def test_pages_of_tasks_and_notes_take_a_few_statements(send, ground):
    kinds = {
        "tasks": [task(number, cached_display_name=f"T{number}", task_assignees=[link(PERSON_ID)]) for number in range(300)],
        "versions": [version(number, number) for number in range(300)],
        "notes": [note(number, number) for number in range(300)],
    }
    for kind, entries in kinds.items():
        with CaptureQueriesContext(connection) as queries:
            assert len(send(kind, *entries)) == 300
        assert len(queries) < 40, kind
