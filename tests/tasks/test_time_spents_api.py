"""Time spents: logging, the generic routes, listings and tables."""

import pytest

from events.models import ApiEvent
from tasks.models import TimeSpent
from tests.makers import make_person


def day(stage, person, date="2026-02-03"):
    return f"/actions/tasks/{stage.task.pk}/time-spents/{date}/persons/{person.pk}"


def test_the_first_entry_creates_the_next_replaces_and_add_adds(api, stage, cast):
    assert api.post(day(stage, cast.user), {"duration": 60}).status_code == 201
    assert api.post(day(stage, cast.user), {"duration": 90.5}).json()["duration"] == 90.5
    added = api.post(f"{day(stage, cast.user)}/add", {"duration": 30})
    assert (added.status_code, added.json()["duration"], added.json()["type"]) == (201, 120.5, "TimeSpent")
    stage.task.refresh_from_db()
    cast.user.refresh_from_db()
    assert (stage.task.duration, str(cast.user.last_presence)) == (120.5, "2026-02-03")
    names = list(ApiEvent.objects.order_by("created_at").values_list("name", flat=True))
    assert names[:3] == ["person:update", "time-spent:new", "task:update"]
    gone = api.delete(day(stage, cast.user))
    assert (gone.status_code, gone.json()["duration"]) == (201, 0)
    stage.task.refresh_from_db()
    assert (stage.task.duration, TimeSpent.objects.count()) == (0, 0)
    assert api.delete(day(stage, cast.user)).status_code == 404


def test_time_is_logged_for_assignees_by_themselves_and_managers(api, stage, cast):
    body = {"duration": 60}
    for role, status in (("admin", 201), ("manager", 201), ("user", 201), ("supervisor", 403), ("client", 403), ("vendor", 403)):
        assert api.by(cast.of(role)).post(day(stage, cast.user), body).status_code == status, role
    assert api.post(day(stage, cast.vendor), body).status_code == 403


@pytest.mark.parametrize("duration", [0, -5, "x", None])
def test_minutes_are_more_than_none(api, stage, cast, duration):
    assert api.post(day(stage, cast.user), {"duration": duration}).status_code == 400


def test_days_are_checked(api, stage, cast):
    answer = api.post(day(stage, cast.user, "2026-13-01"), {"duration": 5})
    assert (answer.status_code, answer.json()["message"]) == (400, "Invalid date format.")
    answer = api.get(f"/actions/tasks/{stage.task.pk}/time-spents/zz")
    assert (answer.status_code, answer.json()["message"]) == (400, "Wrong date format.")


@pytest.fixture
def logged(stage, cast):
    """Two days of the artist."""
    for date, minutes in (("2026-02-03", 60), ("2026-03-10", 30)):
        TimeSpent.objects.create(task=stage.task, person=cast.user, date=date, duration=minutes)


def test_a_task_s_time_is_summed_by_person(api, stage, cast, logged):
    answer = api.get(f"/actions/tasks/{stage.task.pk}/time-spents").json()
    assert (answer["total"], len(answer[str(cast.user.pk)])) == (90, 2)
    assert api.get(f"/actions/tasks/{stage.task.pk}/time-spents/2026-02-03").json()["total"] == 60
    assert api.get(f"/actions/tasks/{stage.task.pk}/time-spents/2020-02-03").json() == {"total": 0}


def test_a_person_s_time_by_period(api, stage, cast, logged):
    base = f"/data/persons/{cast.user.pk}/time-spents"
    assert api.get(base).json() == []
    rows = api.get(f"{base}?start_date=2026-02-01&end_date=2026-02-28").json()
    assert [(row["duration"], row["project_id"]) for row in rows] == [(60, str(stage.project.pk))]
    assert "must be given" in api.get(f"{base}?start_date=2026-02-01").json()["message"]
    for path, minutes in (("year/2026", 90), ("month/2026/02", 60), ("week/2026/6", 60), ("day/2026/03/10", 30)):
        (row,) = api.get(f"{base}/{path}").json()
        assert (row["duration"], row["entity_name"], row["sequence_name"], row["task_id"]) == (
            minutes,
            "SH01",
            "SQ01",
            str(stage.task.pk),
        )
    assert len(api.get(f"{base}/2026-02-03").json()) == len(api.get(f"{base}/month/all/2026/2").json()) == 1
    for path, words in (
        ("year/x", "Invalid date format."),
        ("month/2026/13", "Invalid date format."),
        ("week/2026/99", "Invalid month or year."),
    ):
        assert api.get(f"{base}/{path}").json()["message"] == words


def test_who_sees_whose_time(api, stage, cast, logged):
    path = f"/data/persons/{cast.user.pk}/time-spents/year/2026"
    for role, status in (("manager", 200), ("supervisor", 200), ("user", 200), ("client", 403), ("vendor", 403)):
        assert api.by(cast.of(role)).get(path).status_code == status, role
    assert api.by(make_person(role="manager")).get(path).json() == []
    assert api.by(cast.manager).get(f"/data/persons/{cast.user.pk}/time-spents/month/all/2026/2").status_code == 403
    bot = make_person(is_bot=True)
    assert api.get(f"/data/persons/{bot.pk}/time-spents").status_code == 403


def test_tables_are_summed_by_unit_and_person(api, stage, cast, logged, django_assert_max_num_queries):
    who = str(cast.user.pk)
    with django_assert_max_num_queries(2):
        assert api.get("/data/persons/time-spents/year-table").json() == {"2026": {who: 90}}
    assert api.get("/data/persons/time-spents/month-table/2026").json() == {"2": {who: 60}, "3": {who: 30}}
    assert api.get("/data/persons/time-spents/week-table/2026").json() == {"6": {who: 60}, "11": {who: 30}}
    assert api.get("/data/persons/time-spents/day-table/2026/02").json() == {"3": {who: 60}}
    assert api.get("/data/persons/time-spents/day-table/2026/13").json()["message"] == "Invalid month or year."
    assert api.by(cast.vendor).get("/data/persons/time-spents/year-table").json() == {}
    assert api.by(cast.outsider).get(f"/data/persons/time-spents/year-table?project_id={stage.project.pk}").json() == {}
    foreign = api.by(make_person(role="manager")).get(f"/data/persons/time-spents/year-table?project_id={stage.project.pk}")
    assert foreign.status_code == 403


def test_one_s_own_time(api, stage, cast, logged):
    artist = api.by(cast.user)
    assert artist.get("/data/user/time-spents").json() == []
    assert len(artist.get("/data/user/time-spents?start_date=2026-01-01&end_date=2026-12-31").json()) == 2
    assert artist.get("/data/user/time-spents/2026-02-03").json()[0]["duration"] == 60
    assert artist.get("/data/user/time-spents/zz").json()["message"] == "Wrong date format."
    assert artist.get(f"/data/user/tasks/{stage.task.pk}/time-spents/2026-02-03").json()["duration"] == 60
    assert artist.get(f"/data/user/tasks/{stage.task.pk}/time-spents/2020-02-03").json() is None


def test_a_production_s_time(api, stage, cast, logged):
    base = f"/data/projects/{stage.project.pk}"
    assert len(api.by(cast.user).get(f"{base}/time-spents").json()) == 2
    assert api.by(cast.client).get(f"{base}/time-spents").status_code == 403
    assert api.by(cast.vendor).get(f"{base}/time-spents").json() == []
    by_type = f"{base}/task-types/{stage.animation.pk}/time-spents"
    assert [row["date"] for row in api.get(by_type).json()[str(cast.user.pk)]] == ["2026-03-10", "2026-02-03"]
    assert api.by(cast.user).get(by_type).status_code == 403
    department = str(stage.animation.department_id)
    assert api.get(f"{base}/budgets/time-spents").json() == {
        department: {"total": 90, str(cast.user.pk): {"total": 90, "2026-02": 60, "2026-03": 30}}
    }
    assert api.by(cast.manager).get(f"{base}/budgets/time-spents").status_code == 403
    assert len(api.get(f"/data/entities/{stage.shot.pk}/time-spents").json()) == 2


def test_generic_writes_keep_the_task_s_duration(api, stage, cast):
    row = {"task_id": str(stage.task.pk), "person_id": str(cast.user.pk), "date": "2026-02-03", "duration": 60}
    made = api.post("/data/time-spents", row)
    assert made.status_code == 201, made.content
    assert api.post("/data/time-spents", row).json() == {"message": "A record with the same unique values already exists."}
    assert api.post("/data/time-spents", {**row, "date": "2026-02-04", "duration": 0}).json() == {
        "message": "The data conflicts with database integrity rules."
    }
    path = f"/data/time-spents/{made.json()['id']}"
    api.put(path, {"duration": 45})
    stage.task.refresh_from_db()
    assert stage.task.duration == 45
    assert len(api.get("/data/time-spents?start_date=2026-02-01&end_date=2026-02-28").json()) == 1
    assert api.get("/data/time-spents?start_date=2026-02-01").status_code == 400
    assert api.by(cast.manager).get("/data/time-spents").status_code == 403
    assert api.by(cast.vendor).delete(path).status_code == 403
    assert api.by(cast.user).delete(path).status_code == 204
    stage.task.refresh_from_db()
    assert stage.task.duration == 0
