"""Starting a studio's server."""

import re

import pytest
from django.core.management import call_command

from core import serving
from people.models import Person
from production.models import TaskType
from tests.makers import make_person


@pytest.fixture
def new_studio(db, settings):
    settings.ADMIN_EMAIL, settings.ADMIN_PASSWORD = "", ""
    return settings


def test_the_first_start_makes_a_studio(new_studio):
    email, password = serving.prepare_studio()
    admin = Person.objects.get()
    assert (admin.email, admin.role, email) == ("admin@example.com", "admin", "admin@example.com")
    assert admin.check_password(password) and len(password) >= 12
    assert TaskType.objects.exists()


def test_later_starts_change_nothing(new_studio):
    serving.prepare_studio()
    TaskType.objects.all().delete()
    assert serving.prepare_studio() is None
    assert Person.objects.count() == 1
    assert not TaskType.objects.exists(), "what a studio removed must not come back"


def test_the_administrator_of_the_environment_is_made_and_never_changed(new_studio):
    new_studio.ADMIN_EMAIL, new_studio.ADMIN_PASSWORD = "Boss@Studio.example", "a-password"
    assert serving.prepare_studio() is None
    admin = Person.objects.get()
    assert admin.check_password("a-password")
    new_studio.ADMIN_PASSWORD = "another-password"
    assert serving.prepare_studio() is None
    assert Person.objects.get().check_password("a-password")


def test_a_studio_that_has_an_administrator_gets_no_second(new_studio):
    make_person(role="admin")
    assert serving.make_administrator() is None
    assert Person.objects.count() == 1


def test_a_made_up_password_is_printed_once(new_studio, monkeypatch, capsys):
    started = []
    # A child process would not see what this test has not committed.
    monkeypatch.setattr("core.management.commands.serve.prepare_studio_apart", serving.prepare_studio)
    monkeypatch.setattr("core.management.commands.serve.serve", lambda *args, **options: started.append((args, options)))
    call_command("serve", "--port", "8123", "--no-worker")
    first = capsys.readouterr().out
    call_command("serve", "--port", "8123")
    second = capsys.readouterr().out
    password = re.search(r"with the password (\S+):", first)[1]
    assert Person.objects.get().check_password(password)
    assert "password" not in second
    assert [options["with_jobs"] for _, options in started] == [False, True]
    assert started[0][0][1] == 8123
