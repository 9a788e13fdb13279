"""The ways in which a move can be asked for, stopped, cut short, and refused."""

import signal
import subprocess
import sys
import time
from io import StringIO

import pytest
from django.core.management import CommandError

from assets.models import Entity
from files import storage
from imports.kitsu.journal import Journal
from imports.kitsu.studio import STEPS
from imports.management.commands import import_kitsu
from people.models import Person
from production.models import Project
from tasks.models import Task
from tests.live import ADMIN, ROOT, environment, own_database
from tests.makers import make_project

QUICK = ("--no-files", "--no-verify")


def test_one_production_moves_alone(source, manager, move):
    pk = source.ids["project"]
    assert "Everything is here." in move(source, "--project", source.ids["name"])
    assert [str(project.pk) for project in Project.objects.all()] == [pk]
    for path in ("tasks", "preview-files", "comments", "entity-links", "news", "time-spents", "playlists/all", "attachment-files"):
        rows = source.peer.get(f"/data/projects/{pk}/{path}")
        model = next(step.kind.model for step in STEPS if step.kind.path == path.partition("/")[0])
        assert model.objects.count() == (rows["total"] if isinstance(rows, dict) else len(rows)), path
    for kind in ("Shot", "Edit", "Scene", "Concept"):
        assert Entity.objects.filter(entity_type__name=kind).exists()


def test_a_dry_run_stores_nothing_and_tells_what_would_come(source, manager, move):
    before = Person.objects.count()
    printed = move(source, "--dry-run")
    tasks = next(line.split() for line in printed.splitlines() if line.startswith("tasks "))
    assert tasks[1] == tasks[2] != "0" and "(nothing was stored)" in printed
    assert (Task.objects.count(), Person.objects.count(), Project.objects.count()) == (0, before, 0)


def test_files_can_stay_and_come_with_a_later_run(source, manager, move):
    pk, project = source.ids["picture"], ("--project", source.ids["project"], "--no-verify")
    storage.remove(storage.PICTURES, "original", pk)
    assert "files:" not in move(source, "--no-files", *project)
    assert not storage.is_stored(storage.PICTURES, "original", pk)
    assert "stored" in move(source, *project)
    assert storage.is_stored(storage.PICTURES, "original", pk)


@pytest.fixture
def broken(source):
    """A shot there whose data no door would have let in; its id."""
    code = (
        "from tests.makers import make_shot; from production.models import Project; from django.db import connection\n"
        f"shot = make_shot(Project.objects.get(pk='{source.ids['project']}'), name='BROKEN')\n"
        "key = shot.pk if connection.vendor == 'postgresql' else shot.pk.hex\n"
        "connection.cursor().execute('UPDATE entity SET data = %s WHERE id = %s', ['\"text\"', key])\n"
        "answer(str(shot.pk))"
    )
    pk = source.run(code)
    yield pk
    source.run(f"from assets.models import Entity\nEntity.objects.filter(pk='{pk}').delete()")


def test_a_row_that_does_not_fit_is_told_once_and_the_others_come(source, manager, move, broken):
    with pytest.raises(CommandError, match="Not everything is here") as caught:
        move(source, *QUICK)
    told = [line for line in caught.value.printed.splitlines() if broken in line]
    assert len(told) == 1 and told[0].startswith("entities: Row") and told[0].endswith("data: this must be a JSON object")
    assert not Entity.objects.filter(pk=broken).exists()
    assert Task.objects.count() == len(source.peer.get("/data/tasks"))


def test_a_strict_run_stops_at_it(source, manager, move, broken):
    with pytest.raises(CommandError, match=f"entities: Row .*{broken}"):
        move(source, *QUICK, "--strict")
    assert not Task.objects.exists()


def test_a_production_of_the_same_name_stays_and_what_belongs_to_the_other_is_refused(source, manager, move):
    own = make_project(name=source.ids["name"])
    with pytest.raises(CommandError) as caught:
        move(source, *QUICK)
    assert source.ids["project"] in caught.value.printed and "same unique values already exists" in caught.value.printed
    assert [project.pk for project in Project.objects.filter(name=own.name)] == [own.pk] and not own.tasks.exists()


def test_a_move_that_follows_brings_what_comes_later(source, manager, move, monkeypatch):
    made, seen, pauses = [], [], []

    def pause(seconds):
        """Each pause is a change there; at the third one somebody stops the command."""
        pauses.append(seconds)
        seen.append([Project.objects.filter(pk=pk).exists() for pk in made])
        if len(pauses) == 3:
            raise KeyboardInterrupt
        status = next(row["id"] for row in source.peer.get("/data/project-status") if row["name"] == "Closed")
        made.append(source.peer.post("/data/projects", {"name": f"Later {len(pauses)}", "project_status_id": status})["id"])

    monkeypatch.setattr(import_kitsu.Command, "pause", staticmethod(pause))
    try:
        with pytest.raises(CommandError, match="The same command goes on from here") as caught:
            move(source, "--follow", "7", *QUICK)
    finally:
        for pk in made:
            source.peer.ask("delete", f"/data/projects/{pk}?force=true")
    assert caught.value.returncode == 130
    assert (pauses, seen) == ([7] * 3, [[], [True], [True, True]])
    assert "Following every 7 seconds" in caught.value.printed and "1 projects" in caught.value.printed


# Who may


@pytest.mark.parametrize(
    ("address", "words"),
    [("ftp://there", "is no address"), ("http://127.0.0.1:1", "does not answer"), ("http://:", "does not answer")],
)
def test_an_address_that_leads_nowhere_is_told(db, move, address, words):
    with pytest.raises(CommandError, match=words):
        move(address)


def test_a_server_of_something_else_is_told(source, db, move):
    with pytest.raises(CommandError, match="does not speak the API"):
        move(source.base + "/admin/login")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("KITSU_PASSWORD", "wrong", "does not let admin@example.com in"),
        ("KITSU_TOKEN", "abc", "refuses the token"),
        ("KITSU_EMAIL", "without@studio.example", "is no studio manager there"),
    ],
)
def test_whoever_may_not_read_all_is_told(source, db, move, monkeypatch, name, value, words):
    monkeypatch.setenv(name, value)
    with pytest.raises(CommandError, match=words):
        move(source)


def test_a_token_serves_as_well(source, manager, move, monkeypatch):
    monkeypatch.setenv("KITSU_TOKEN", source.login())
    monkeypatch.delenv("KITSU_PASSWORD")
    assert "nothing was stored" in move(source, "--dry-run", "--project", source.ids["project"])


def test_without_a_terminal_nobody_is_asked(source, db, move, monkeypatch):
    monkeypatch.delenv("KITSU_PASSWORD")
    monkeypatch.setattr(sys, "stdin", StringIO())
    with pytest.raises(CommandError, match="Set KITSU_EMAIL and KITSU_PASSWORD"):
        move(source)


def test_an_unknown_production_is_told(source, db, move):
    with pytest.raises(CommandError, match="There is no production 'Nowhere'"):
        move(source, "--project", "Nowhere")


def test_since_the_last_move_needs_one(source, manager, move):
    with pytest.raises(CommandError, match="No move of this has finished yet"):
        move(source, "--since", "last")


# Stopped


def test_a_killed_move_goes_on_where_it_stopped(source, tmp_path):
    with own_database(tmp_path) as database:
        variables = environment(tmp_path, **database) | {"KITSU_EMAIL": ADMIN["email"], "KITSU_PASSWORD": ADMIN["password"]}
        arguments = [sys.executable, "manage.py", "import_kitsu", source.base]
        process = subprocess.Popen(arguments, cwd=ROOT, env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and process.poll() is None:
            if any('"entities"' in path.read_text() for path in (tmp_path / "imports").glob("*")):
                break
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=30)
        done = subprocess.run(arguments, cwd=ROOT, env=variables, capture_output=True, text=True, timeout=240)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "Going on with the move" in done.stdout and "Everything is here." in done.stdout
        departments = [line.split() for line in done.stdout.splitlines() if line.startswith("departments")]
        assert all("equal" in line for line in departments), "a step that was done is not done again"


def test_two_moves_of_the_same_do_not_run_at_once(source, manager, move, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    journal = Journal(source.base, None)
    with pytest.raises(CommandError, match="under way"):
        move(source)
    journal.close()
