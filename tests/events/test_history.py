"""The event log as clients read it."""

from datetime import datetime, timedelta

import pytest

from events.models import ApiEvent
from tests.makers import join_team, make_person, make_project

NOBODY = "aaaaaaaa-0000-4000-8000-000000000000"
START = datetime(2026, 11, 1)


@pytest.fixture
def log(cast):
    """Six events, a minute apart: five of the cast's production, one of the studio."""
    names = ["task:new", "task:update", "shot:new", "preview-file:add-file", "asset:delete"]
    events = [
        ApiEvent(name=name, data={"n": n}, project=cast.project, user=cast.user, created_at=START + timedelta(minutes=n))
        for n, name in enumerate(names)
    ]
    events.append(ApiEvent(name="person:new", data={"n": 5}, user=cast.admin, created_at=START + timedelta(minutes=5)))
    return ApiEvent.objects.bulk_create(events)


def numbers(answer):
    assert answer.status_code == 200, answer.json()
    return [event["data"]["n"] for event in answer.json()]


def test_the_history_is_newest_first(api, cast, log):
    answer = api.get("/data/events/last")
    assert numbers(answer) == [5, 4, 3, 2, 1, 0]
    assert answer.json()[1] == {
        "id": str(log[4].pk),
        "created_at": "2026-11-01T00:04:00",
        "name": "asset:delete",
        "user_id": str(cast.user.pk),
        "project_id": str(cast.project.pk),
        "data": {"n": 4},
    }


def test_managers_see_their_productions_alone(api, cast, log):
    other = make_project()
    ApiEvent.objects.create(name="task:new", data={"n": 9}, project=other)
    assert numbers(api.by(cast.manager).get("/data/events/last")) == [4, 3, 2, 1, 0]
    assert numbers(api.get("/data/events/last"))[0] == 9


@pytest.mark.parametrize("role", ["supervisor", "user", "client", "vendor"])
def test_others_see_nothing(api, cast, log, role):
    somebody = api.by(cast.of(role))
    assert somebody.get("/data/events/last").status_code == 403
    assert somebody.get("/data/events/names").status_code == 403
    assert somebody.get(f"/data/events/last?project_id={cast.project.pk}").status_code == 403


def test_the_role_in_the_production_counts(api, cast, log):
    artist, manager_elsewhere = make_person(role="user"), make_person(role="manager")
    join_team(cast.project, artist, role="manager")
    assert numbers(api.by(artist).get(f"/data/events/last?project_id={cast.project.pk}")) == [4, 3, 2, 1, 0]
    assert api.by(artist).get("/data/events/last").status_code == 403
    assert api.by(manager_elsewhere).get(f"/data/events/last?project_id={cast.project.pk}").status_code == 403
    assert api.by(cast.manager).get(f"/data/events/last?project_id={NOBODY}").status_code == 403
    assert numbers(api.get(f"/data/events/last?project_id={NOBODY}")) == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("limit=2", [5, 4]),
        ("limit=0", []),
        ("name=task:new", [0]),
        ("name_prefixes=task", [1, 0]),
        ("name_prefixes=task&name_prefixes=person", [5, 1, 0]),
        ("name_suffixes=new", [5, 2, 0]),
        ("name_prefixes=task&name_suffixes=new", [0]),
        ("only_files=true", [3]),
        ("after=2026-11-01T00:03:00", [5, 4]),
        ("before=2026-11-01T00:03:00", [2, 1, 0]),
        ("before=2026-11-01", []),
    ],
)
def test_the_history_is_narrowed(api, log, query, expected):
    assert numbers(api.get(f"/data/events/last?{query}")) == expected


def test_the_history_is_turned_by_a_cursor(api, cast, log):
    assert numbers(api.get(f"/data/events/last?cursor_event_id={log[4].pk}&limit=2")) == [3, 2]
    assert numbers(api.get(f"/data/events/last?person_ids={cast.admin.pk}")) == [5]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("project_id=x", "The project_id parameter is not a valid id"),
        ("cursor_event_id=x", "The cursor_event_id parameter is not a valid id"),
        (f"cursor_event_id={NOBODY}", f"No event found with id: {NOBODY}"),
        ("name_prefixes=task:", "The name_prefixes parameter contains an invalid value"),
        ("name_suffixes=", "The name_suffixes parameter contains an invalid value"),
        ("person_ids=x", "The person_ids parameter contains an invalid id"),
        ("limit=x", "Wrong value for parameter limit."),
        ("limit=-1", "Wrong value for parameter limit."),
        ("after=x", "Wrong date format for before argument.Expected format: 2020-01-05T13:23:10 or 2020-01-05"),
    ],
)
def test_a_wrong_question_is_refused_with_its_reason(api, query, message):
    answer = api.get(f"/data/events/last?{query}")
    assert (answer.status_code, answer.json()) == (400, {"error": True, "message": message, "data": None})


def test_the_names_are_sorted(api, cast, log):
    names = ["asset:delete", "person:new", "preview-file:add-file", "shot:new", "task:new", "task:update"]
    assert api.by(cast.manager).get("/data/events/names").json() == names


def test_the_rows_themselves_are_for_studio_managers(api, cast, log):
    assert {event["type"] for event in api.get("/data/events").json()} == {"ApiEvent"}
    assert api.by(cast.manager).get("/data/events").status_code == 403
    assert api.get(f"/data/events/{log[0].pk}").json()["name"] == "task:new"
    assert api.post("/data/events", {"name": "main:test"}).status_code == 201


def test_a_list_of_rows_ends_after_a_thousand(api, log):
    ApiEvent.objects.bulk_create(ApiEvent(name="task:update", data={}) for _ in range(1000))
    assert len(api.get("/data/events").json()) == 1000
    assert api.get("/data/events?page=1&limit=2").json()["total"] == 1006


def test_reading_costs_constant_statements(api, log, django_assert_num_queries):
    for path in ("/data/events", "/data/events/last", "/data/events/names"):
        with django_assert_num_queries(2):
            api.get(path)


def test_the_review_rooms_say_their_name(api, anonymous):
    assert api.get("/rooms").json() == {"name": "Zou Review rooms"}
    assert anonymous.get("/rooms").status_code == 401
