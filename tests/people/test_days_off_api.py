"""Days off: entering them, and who knows of them."""

import threading
from datetime import date
from types import SimpleNamespace

import pytest
from django.db import connection

from core.errors import Refusal
from events.models import ApiEvent
from people.models import DayOff
from people.rules.days_off import enter_day_off
from tests.makers import join_team, make_department, make_person, make_project

UNKNOWN = "aaaaaaaa-0000-4000-8000-000000000000"


def off(person, start="2026-03-02", end="2026-03-04", **values):
    return {"person_id": str(person.pk), "date": start, "end_date": end, **values}


def make_day_off(person, start="2026-03-02", end="2026-03-04", description="Sick"):
    return DayOff.objects.create(person=person, date=start, end_date=end, description=description)


def test_people_enter_their_own_days_off(api, cast):
    answer = api.by(cast.user).post("/data/day-offs", off(cast.user, description="Holiday"))
    row = answer.json()
    assert (answer.status_code, row["date"], row["end_date"], row["description"]) == (201, "2026-03-02", "2026-03-04", "Holiday")
    event = ApiEvent.objects.get()
    assert (event.name, event.data) == ("day-off:new", {"day_off_id": row["id"]})
    assert api.by(cast.user).post("/data/day-offs", off(cast.outsider)).status_code == 403
    assert api.by(cast.manager).post("/data/day-offs", off(cast.user, "2026-04-01", "2026-04-01")).status_code == 403
    assert api.post("/data/day-offs", off(cast.outsider)).status_code == 201
    assert api.by(cast.user).put(f"/data/day-offs/{row['id']}", {"end_date": "2026-03-05"}).json()["end_date"] == "2026-03-05"
    assert api.by(cast.user).put(f"/data/day-offs/{row['id']}", {"person_id": str(cast.manager.pk)}).status_code == 403
    assert api.by(cast.manager).delete(f"/data/day-offs/{row['id']}").status_code == 403
    assert api.by(cast.user).delete(f"/data/day-offs/{row['id']}").status_code == 204


@pytest.mark.parametrize(
    ("values", "payload"),
    [
        ({"person_id": None}, {"message": "'person_id'"}),
        ({"end_date": None}, {"message": "'end_date'"}),
        ({"end_date": "2026-03-01"}, {"message": "The data conflicts with database integrity rules."}),
        ({"person_id": UNKNOWN}, {"message": "The change conflicts with records referencing this one."}),
        ({"person_id": "abc"}, {"message": "One of the provided values has an invalid format."}),
        ({"date": "tomorrow"}, {"message": "One of the provided values has an invalid format."}),
    ],
)
def test_wrong_periods_are_refused(api, cast, values, payload):
    body = {name: value for name, value in {**off(cast.user), **values}.items() if value is not None}
    answer = api.post("/data/day-offs", body)
    assert (answer.status_code, answer.json()) == (400, payload)
    assert DayOff.objects.count() == 0


@pytest.mark.parametrize(
    ("start", "end"), [("2026-03-04", "2026-03-06"), ("2026-02-01", "2026-03-02"), ("2026-03-03", "2026-03-03")]
)
def test_periods_do_not_overlap(api, cast, start, end):
    first = make_day_off(cast.user)
    refusal = {"error": True, "message": "Day off already exists for this period", "data": None}
    answer = api.post("/data/day-offs", off(cast.user, start, end))
    assert (answer.status_code, answer.json()) == (400, refusal)
    assert api.post("/data/day-offs", off(cast.outsider, start, end)).status_code == 201
    assert api.put(f"/data/day-offs/{first.pk}", {"end_date": "2026-03-05"}).status_code == 200
    second = make_day_off(cast.user, "2026-06-01", "2026-06-02")
    assert api.put(f"/data/day-offs/{second.pk}", {"date": "2026-03-03"}).json() == refusal


def test_what_was_logged_for_a_day_off_goes(cast, monkeypatch):
    asked = []
    rows = SimpleNamespace(filter=lambda **period: asked.append(period) or SimpleNamespace(delete=lambda: None))
    monkeypatch.setattr(type(cast.user), "time_spents", rows)
    enter_day_off({"person_id": cast.user.pk, "date": date(2026, 3, 2), "end_date": date(2026, 3, 4)}, by=cast.user)
    assert asked == [{"date__gte": date(2026, 3, 2), "date__lte": date(2026, 3, 4)}]


def test_who_knows_of_a_day_off_and_who_of_its_reason(api, cast):
    day = make_day_off(cast.user)
    seen = {}
    for role in ("admin", "manager", "supervisor", "user", "client", "vendor"):
        answer = api.by(cast.of(role)).get(f"/data/day-offs/{day.pk}")
        seen[role] = answer.json().get("description", "hidden") if answer.status_code == 200 else answer.status_code
        listed = api.by(cast.of(role)).get(f"/data/persons/{cast.user.pk}/day-offs")
        assert listed.status_code == answer.status_code
        if answer.status_code == 200:
            assert listed.json() == [answer.json()]
        assert api.by(cast.of(role)).get("/data/day-offs").status_code == (200 if role == "admin" else 403)
    assert seen == {"admin": "Sick", "manager": "Sick", "supervisor": "hidden", "user": "Sick", "client": 403, "vendor": 403}


def test_a_role_in_the_team_counts_and_a_department_narrows(api, cast):
    day = make_day_off(cast.user)
    boss = make_person(role="user")
    path = f"/data/day-offs/{day.pk}"
    other = make_project()
    join_team(other, boss, role="manager")
    assert api.by(boss).get(path).status_code == 403
    join_team(other, cast.user)
    assert api.by(boss).get(path).json()["description"] == "Sick"
    department = make_department()
    cast.supervisor.departments.add(department)
    assert api.by(cast.supervisor).get(path).status_code == 403
    cast.user.departments.add(department)
    assert "description" not in api.by(cast.supervisor).get(path).json()
    assert api.by(make_person(role="manager")).get(path).status_code == 403


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("", 2),
        ("/year/2026", 2),
        ("/year/2025", 0),
        ("/month/2026/3", 1),
        ("/month/2026/12", 1),
        ("/week/2026/10", 1),
        ("/week/2026/12", 0),
        ("/week/2026/53", 1),
    ],
)
def test_the_days_off_of_a_person_in_a_period(api, cast, path, found):
    make_day_off(cast.user)
    make_day_off(cast.user, "2026-12-30", "2027-01-02")
    assert len(api.get(f"/data/persons/{cast.user.pk}/day-offs{path}").json()) == found


@pytest.mark.parametrize("path", ["/year/x", "/year/0", "/year/99999", "/month/2026/13", "/week/2026/60", "/2026-13-01", "/x"])
def test_a_period_that_is_none_is_refused(api, cast, path):
    answer = api.get(f"/data/persons/{cast.user.pk}/day-offs{path}")
    assert (answer.status_code, answer.json()["message"]) == (400, "Invalid date format.")


def test_the_day_off_that_covers_a_day(api, cast):
    day = make_day_off(cast.user)
    assert api.get(f"/data/persons/{cast.user.pk}/day-offs/2026-03-03").json()["id"] == str(day.pk)
    assert api.get(f"/data/persons/{cast.user.pk}/day-offs/2026-03-05").json() == {}
    bot = make_person(is_bot=True)
    assert api.get(f"/data/persons/{bot.pk}/day-offs/2026-03-03").status_code == 403
    for unknown in (UNKNOWN, "abc"):
        assert api.get(f"/data/persons/{unknown}/day-offs").status_code == 404


def test_the_days_off_of_everybody(api, cast, django_assert_num_queries):
    make_day_off(cast.user)
    make_day_off(cast.supervisor)
    make_day_off(cast.outsider)

    def seen(role, path="2026/3"):
        rows = api.by(cast.of(role)).get(f"/data/persons/day-offs/{path}").json()
        return sorted((row["person_id"], "description" in row) for row in rows)

    people = {name: str(getattr(cast, name).pk) for name in ("user", "supervisor", "outsider")}
    assert seen("admin") == sorted((pk, True) for pk in people.values())
    assert seen("admin", "2026") == seen("admin")
    assert seen("admin", "2026/4") == []
    assert seen("manager") == sorted((people[name], True) for name in ("user", "supervisor"))
    assert seen("supervisor") == sorted([(people["user"], False), (people["supervisor"], True)])
    assert seen("user") == [(people["user"], True)]
    assert seen("client") == seen("vendor") == []
    supervisor = api.by(cast.supervisor)
    with django_assert_num_queries(4):
        supervisor.get("/data/persons/day-offs/2026/3")
    assert api.get("/data/persons/day-offs/2026/13").status_code == 400


def test_the_days_off_of_a_production(api, cast):
    make_day_off(cast.user)
    make_day_off(cast.supervisor, "2026-05-01", "2026-05-02")
    make_day_off(cast.outsider)
    path = f"/data/projects/{cast.project.pk}/day-offs"
    for role, knows in (("admin", True), ("manager", True), ("supervisor", False), ("user", False)):
        found = api.by(cast.of(role)).get(path).json()
        assert set(found) == {str(cast.user.pk), str(cast.supervisor.pk)}
        for person_id, rows in found.items():
            assert all(("description" in row) == (knows or person_id == str(cast.of(role).pk)) for row in rows)
    assert set(api.get(f"{path}?start_date=2026-04-01&end_date=2026-05-01").json()) == {str(cast.supervisor.pk)}
    assert api.get(f"{path}?start_date=x&end_date=2026-05-01").status_code == 400
    for person in (cast.client, cast.vendor, cast.outsider):
        assert api.by(person).get(path).status_code == 403
    assert api.get(f"/data/projects/{UNKNOWN}/day-offs").status_code == 404


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite in memory has one connection")
def test_parallel_entries_do_not_overlap():
    person = make_person()
    outcomes = []

    def enter(number):
        values = {"person_id": person.pk, "date": date(2026, 3, 1 + number), "end_date": date(2026, 3, 20)}
        try:
            enter_day_off(values, by=person)
            outcomes.append("entered")
        except Refusal as refusal:
            outcomes.append(refusal.message)
        finally:
            connection.close()

    threads = [threading.Thread(target=enter, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (outcomes.count("entered"), DayOff.objects.count()) == (1, 1)
