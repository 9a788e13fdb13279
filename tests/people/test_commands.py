"""Accounts from the command line."""

from io import StringIO

import pytest
from django.contrib.auth.hashers import check_password
from django.core.management import CommandError, call_command
from django.test import Client

from people.models import Person
from tests.makers import make_person


def run(*arguments, **options):
    out = StringIO()
    call_command(*arguments, stdout=out, **options)
    return out.getvalue().strip()


def test_the_administrator_is_made_once(db):
    assert run("create_admin", "boss@example.com", password="mysecretpassword") == "boss@example.com was made a studio manager."
    person = Person.objects.get()
    assert (person.role, person.active, check_password("mysecretpassword", person.password)) == ("admin", True, True)
    assert run("create_admin", "BOSS@example.com", password="another password") == "boss@example.com is a studio manager already."
    person.refresh_from_db()
    assert check_password("mysecretpassword", person.password)
    assert Person.objects.count() == 1


def test_an_account_is_made_a_studio_manager(db):
    make_person(email="ada@example.com", role="user", active=False)
    run("create_admin", "ada@example.com", password="whatever it is")
    person = Person.objects.get()
    assert (person.role, person.active) == ("admin", True)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("create_admin", "boss@example.com", "--password", "x"), "Password is too short."),
        (("create_admin", "boss", "--password", "long enough"), "An email address must have an @-sign."),
        (("create_admin", "--password", "long enough"), "Name an address, or set ADMIN_EMAIL."),
        (("change_password", "nobody@example.com", "--password", "long enough"), "Nobody signs in as nobody@example.com."),
        (("create_bot", "Farm", "--email", "farm"), "An email address must have an @-sign."),
    ],
)
def test_what_makes_no_sense_is_told(db, arguments, message):
    with pytest.raises(CommandError, match=message):
        run(*arguments)
    assert Person.objects.count() == 0


def test_a_bot_comes_with_its_token(db):
    token = run("create_bot", "Farm", "--role", "manager")
    user = Client().get("/auth/authenticated", HTTP_AUTHORIZATION=f"Bearer {token}").json()["user"]
    assert (user["first_name"], user["role"], user["is_bot"]) == ("Farm", "manager", True)


def test_a_password_is_changed(db):
    person = make_person(email="ada@example.com")
    run("change_password", "ADA@example.com", password="another password")
    person.refresh_from_db()
    assert check_password("another password", person.password)
    with pytest.raises(CommandError, match="too short"):
        run("change_password", "ADA@example.com", password="x")
