"""One's own days off and arrivals."""

from datetime import date

import pytest

from people.models import DayOff, DesktopLoginLog, Person
from tests.makers import make_person

LOGS = "/data/user/desktop-login-logs"


def test_the_period_off_that_covers_a_day(api, cast, django_assert_num_queries):
    mine = DayOff.objects.create(person=cast.user, date=date(2026, 2, 2), end_date=date(2026, 2, 4), description="Skiing")
    DayOff.objects.create(person=cast.vendor, date=date(2026, 2, 10), end_date=date(2026, 2, 10))
    own = api.by(cast.user)
    own.get("/data/user/day-offs/2026-02-03")
    with django_assert_num_queries(2):
        answer = own.get("/data/user/day-offs/2026-02-03")
    assert (answer.json()["id"], answer.json()["description"]) == (str(mine.pk), "Skiing")
    assert own.get("/data/user/day-offs/2026-02-04").json()["id"] == str(mine.pk)
    assert own.get("/data/user/day-offs/2026-02-10").json() == {}


@pytest.mark.parametrize("day", ["abc", "2026-13-01", "2026-02-03T10:00:00"])
def test_a_day_off_is_asked_for_by_its_day(api, day):
    answer = api.get(f"/data/user/day-offs/{day}")
    assert (answer.status_code, answer.json()["message"]) == (400, "Wrong date format.")


def test_one_notes_and_reads_ones_own_arrivals(api, cast):
    own = api.by(cast.client)
    assert own.post(LOGS, {"date": "2026-03-01"}).json()["date"] == "2026-03-01T00:00:00"
    answer = own.post(f"{LOGS}?date=2026-03-02T09:30:00", b"")
    assert (answer.status_code, answer.json()["date"]) == (201, "2026-03-02T09:30:00")
    assert own.post(LOGS).status_code == 201
    DesktopLoginLog.objects.create(person=cast.user, date=date(2026, 3, 3))
    assert [row["date"] for row in own.get(LOGS).json()][1:] == ["2026-03-02T09:30:00", "2026-03-01T00:00:00"]
    assert Person.objects.get(pk=cast.client.pk).last_presence is not None
    assert own.post(LOGS, {"date": "yesterday"}).status_code == 400


def test_bots_have_neither(api):
    bot = api.by(make_person(is_bot=True))
    for path in (LOGS, "/data/user/day-offs/2026-02-03"):
        assert bot.get(path).status_code == 403
