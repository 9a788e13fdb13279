"""`manage.py import_otio`."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from assets.models import Entity
from imports.models import ImportRecord
from tests.imports.cuts import edl
from tests.makers import make_entity

CONVENTION = "Film_${sequence_name}-${shot_name}"


def run(*arguments):
    out = StringIO()
    call_command("import_otio", *map(str, arguments), stdout=out, stderr=out)
    return out.getvalue()


@pytest.fixture
def cut(tmp_path):
    """Writes a file."""

    def write(text, name="cut.edl"):
        path = tmp_path / name
        path.write_text(text)
        return path

    return write


def test_a_second_run_changes_nothing(studio, cut):
    arguments = (cut(edl()), "--project", "The Lantern", "--naming-convention", CONVENTION)
    assert run(*arguments, "--dry-run") == "2 created, 0 updated, 0 skipped, 0 refused (nothing was stored)\n"
    assert not Entity.objects.exists()
    assert run(*arguments) == "2 created, 0 updated, 0 skipped, 0 refused\n"
    assert run(*arguments) == "0 created, 0 updated, 2 skipped, 0 refused\n"
    assert {(record.door, record.file_name) for record in ImportRecord.objects.all()} == {("command", "cut.edl")}


def test_an_episode_is_named(studio, cut, cast):
    studio.become_tv_show()
    episode = make_entity("Episode", studio.project, name="E01")
    path = cut(edl("Film_E01-A-1", "Film_E01-A-2"))
    assert run(path, "--project", "The Lantern", "--episode", "E01", "--by", cast.manager.email).startswith("2 created")
    assert Entity.objects.get(name="A").parent == episode and Entity.objects.get(name="1").creator == cast.manager


@pytest.mark.parametrize(
    ("name", "text", "arguments", "words"),
    [
        ("cut.edl", "hello", ("--project", "The Lantern"), "Failed to parse OTIO file: .* Nothing was stored"),
        ("cut.txt", "", ("--project", "The Lantern"), "Unsupported file type"),
        ("cut.edl", edl("Film_A-1", "Title"), ("--project", "The Lantern"), "No matched value .* Nothing was stored"),
        ("cut.edl", edl("Film_A-1", "Title"), ("--project", "The Lantern", "--dry-run"), "The file would be refused"),
        ("cut.edl", "", (), "Say which production"),
        ("cut.edl", "", ("--project", "The Lantern", "--episode", "E9"), "There is no episode"),
        ("cut.edl", "", ("--project", "The Lantern", "--by", "no@body.example"), "There is nobody with the address"),
    ],
)
def test_what_can_not_be_imported_is_told(studio, cut, name, text, arguments, words):
    with pytest.raises(CommandError, match=words):
        run(cut(text, name), *arguments)
    assert not Entity.objects.exists()


def test_a_file_that_is_not_there_is_told(studio, tmp_path):
    with pytest.raises(CommandError, match="can't be read"):
        run(tmp_path / "none.edl", "--project", "The Lantern")
