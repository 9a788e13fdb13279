"""Sheets going out: their shape, who may have them, what they cost, and that they change nothing when they come back."""

from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assets.models import Entity
from events.models import ApiEvent
from files.models import PreviewFile
from people.models import Person
from playlists.models import Playlist
from production.models import ProjectPersonLink
from tasks.models import Comment, Task, TimeSpent
from tests.cast import ROLES
from tests.imports.conftest import body_of
from tests.makers import make_asset, make_entity, make_person, make_project, make_sequence, make_shot, make_task, make_task_type


@pytest.fixture
def filled(studio, cast):
    """A TV show with an asset of each trouble, twins, a shot and an edit, with tasks, metadata and assignees."""
    studio.become_tv_show()
    for kind in ("Asset", "Shot", "Edit"):
        studio.describe(kind, "Ready", "boolean", position=2)
        studio.describe(kind, "Reviewer", "person", position=1)
        studio.describe(kind, "Tags", "taglist", position=3, for_client=True)
    episode = make_entity("Episode", studio.project, name="E01")
    sequence = make_sequence(studio.project, name="SQ01", parent=episode)
    data = {"ready": "true", "reviewer": str(cast.user.pk), "tags": ["x", "y"], "other": 5}
    lamp = make_asset(studio.project, kind="Prop", name="Lamp", description='a "lamp";\nof brass', data=data, source=episode)
    make_asset(studio.project, kind="Prop", name="Lamp", description=None, data=None, canceled=True)
    make_asset(studio.project, kind="Character", name="=1+1", description="@home", data={"ready": True})
    shot = make_shot(studio.project, name="SH010", parent=sequence, data={"frame_in": 3, "frame_out": "9", "fps": 25.0, "tags": -3})
    edit = make_entity("Edit", studio.project, name="Reel", parent=episode, nb_frames=None)
    assignees = [cast.user, cast.supervisor]
    common = {"task_status": studio.wip, "duration": 480, "assigner": cast.admin}
    make_task(studio.project, entity=lamp, task_type=studio.rigging, assignees=assignees, **common)
    make_task(studio.project, entity=shot, task_type=studio.animation, estimation=60, due_date=datetime(2026, 2, 6), **common)
    make_task(studio.project, entity=edit, task_type=studio.cut, task_status=studio.todo)
    return studio


def state():
    return [list(model.objects.order_by("id").values()) for model in (Entity, Task, Comment, Task.assignees.through, ApiEvent)]


def test_assets_leave_with_metadata_statuses_and_assignees(fetch, filled, cast):
    text = fetch(filled.of("assets"))
    names = f"{cast.supervisor.full_name},{cast.user.full_name}"
    assert text == (
        "Project;Type;Name;Description;Time Spent;Reviewer;Ready;Tags;Rigging;Assignations\r\n"
        "The Lantern;Character;'=1+1;'@home;0.00;;true;;;\r\n"
        f'The Lantern;Prop;Lamp;"a ""lamp"";\nof brass";1.00;{cast.user.pk};true;[\'x\', \'y\'];wip;{names}\r\n'
        "The Lantern;Prop;Lamp;;0.00;;false;;;\r\n"
    )


def test_shots_and_edits_leave_with_their_places(fetch, filled):
    header, shot = fetch(filled.of("shots")).splitlines()
    place, frames = "Project;Episode;Sequence;Name;Description;Time Spent", "Frames;Frame In;Frame Out;FPS"
    assert header == f"{place};{frames};Reviewer;Ready;Tags;Animation;Assignations"
    assert shot == "The Lantern;E01;SQ01;SH010;;1.00;;3;9;25.0;;false;-3;wip;"
    assert fetch(filled.of("edits")).splitlines() == [
        "Project;Episode;Name;Description;Time Spent;Reviewer;Ready;Tags;Cut;Assignations",
        "The Lantern;E01;Reel;;0.00;;false;;todo;",
    ]


@pytest.mark.parametrize("kind", ["assets", "shots", "edits"])
@pytest.mark.parametrize("update", ["true", "false"])
def test_what_comes_back_changes_nothing(send, fetch, filled, kind, update):
    if kind == "assets":  # every asset of a sheet gets the tasks of its workflow
        send(filled.into(kind), fetch(filled.of(kind)))
    before = state()
    answer = send(filled.into(kind), fetch(filled.of(kind)), update=update)
    assert (answer.status_code, state()) == (201, before)


def test_a_sheet_is_narrowed_by_the_query(api, fetch, filled, cast):
    episode, lamp = filled.named("E01"), Entity.objects.get(name="Lamp", canceled=False)
    counts = {
        query: len(fetch(f"{filled.of('assets')}?{query}").splitlines()) - 2  # the lamp has two lines of text
        for query in (f"episode_id={episode.pk}", f"id={lamp.pk}", "episode_id=all")
    }
    assert counts == {f"episode_id={episode.pk}": 1, f"id={lamp.pk}": 1, "episode_id=all": 3}
    assert "'=1+1" in fetch(filled.of("assets") + "?episode_id=main")
    own = fetch(filled.of("assets") + "?assigned_to=x", by=cast.user).splitlines()
    assert len(own) == 3 and own[0].endswith("Rigging;Assignations")
    answer = api.get(filled.of("assets") + "?episode_id=bad")
    assert (answer.status_code, answer.json()["message"]) == (400, "Invalid UUID format for episode_id: bad")


def test_clients_see_statuses_without_people_and_time(fetch, filled, cast):
    lines = fetch(filled.of("shots"), by=cast.client).splitlines()
    assert lines[0].endswith("FPS;Tags;Animation;Assignations")
    assert lines[1] == "The Lantern;E01;SQ01;SH010;;0.00;;3;9;25.0;-3;wip;"
    assert cast.user.full_name not in fetch(filled.of("assets"), by=cast.client)


@pytest.mark.parametrize("kind", ["assets", "shots", "edits", "casting"])
def test_members_but_vendors_export_a_production(api, studio, cast, kind):
    found = {role: api.by(cast.of(role)).get(studio.of(kind)).status_code for role in ROLES}
    assert found == {role: 403 if role == "vendor" else 200 for role in ROLES}
    assert api.by(cast.outsider).get(studio.of(kind)).status_code == 403
    for unknown in ("nope", "00000000-0000-0000-0000-000000000000"):
        assert api.get(f"/export/csv/projects/{unknown}/{kind}.csv").status_code == 404


def test_the_answer_is_a_file_named_after_the_production(api, studio):
    answer = api.get(studio.of("assets"))
    assert (answer["Content-Type"], answer["Content-Length"]) == ("text/csv", str(len(answer.content)))
    assert answer["Content-Disposition"] == "attachment; filename=kitsu_the_lantern_assets.csv"


STUDIO = ["projects", "task-types", "tasks", "time-spents"]


@pytest.mark.parametrize("name", STUDIO)
def test_managers_export_the_studio(api, cast, name):
    found = {role: api.by(cast.of(role)).get(f"/export/csv/{name}.csv").status_code for role in ROLES}
    assert found == {role: 200 if role in ("admin", "manager") else 403 for role in ROLES}


def test_tasks_leave_with_places_people_and_days(fetch, filled, cast):
    header, *lines = fetch("/export/csv/tasks.csv").splitlines()
    assert header.startswith(
        "Project;Task Type;Episode;Sequence;Entity Type;Entity;Assigner;Assignees;Duration;Estimation;Start date"
    )
    assert lines == [
        f"The Lantern;Animation;E01;SQ01;Shot;SH010;{cast.admin.full_name};;480.0;60.0;;2026-02-06;;;Work In Progress",
        "The Lantern;Cut;;E01;Edit;Reel;;;0.0;0.0;;;;;Todo",
        f"The Lantern;Rigging;;;Prop;Lamp;{cast.admin.full_name};{cast.supervisor.full_name}, {cast.user.full_name}"
        ";480.0;0.0;;;;;Work In Progress",
    ]


def test_managers_export_what_they_may_read_alone(fetch, studio, cast):
    foreign = make_project(name="Foreign")
    TimeSpent.objects.create(task=make_task(foreign), person=cast.user, date=date(2026, 2, 3), duration=60)
    TimeSpent.objects.create(task=make_task(studio.project), person=cast.user, date=date(2026, 2, 3), duration=60)
    for name in ("projects", "tasks", "time-spents"):
        assert "Foreign" in fetch(f"/export/csv/{name}.csv")
        assert "Foreign" not in fetch(f"/export/csv/{name}.csv", by=cast.manager)
        assert "The Lantern" in fetch(f"/export/csv/{name}.csv", by=cast.manager)
    ProjectPersonLink.objects.filter(person=cast.manager).update(role="client")
    manager = Person.objects.get(pk=cast.manager.pk)
    assert len(fetch("/export/csv/time-spents.csv", by=manager).splitlines()) == 1
    assert "60.0" not in fetch("/export/csv/tasks.csv", by=manager)


def test_time_spents_leave_by_day(fetch, filled, cast):
    task = Task.objects.get(entity__name="SH010")
    TimeSpent.objects.create(task=task, person=cast.user, date=date(2026, 2, 3), duration=90)
    line = f"The Lantern;{cast.user.full_name};Shot;E01 / SQ01 / SH010;Animation;2026-02-03;90.0"
    assert fetch("/export/csv/time-spents.csv").splitlines() == [
        "Project;Person;Entity Type Name;Entity;Task Type;Date;Time spent",
        line,
    ]


def test_task_types_leave_by_department(fetch, studio):
    assert fetch("/export/csv/task-types.csv").splitlines() == ["Department;Name", "Animation;Animation"]


@pytest.mark.parametrize("path", ["assets", "shots", "edits", "casting?is_shot_casting=true", *STUDIO, "persons"])
def test_more_rows_cost_no_more_statements(api, filled, cast, path):
    name, _, query = path.partition("?")
    full = f"/export/csv/{name}.csv" if name in (*STUDIO, "persons") else f"{filled.of(name)}?{query}"

    def cost():
        with CaptureQueriesContext(connection) as captured:
            assert body_of(api.get(full))
        return len(captured)

    cost()
    before = cost()
    for _ in range(5):
        person, kind = make_person(), make_task_type()
        for entity in (make_asset(filled.project), make_shot(filled.project), make_entity("Edit", filled.project)):
            task = make_task(filled.project, entity=entity, task_type=kind, assignees=[person])
            TimeSpent.objects.create(task=task, person=person, date=date(2026, 2, 3), duration=60)
        make_project()
    assert cost() == before <= 8


def test_a_long_sheet_is_streamed(api, studio):
    kind = make_asset(studio.project).entity_type
    rows = [Entity(name=f"a{n:05}", project=studio.project, entity_type=kind, data={}) for n in range(2100)]
    Entity.objects.bulk_create(rows, batch_size=40)
    answer = api.get(studio.of("assets"))
    assert answer.streaming and len(body_of(answer).splitlines()) == 2102


@pytest.fixture
def playlist(filled, cast):
    task = Task.objects.get(entity__name="SH010")
    preview = PreviewFile.objects.create(name="p", task=task, revision=3)
    shots = [
        {"entity_id": str(task.entity_id), "preview_file_id": str(preview.pk)},
        {"entity_id": str(filled.named("=1+1").pk)},
        {"entity_id": "gone"},
    ]
    for number, (author, text) in enumerate(((cast.user, "=old"), (cast.supervisor, "+look; here"), (cast.client, "mine"))):
        when = datetime(2026, 2, 3, 10, number)
        Comment.objects.create(object_id=task.pk, object_type="Task", person=author, text=text, created_at=when)
    return Playlist.objects.create(name="Dailies", project=filled.project, shots=shots, created_at=datetime(2026, 2, 3, 9))


def test_a_playlist_leaves_with_tasks_and_last_comments(api, playlist, cast):
    cast.admin.timezone = "Asia/Tokyo"
    cast.admin.save()
    answer = api.get(f"/export/csv/playlists/{playlist.pk}")
    assert answer["Content-Disposition"] == "attachment; filename=kitsu_the_lantern_playlist_dailies.csv"
    assert body_of(answer).splitlines() == [
        "Playlist;The Lantern | for shots;Dailies;2026-02-03T18:00:00;;;",
        ";;;;;;",
        "Entity name;Nb Frames;Task Type;Retake count;Revision;Task Status;Last comment author;Last comment date;Last comment",
        f'E01 / SQ01 / SH010;;Animation;0;3;Work In Progress;{cast.supervisor.full_name};2026-02-03T19:01:00;"\'+look; here"',
        "Character / =1+1;;;;;;;;",
    ]


def test_who_reviews_a_playlist_exports_it(api, playlist, cast):
    def found():
        return [role for role in ROLES if api.by(cast.of(role)).get(f"/export/csv/playlists/{playlist.pk}").status_code == 200]

    assert found() == ["admin", "manager", "supervisor"]
    playlist.for_client = True
    playlist.save()
    assert found() == ["admin", "manager", "supervisor", "client"]
    assert "look" not in body_of(api.by(cast.client).get(f"/export/csv/playlists/{playlist.pk}"))
    assert api.get("/export/csv/playlists/00000000-0000-0000-0000-000000000000").status_code == 404
