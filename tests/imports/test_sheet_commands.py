"""`manage.py import_csv` and `manage.py export_csv`."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from assets.models import Entity
from people.models import Person
from production.models import Project
from tasks.models import Task
from tests.makers import make_entity, make_sequence, make_shot, make_task


def run(name, *arguments, **options):
    out, err = StringIO(), StringIO()
    call_command(name, *map(str, arguments), stdout=out, stderr=err, **options)
    return out.getvalue() + err.getvalue()


@pytest.fixture
def sheet(tmp_path):
    """Writes a file."""

    def write(text):
        path = tmp_path / "sheet.csv"
        path.write_text(text)
        return path

    return write


def test_a_second_run_changes_nothing(studio, sheet):
    path = sheet("Type,Name\nProp,A\nProp,B\n")
    arguments = ("import_csv", "assets", path, "--project", "The Lantern")
    assert run(*arguments, "--dry-run") == "2 created, 0 updated, 0 skipped, 0 refused (nothing was stored)\n"
    assert not Entity.objects.exists()
    assert run(*arguments) == "2 created, 0 updated, 0 skipped, 0 refused\n"
    assert run(*arguments, "--update") == "0 created, 0 updated, 2 skipped, 0 refused\n"
    assert {entity.creator.role for entity in Entity.objects.all()} == {"admin"}


def test_people_and_estimations_come_in(studio, sheet, cast):
    path = sheet("First Name,Last Name,Email\nIda,Moon,ida@example.com\n")
    assert run("import_csv", "persons", path, "--by", cast.admin.email).startswith("1 created")
    assert Person.objects.get(email="ida@example.com").full_name == "Ida Moon"
    episode = make_entity("Episode", studio.project, name="E01")
    shot = make_shot(studio.project, name="A", parent=make_sequence(studio.project, name="SQ", parent=episode))
    make_task(studio.project, entity=shot, task_type=studio.animation)
    arguments = ("--project", studio.project.pk, "--task-type", "Animation", "--episode", "E01")
    path = sheet("Parent,Entity,Estimation\nSQ,A,2\n")
    assert run("import_csv", "estimations", path, *arguments).startswith("0 created, 1 updated")
    assert Task.objects.get().estimation == 960


def test_a_file_beyond_the_limits_is_refused(studio, sheet, settings):
    path = sheet("Type,Name\nProp,A\nProp,B\n")
    settings.MAX_CSV_ROWS = 1
    with pytest.raises(CommandError, match="more than 1 lines"):
        run("import_csv", "assets", path, "--project", "The Lantern")
    settings.MAX_CSV_LENGTH = 20
    with pytest.raises(CommandError, match="capacity limit"):
        run("import_csv", "assets", path, "--project", "The Lantern")
    assert not Entity.objects.exists()


def test_a_refused_line_is_named(studio, sheet):
    path = sheet("Type,Name\nProp,A\nShot,B\n")
    with pytest.raises(CommandError, match="Line 3: Shot is not an asset type Nothing was stored"):
        run("import_csv", "assets", path, "--project", "The Lantern")
    with pytest.raises(CommandError, match="The file would be refused"):
        run("import_csv", "assets", path, "--project", "The Lantern", "--dry-run")
    assert not Entity.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("assets", "/nowhere/x.csv", "--project", "The Lantern"), "can't be read"),
        (("assets", "{path}"), "Say which production"),
        (("assets", "{path}", "--project", "Nope"), "There is no production"),
        (("estimations", "{path}", "--project", "The Lantern"), "Say which task type"),
        (("persons", "{path}", "--by", "nobody@example.com"), "There is nobody with the address"),
        (("persons", "{path}"), "Could not determine delimiter"),
    ],
)
def test_a_wrong_command_line_is_told(studio, sheet, arguments, words):
    path = sheet("")
    with pytest.raises(CommandError, match=words):
        run("import_csv", *(argument.format(path=path) for argument in arguments))


@pytest.mark.parametrize(
    "kind", ["persons", "projects", "task-types", "tasks", "time-spents", "assets", "shots", "edits", "casting"]
)
def test_what_the_command_writes_is_what_the_route_answers(fetch, studio, tmp_path, kind):
    make_shot(studio.project, name="A")
    path = tmp_path / "out.csv"
    of_production = kind in ("assets", "shots", "edits", "casting")
    told = run("export_csv", kind, path, *(("--project", "The Lantern") if of_production else ()))
    text = fetch(studio.of(kind) if of_production else f"/export/csv/{kind}.csv")
    assert path.read_bytes().decode() == text
    assert told == f"{len(text.splitlines()) - 1} rows\n"


def test_an_export_may_only_count_or_be_refused(studio, tmp_path):
    assert (
        run("export_csv", "projects", tmp_path / "out.csv", "--dry-run")
        == f"{Project.objects.count()} rows (nothing was written)\n"
    )
    assert not (tmp_path / "out.csv").exists()
    with pytest.raises(CommandError, match="There is no episode"):
        run("export_csv", "casting", "--project", "The Lantern", "--episode", "E99")
    with pytest.raises(CommandError, match="can't be written"):
        run("export_csv", "projects", tmp_path)
