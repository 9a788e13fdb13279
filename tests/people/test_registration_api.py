"""Joining the studio on one's own."""

import re
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from core.errors import Refusal
from core.models import now
from events.models import ApiEvent
from people.models import OneTimeToken, Person
from people.rules.registration import register
from tests.makers import make_person

BODY = {
    "email": "ada@example.com",
    "password": "long enough",
    "password_2": "long enough",
    "first_name": "Ada",
    "last_name": "Field",
}


def post(**overrides):
    return Client().post("/auth/register", {**BODY, **overrides}, content_type="application/json")


def test_a_stranger_becomes_an_artist_in_no_production(db):
    answer = post(role="admin", active=False, is_bot=True, departments=["x"], daily_salary=9)
    assert (answer.status_code, answer.json()) == (201, {"registration_success": True})
    person = Person.objects.get()
    assert (person.email, person.full_name, person.role, person.active, person.is_bot) == (
        "ada@example.com",
        "Ada Field",
        "user",
        True,
        False,
    )
    assert (person.team_links.count(), person.departments.count(), person.daily_salary) == (0, 0, 0)
    assert [(event.name, event.data) for event in ApiEvent.objects.all()] == [("person:new", {"person_id": str(person.pk)})]
    login = {"email": "ada@example.com", "password": "long enough"}
    assert Client().post("/auth/login", login, content_type="application/json").status_code == 200


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"email": "ada"}, "An email address must have an @-sign."),
        ({"email": "TAKEN@example.com"}, "Email already in use."),
        ({"password": "short", "password_2": "other"}, "Password is too short."),
        ({"password_2": "something else"}, "Confirmation password doesn't match."),
        ({"first_name": ""}, "Validation error."),
        ({"last_name": "x" * 81}, "Validation error."),
        ({"password": 3}, "Validation error."),
    ],
)
def test_a_registration_is_refused_with_its_reason(db, change, message):
    make_person(email="taken@example.com")
    answer = post(**change)
    assert (answer.status_code, answer.json()["error"], answer.json()["message"]) == (400, True, message)
    assert Person.objects.count() == 1


def test_a_full_studio_takes_nobody(db, settings):
    make_person()
    make_person(is_bot=True)
    make_person(active=False)
    settings.USER_LIMIT = 1
    answer = post()
    assert (answer.status_code, answer.json()) == (400, {"error": True, "message": "User limit reached.", "data": None})


def test_a_studio_may_close_its_door(db, settings):
    settings.REGISTRATION_ENABLED = False
    assert post().status_code == 404
    assert Person.objects.count() == 0


def test_attempts_are_limited(db, settings):
    settings.REGISTRATION_RATE = "3/hour"
    assert [post(email="bad").status_code for _ in range(3)] == [400] * 3
    for header in ({}, {"HTTP_X_FORWARDED_FOR": "10.9.8.7"}):
        answer = Client().post("/auth/register", BODY, content_type="application/json", **header)
        assert answer.status_code == 429
        assert answer.json()["error"] is True
        assert int(answer["Retry-After"]) > 0


def test_with_mail_the_account_opens_by_the_link_that_is_sent(db, mailbox):
    assert post().status_code == 201
    person = Person.objects.get()
    assert person.active is False
    link = re.search(r"https?://\S+", mailbox[0].body)[0]
    path = "/" + link.split("/", 3)[3]
    assert path.startswith("/api/auth/register/confirm/")
    assert Client().get(path[:-3] + "AAA").status_code == 404
    answer = Client().get(path)
    assert (answer.status_code, answer["Location"]) == (302, "http://localhost:8000/")
    person.refresh_from_db()
    assert person.active
    Person.objects.update(active=False)
    assert Client().get(path).status_code == 404
    person.refresh_from_db()
    assert not person.active


def test_a_link_does_not_undo_what_a_manager_decided(api, mailbox):
    post()
    path = "/" + re.search(r"https?://\S+", mailbox[0].body)[0].split("/", 3)[3]
    person = Person.objects.get(email="ada@example.com")
    api.put(f"/data/persons/{person.pk}", {"active": True})
    api.put(f"/data/persons/{person.pk}", {"active": False})
    assert Client().get(path).status_code == 404


def test_a_registration_that_nobody_confirmed_frees_its_address(db, mailbox):
    post()
    assert post().json()["message"] == "Email already in use."
    OneTimeToken.objects.update(expires_at=now() - timedelta(seconds=1))
    assert post().status_code == 201
    assert Person.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite in memory has one connection")
def test_parallel_registrations_do_not_pass_the_limit(settings):
    settings.USER_LIMIT = 3
    outcomes = []

    def join(number):
        try:
            register(
                email=f"person{number}@example.com",
                password="long enough",
                confirmation="long enough",
                first_name="P",
                last_name=str(number),
                ip=None,
            )
            outcomes.append("in")
        except Refusal as refusal:
            outcomes.append(refusal.message)
        finally:
            connection.close()

    threads = [threading.Thread(target=join, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("in") == 3
    assert outcomes.count("User limit reached.") == 7
    assert Person.objects.count() == 3
