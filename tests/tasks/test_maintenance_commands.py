"""Commands that keep the studio's rows in order."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from assets.models import Entity, EntityLink
from core.models import now
from events.models import ApiEvent
from people.models import LoginLog, OneTimeToken, Person, Session
from people.tokens import open_session
from production.models import Project, ProjectStatus
from tasks.models import Comment, Notification, Task
from tests.client import ApiClient
from tests.makers import make_asset, make_person, make_shot, make_task, make_task_status

OLD = timedelta(days=100)


def run(*arguments) -> str:
    """What a command tells; its exit code follows where it is not 0."""
    out, code = StringIO(), 0
    try:
        call_command(*map(str, arguments), stdout=out, stderr=out)
    except SystemExit as end:
        code = end.code
    return out.getvalue() + (f"exit {code}" if code else "")


def test_old_data_go_and_young_ones_stay(cast):
    person = cast.user
    for age in (OLD, timedelta(days=10)):
        moment = now() - age
        event = ApiEvent.objects.create(name="asset:new", data={}, project=cast.project)
        ApiEvent.objects.filter(pk=event.pk).update(created_at=moment)
        LoginLog.objects.create(person=person, created_at=moment)
        Notification.objects.create(
            notification_type="comment", person=person, author=cast.manager, created_at=moment, reply_id=event.pk
        )
    assert "1 events" in run("remove_old_data", "--dry-run")
    assert ApiEvent.objects.count() == 2
    told = run("remove_old_data")
    assert "1 events" in told and "1 notifications" in told and "1 login logs" in told
    assert (ApiEvent.objects.count(), LoginLog.objects.count(), Notification.objects.count()) == (1, 1, 1)
    assert "1 events" in run("remove_old_data", "--days", "5")
    with pytest.raises(CommandError, match="at least 1"):
        run("remove_old_data", "--days", "0")


def test_tasks_are_worked_out_anew_from_their_comments(cast):
    make_task_status(is_default=True)
    retake = make_task_status(is_retake=True)
    done = make_task_status(is_done=True)
    wrong, right = make_task(cast.project, retake_count=9, task_status=done), make_task(cast.project)
    other = make_task(Project.objects.create(name="Other", project_status=cast.project.project_status), retake_count=9)
    for status in (retake, done, retake):
        Comment.objects.create(object_id=wrong.pk, object_type="Task", person=cast.user, task_status=status)
    Comment.objects.create(object_id=right.pk, object_type="Task", person=cast.user, task_status=done)
    assert run("recount_tasks", "--project", "The Lantern", "--dry-run") == "2 of 2 tasks would change.\n"
    assert Task.objects.get(pk=wrong.pk).retake_count == 9
    assert run("recount_tasks", "--project", cast.project.pk) == "2 of 2 tasks changed.\n"
    wrong.refresh_from_db()
    assert (wrong.retake_count, wrong.task_status) == (2, retake)
    assert Task.objects.get(pk=right.pk).task_status == done
    assert Task.objects.get(pk=other.pk).retake_count == 9
    assert ApiEvent.objects.filter(name="task:update").count() == 2
    assert run("recount_tasks", "--project", "The Lantern") == "0 of 2 tasks changed.\n"
    with pytest.raises(CommandError, match="There is no production"):
        run("recount_tasks", "--project", "Nope")
    with pytest.raises(CommandError, match="--project"):
        run("recount_tasks")


def test_castings_are_counted_anew(cast):
    shot, asset = make_shot(cast.project, nb_entities_out=7), make_asset(cast.project)
    EntityLink.objects.create(entity_in=shot, entity_out=asset)
    assert run("recount_castings") == "1 shots counted anew.\n"
    assert Entity.objects.get(pk=shot.pk).nb_entities_out == 1
    assert run("recount_castings", "--project", "Nope") == "0 shots counted anew.\n"


def test_a_closed_production_is_deleted_on_demand(cast):
    make_task(cast.project)
    with pytest.raises(CommandError, match="Only closed projects"):
        run("delete_production", "The Lantern", "--yes")
    Project.objects.update(project_status=ProjectStatus.objects.create(name="Closed"))
    assert "and 1 tasks would be deleted" in run("delete_production", "The Lantern", "--dry-run")
    assert Task.objects.exists()
    assert "was deleted" in run("delete_production", cast.project.pk, "--yes")
    assert not Project.objects.exists()
    with pytest.raises(CommandError, match="There is no production"):
        run("delete_production", "The Lantern", "--yes")


def test_a_deletion_asks_for_the_name(cast, monkeypatch):
    Project.objects.update(project_status=ProjectStatus.objects.create(name="Closed"))
    monkeypatch.setattr("builtins.input", lambda words: "yes")
    with pytest.raises(CommandError, match="Nothing was deleted"):
        run("delete_production", "The Lantern")
    monkeypatch.setattr("builtins.input", lambda words: "The Lantern")
    assert "was deleted" in run("delete_production", "The Lantern")


def test_accounts_are_switched_off_and_on(cast, settings):
    browser = Client()
    browser.force_login(cast.admin)
    session, _, _ = open_session(cast.user)
    assert run("set_person_active", cast.user.email, "--inactive") == f"{cast.user} is inactive now.\n"
    assert run("set_person_active", cast.user.email, "--inactive") == f"{cast.user} is inactive already.\n"
    assert not Person.objects.get(pk=cast.user.pk).active
    assert Session.objects.get(pk=session.pk).revoked
    settings.USER_LIMIT = 1
    with pytest.raises(CommandError, match="User limit reached"):
        run("set_person_active", cast.user.email)
    settings.USER_LIMIT = 100
    assert run("set_person_active", cast.user.email) == f"{cast.user} is active now.\n"
    with pytest.raises(CommandError, match="Nobody signs in"):
        run("set_person_active", "nobody@example.com")


def test_second_factors_are_taken_away(cast):
    Person.objects.filter(pk=cast.user.pk).update(totp_enabled=True, totp_secret="S", otp_recovery_codes=["a"])
    assert run("disable_two_factor", cast.user.email) == f"{cast.user} signs in without a second factor.\n"
    person = Person.objects.get(pk=cast.user.pk)
    assert (person.totp_enabled, person.totp_secret, person.otp_recovery_codes) == (False, None, None)
    with pytest.raises(CommandError, match="not enabled"):
        run("disable_two_factor", cast.user.email)
    with pytest.raises(CommandError, match="Nobody signs in"):
        run("disable_two_factor", "nobody@example.com")


def test_spent_tokens_go_and_living_sessions_stay(cast):
    api = ApiClient(cast.user)
    ended, _, _ = open_session(cast.manager)
    Session.objects.filter(pk=ended.pk).update(revoked=True)
    expired, _, _ = open_session(make_person())
    Session.objects.filter(pk=expired.pk).update(expires_at=now() - timedelta(seconds=1))
    for digest, age in (("a", -1), ("b", 1)):
        moment = now() + timedelta(hours=age)
        OneTimeToken.objects.create(kind="password", person=cast.user, email="x", digest=digest, expires_at=moment)
    assert "2 sessions" in run("clear_auth_tokens", "--dry-run")
    assert Session.objects.count() == 3
    told = run("clear_auth_tokens")
    assert "2 sessions" in told and "1 one-time tokens" in told
    assert (Session.objects.count(), OneTimeToken.objects.get().digest) == (1, "b")
    assert api.get("/data/departments").status_code == 200
    assert run("clear_auth_tokens", "--all").startswith("1 sessions ended.")
    assert api.get("/data/departments").status_code == 401


def test_a_server_tells_whether_it_can_work(cast, monkeypatch):
    monkeypatch.setitem(__import__("core.management.commands.check_ready", fromlist=["CHECKS"]).CHECKS, "migrations", lambda: "ok")
    told = run("check_ready")
    assert told.startswith("Callboard ") and "FAILED" not in told and "exit" not in told
    Person.objects.update(role="user")
    told = run("check_ready")
    assert "FAILED  studio: nobody is a studio manager" in told
    assert told.endswith("exit 1")
