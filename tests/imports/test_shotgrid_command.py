"""`manage.py import_shotgun`: a whole site through the official client, or from files."""

from io import StringIO

import orjson
import pytest
from django.core.management import CommandError, call_command

from assets.models import Entity, EntityLink
from events.models import ApiEvent
from files.models import PreviewFile
from imports.models import ImportRecord
from people.models import Person
from production.models import Project, ProjectPersonLink, TaskType
from tasks.models import Comment, Task
from tests.imports.shotgrid import (
    PERSON_ID,
    PROJECT,
    asset,
    connection,
    episode,
    link,
    note,
    person,
    project,
    scene,
    sequence,
    shot,
    step,
    task,
    version,
)
from tests.imports.shotgrid_site import KEY, SCRIPT, Site

MODELS = (Project, Person, Entity, EntityLink, TaskType, Task, PreviewFile, Comment, ProjectPersonLink)
SHOTS, LEGS, PAGE = 8, 6, 5
OTHER = {"type": "Project", "id": 72, "name": "Other"}


def entries():
    """A small site, with more than a page of shots and assets, and with what sites have beside what is brought over."""
    found = {
        "HumanUser": [person(), person(43, email="bob@studio.example", sg_status_list="dis")],
        "Project": [project(name="New", sg_kind="short"), project(72, name="Other", sg_status=None)],
        "ProjectUserConnection": [connection(1), connection(2, user=link(43, "HumanUser"))],
        "Step": [step(), step(14, code="Model", color=None, entity_type="Asset")],
        "Status": [{"type": "Status", "id": 1, "code": "wip", "name": "WIP", "bg_color": None}],
        "Episode": [episode(1, "E1")],
        "Sequence": [sequence(1, "S1", episode=link(1, "Episode")), sequence(2, "S1", project=OTHER)],
        "Scene": [scene(1, "SC1", sequence_sg_scenes_1_sequences=[link(1, "Sequence")])],
        "Asset": [asset(1, "Table"), *(asset(n, f"Leg {n}", parents=[link(1)]) for n in range(2, 2 + LEGS))],
        "Shot": [shot(n, f"SH{n}", sg_sequence=link(1, "Sequence"), assets=[link(1)], sg_mood="sad") for n in range(1, SHOTS + 1)],
        "Task": [
            task(1, entity=link(1, "Shot"), task_assignees=[link(PERSON_ID, "HumanUser"), link(9, "Group")], content="Key"),
            task(2, cached_display_name=None, content="Fill", created_by=link(PERSON_ID, "ApiUser")),
        ],
        "Version": [version(1, 1, project=PROJECT)],
        "Note": [note(1, 1, project=PROJECT), note(2, 1, project=PROJECT, user=link(PERSON_ID, "ApiUser"))],
    }
    for rows in found.values():
        for row in rows:
            if (row.get("project") or {}).get("id") == PROJECT["id"]:
                row["project"] = {**row["project"], "name": "New"}
    return found


@pytest.fixture(autouse=True)
def short_pages(monkeypatch):
    """A page holds a few entries."""
    monkeypatch.setattr("imports.shotgrid.sources.PAGE", PAGE)


@pytest.fixture
def site(settings, cast):
    """The site, and the environment that leads there."""
    with Site(entries()) as site:
        settings.SHOTGRID_URL, settings.SHOTGRID_SCRIPT_NAME, settings.SHOTGRID_API_KEY = site.url, SCRIPT, KEY
        yield site


@pytest.fixture
def folder(tmp_path, cast):
    """The same in files, in the forms that people keep."""
    for name, rows in entries().items():
        if name == "Shot":
            (tmp_path / "Shot-2.json").write_bytes(orjson.dumps({"results": {"entities": rows[PAGE:]}}))
            (tmp_path / "Shot-1.json").write_bytes(orjson.dumps(rows[:PAGE]))
        else:
            (tmp_path / f"{name}.json").write_bytes(orjson.dumps(rows))
    (tmp_path / "notes.txt").write_text("not read")
    return tmp_path


def run(*arguments, fails=None):
    out = StringIO()
    if fails is None:
        call_command("import_shotgun", *map(str, arguments), stdout=out, stderr=out)
    else:
        with pytest.raises(CommandError, match=fails):
            call_command("import_shotgun", *map(str, arguments), stdout=out, stderr=out)
    return out.getvalue()


def counts():
    return [model.objects.count() for model in MODELS]


def test_a_site_comes_over_and_a_second_run_changes_nothing(site, cast):
    before = counts()
    out = run(fails="1 entries were refused")
    assert f"Shot: {SHOTS} created, 0 updated, 0 unchanged, 0 skipped, 0 refused" in out
    assert "Note 2 refused: Its person is not here." in out
    assert KEY not in out
    new = Project.objects.get(name="New")
    assert (new.shotgun_id, new.data, new.project_status.name) == (71, {"sg_kind": "short"}, "Active")
    table = Entity.objects.get(name="Table")
    assert (table.nb_entities_out, EntityLink.objects.filter(entity_in=table).count()) == (LEGS, LEGS)
    first = Entity.objects.get(project=new, entity_type__name="Shot", shotgun_id=1)
    assert (first.parent.parent.name, first.nb_entities_out, first.data["sg_mood"]) == ("E1", 1, "sad")
    key, fill = Task.objects.order_by("shotgun_id")
    assert (key.name, [found.shotgun_id for found in key.assignees.all()]) == ("Lighting", [PERSON_ID])
    assert (fill.name, fill.assigner, key.assigner.shotgun_id) == ("Fill", None, PERSON_ID)
    assert Comment.objects.get().created_at.isoformat() == "2026-02-03T10:11:12"
    after = counts()
    expected = [2, 2, 1 + 2 + 1 + 1 + LEGS + SHOTS, LEGS + SHOTS, 2, 2, 1, 1, 2]
    assert [now - then for now, then in zip(after, before, strict=True)] == expected
    stamps = set(Entity.objects.values_list("updated_at", flat=True)), ApiEvent.objects.count(), ImportRecord.objects.count()
    out = run(fails="1 entries were refused")
    assert f"Shot: 0 created, 0 updated, {SHOTS} unchanged, 0 skipped, 0 refused" in out
    assert f"Asset: 0 created, 0 updated, {1 + LEGS} unchanged, 0 skipped, 0 refused\n" in out
    assert counts() == after
    assert stamps == (
        set(Entity.objects.values_list("updated_at", flat=True)),
        ApiEvent.objects.count(),
        ImportRecord.objects.count(),
    )


def test_pages_go_by_ids_and_ask_for_what_the_site_has(site):
    site.entries.pop("Scene")
    run("--only", "Shot", "Scene", fails=f"{SHOTS} entries were refused")
    reads = [asked for method, asked in site.asked if method == "read"]
    assert [asked["filters"]["conditions"][0]["values"] for asked in reads] == [[0], [PAGE]]
    assert "sg_mood" in reads[0]["return_fields"] and "sg_scene" not in reads[0]["return_fields"]


def test_one_production_alone_comes_over(site):
    run("--project", "Other")
    assert set(Project.objects.values_list("name", flat=True)) == {"The Lantern", "Other"}
    assert [entity.name for entity in Entity.objects.all()] == ["S1"]
    run("--project", "Nope", fails="The site has no production named Nope")


def test_a_dry_run_says_the_same_and_stores_nothing(site):
    before = counts()
    out = run("--dry-run", fails="1 entries were refused")
    assert f"Shot: {SHOTS} created" in out and out.endswith("Nothing was stored.\n")
    assert counts() == before and not ApiEvent.objects.exists() and not ImportRecord.objects.exists()


def test_a_run_that_was_cut_off_goes_on_where_it_was(site):
    site.breaks = lambda asked: asked["type"] == "Shot" and asked["filters"]["conditions"][0]["values"] == [PAGE]
    run(fails="ShotGrid does not answer as expected: The site is down")
    assert Entity.objects.filter(entity_type__name="Shot").count() == PAGE
    site.breaks = None
    out = run(fails="1 entries were refused")
    assert f"Shot: {SHOTS - PAGE} created, 0 updated, {PAGE} unchanged" in out


def test_a_wrong_key_is_told_without_it(site, settings):
    settings.SHOTGRID_API_KEY = "wrong-secret"
    out = run(fails="Can't authenticate script")
    assert "wrong-secret" not in out
    settings.SHOTGRID_API_KEY = ""
    run(fails="Say where ShotGrid is")


def test_files_come_over_like_a_site(folder):
    out = run("--from-folder", folder, fails="1 entries were refused")
    assert f"Shot: {SHOTS} created" in out
    assert Entity.objects.get(name="Table").nb_entities_out == LEGS
    assert ImportRecord.objects.filter(door="command", file_name=folder.name).exists()
    again = run("--from-folder", folder, fails="1 entries were refused")
    assert f"Shot: 0 created, 0 updated, {SHOTS} unchanged" in again


def test_one_production_of_the_files_alone_comes_over(folder):
    run("--from-folder", folder, "--project", "Other", "--only", "Project", "Sequence")
    assert [entity.name for entity in Entity.objects.all()] == ["S1"]
    run("--from-folder", folder, "--project", "Nope", fails="The files hold no production named Nope")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{", "is no JSON"),
        (b"{}", "holds no array"),
        (b'["\\u0000"]', "is no JSON"),
        (b"\xff", "is no JSON"),
        (b"3", "holds no array"),
    ],
)
def test_a_file_that_is_none_is_named(folder, content, words):
    (folder / "Shot-3.json").write_bytes(content)
    run("--from-folder", folder, "--only", "Shot", fails=words)
    run("--from-folder", folder / "none", fails="is no folder")


def test_an_entry_that_is_refused_holds_up_no_other(folder):
    rows = [episode(1, "E1"), episode(2, "x" * 200), 3, episode(4, "E4"), asset(5, "A", sg_asset_type="Shot")]
    for row in rows:
        if isinstance(row, dict):
            row["project"] = {**PROJECT, "name": "New"}
    (folder / "Episode.json").write_bytes(orjson.dumps(rows[:4]))
    (folder / "Asset.json").write_bytes(orjson.dumps([asset(6, "B", project={**PROJECT, "name": "New"}), rows[4]]))
    out = run("--from-folder", folder, "--only", "Project", "Episode", "Asset", fails="3 entries were refused")
    assert "Episode: 2 created, 0 updated, 0 unchanged, 0 skipped, 2 refused" in out
    assert "Asset 5 refused: Shot is not an asset type" in out
    assert set(Entity.objects.values_list("name", flat=True)) == {"E1", "E4", "B"}
