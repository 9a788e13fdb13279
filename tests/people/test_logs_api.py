"""Arrivals at desks, and logins."""

from datetime import datetime

import pytest

from people.models import DesktopLoginLog, LoginLog, Person
from tests.makers import make_person


def test_arrivals_are_noted_by_oneself_and_by_managers_of_the_studio(api, cast):
    path = f"/data/persons/{cast.user.pk}/desktop-login-logs"
    answer = api.by(cast.user).post(path, {"date": "2026-03-02T09:30:00"})
    assert (answer.status_code, answer.json()["date"], answer.json()["person_id"]) == (
        201,
        "2026-03-02T09:30:00",
        str(cast.user.pk),
    )
    assert api.post(path, {"date": "2026-03-01"}).status_code == 201
    assert str(Person.objects.get(pk=cast.user.pk).last_presence) == "2026-03-02"
    assert api.by(cast.manager).post(path, {}).status_code == 403
    assert [row["date"] for row in api.by(cast.manager).get(path).json()] == ["2026-03-02T09:30:00", "2026-03-01T00:00:00"]
    for role in ("supervisor", "client", "vendor"):
        assert api.by(cast.of(role)).get(path).status_code == 403
    assert api.by(cast.user).post(path).status_code == 201
    assert api.get("/data/persons/abc/desktop-login-logs").status_code == 404


@pytest.mark.parametrize("value", ["yesterday", 3, "2026-13-01", []])
def test_an_arrival_has_a_date(api, cast, value):
    answer = api.post(f"/data/persons/{cast.user.pk}/desktop-login-logs", {"date": value})
    assert answer.status_code == 400
    message = "Value error, Wrong date format. Expected: 2020-01-05T13:23:10 or 2020-01-05"
    assert answer.json()["data"]["errors"] == [{"field": "date", "message": message}]


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("2026-03-02T09:30:00.123456", "2026-03-02T09:30:00"),  # as Python writes the present moment
        ("2026-03-02T09:30:00+02:00", "2026-03-02T07:30:00"),
        ("2026-03-02", "2026-03-02T00:00:00"),
    ],
)
def test_one_s_own_arrival_may_be_any_iso_moment(api, cast, value, kept):
    answer = api.by(cast.user).post("/data/user/desktop-login-logs", {"date": value})
    assert (answer.status_code, answer.json()["date"]) == (201, kept)
    assert api.by(cast.user).post("/data/user/desktop-login-logs", {"date": "yesterday"}).status_code == 400


def test_presence_is_a_table_of_the_month(api, cast, django_assert_num_queries):
    assert api.by(cast.manager).get("/data/persons/presence-logs/2026-02").status_code == 403
    Person.objects.exclude(pk__in=(cast.user.pk, cast.admin.pk)).update(active=False)
    make_person(is_guest=True)
    DesktopLoginLog.objects.create(person=cast.user, date=datetime(2026, 2, 28, 23, 59))
    with django_assert_num_queries(3):
        answer = api.get("/data/persons/presence-logs/2026-02")
    assert (answer["Content-Type"], answer["Content-Disposition"]) == ("text/csv", "attachment; filename=kitsu_export.csv")
    lines = answer.content.decode().split("\r\n")
    assert lines[0] == "2026;" + ";".join(str(day) for day in range(1, 29))
    assert lines[1].startswith("Admin ") and "X" not in lines[1]
    assert lines[2].endswith(";X") and lines[2].count("X") == 1
    assert lines[3] == ""
    assert api.get("/data/persons/presence-logs/2026-13").json()["message"] == "Invalid month or year."


def test_the_latest_logins(api, cast):
    logs = [LoginLog.objects.create(person=person, origin="web", ip_address="10.0.0.1") for person in (cast.user, cast.client)]
    rows = api.get("/data/events/login-logs/last").json()
    assert [row["id"] for row in rows] == [str(log.pk) for log in reversed(logs)]
    assert set(rows[0]) == {"id", "created_at", "ip_address", "person_id", "origin"}
    assert [row["id"] for row in api.get("/data/events/login-logs/last?limit=1").json()] == [str(logs[1].pk)]
    assert [row["id"] for row in api.get(f"/data/events/login-logs/last?cursor_login_log_id={logs[1].pk}").json()] == [
        str(logs[0].pk)
    ]
    assert len(api.get(f"/data/events/login-logs/last?person_ids={cast.user.pk}").json()) == 1
    assert api.get("/data/events/login-logs/last?before=2020-01-01").json() == []
    for query in ("cursor_login_log_id=x", "after=x", "person_ids=x", "limit=x"):
        assert api.get(f"/data/events/login-logs/last?{query}").status_code == 400
    assert api.by(cast.manager).get("/data/events/login-logs/last").status_code == 403
