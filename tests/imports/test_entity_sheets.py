"""Sheets of assets, shots and edits coming in."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assets.models import Entity
from events.models import ApiEvent
from production.models import EntityType
from tasks.models import Comment, Task
from tests.cast import ROLES
from tests.makers import make_asset, make_shot


def statuses(studio, name):
    return dict(Task.objects.filter(entity__name=name).values_list("task_type__name", "task_status__short_name"))


def test_assets_are_made_with_their_metadata_tasks_and_comments(send, studio, cast):
    studio.describe("Asset", "Contractor")
    studio.describe("Asset", "Delivered", "boolean")
    studio.describe("Asset", "Reviewer", "person")
    text = (
        "Type,Name,Description,Contractor,Delivered,Reviewer,Ready for,Resolution,Modeling,Modeling comment,Rigging assignations\n"
        "prop,Hammer,A tool,ACME,yes,USER@studio.example,Animation,1920x1080,WIP,hello,user@studio.example\n"
        "Prop,Nail,,,,,,,,,\n"
    )
    answer = send(studio.into("assets"), text)
    assert answer.status_code == 201, answer.content
    hammer, nail = answer.json()
    data = {"contractor": "ACME", "delivered": "true", "reviewer": str(cast.user.pk), "resolution": "1920x1080"}
    assert (hammer["name"], hammer["data"], hammer["type"], hammer["description"]) == ("Hammer", data, "Entity", "A tool")
    assert (hammer["ready_for"], hammer["created_by"]) == (str(studio.animation.pk), str(cast.admin.pk))
    assert (nail["description"], nail["ready_for"], nail["data"]["delivered"]) == ("", None, "")
    assert statuses(studio, "Hammer") == {"Modeling": "wip", "Rigging": "todo"}
    assert statuses(studio, "Nail") == {"Modeling": "todo", "Rigging": "todo"}
    assert [person.pk for person in Task.objects.get(entity__name="Hammer", task_type=studio.rigging).assignees.all()] == [
        cast.user.pk
    ]
    assert Comment.objects.get().text == "hello"
    names = list(ApiEvent.objects.values_list("name", flat=True))
    expected = {"asset:new": 2, "task:new": 4, "comment:new": 1, "task:status-changed": 1, "news:new": 1, "task:assign": 1}
    assert {name: names.count(name) for name in expected} == expected
    new = ApiEvent.objects.filter(name="asset:new").order_by("created_at").first()
    assert new.data == {"asset_id": hammer["id"], "asset_type": str(studio.prop.pk), "project_id": str(studio.project.pk)}


def test_what_is_there_stays_as_it_is_but_gets_missing_tasks(send, studio):
    asset = make_asset(studio.project, kind="Prop", name="Hammer", description="old")
    answer = send(studio.into("assets"), "Type,Name,Description,Modeling\nProp,Hammer,new,done\n")
    assert [row["id"] for row in answer.json()] == [str(asset.pk)]
    asset.refresh_from_db()
    assert asset.description == "old"
    assert statuses(studio, "Hammer") == {"Modeling": "todo", "Rigging": "todo"}


def test_an_update_writes_what_the_file_has_columns_for(send, studio):
    asset = make_asset(studio.project, kind="Prop", name="Hammer", description="old", data={"kept": 1, "resolution": "a"})
    text = "Type,Name,Resolution,Modeling\nProp,Hammer,4K,done\n"
    assert send(studio.into("assets"), text, update="true").status_code == 201
    asset.refresh_from_db()
    assert (asset.description, asset.data) == ("old", {"kept": 1, "resolution": "4K"})
    assert statuses(studio, "Hammer")["Modeling"] == "done"
    assert ApiEvent.objects.filter(name="asset:update").count() == 1
    before = ApiEvent.objects.count(), asset.updated_at
    assert send(studio.into("assets"), text, update="TRUE").status_code == 201
    asset.refresh_from_db()
    assert (ApiEvent.objects.count(), asset.updated_at) == before


def test_update_is_asked_for_by_the_word_true_alone(send, studio):
    make_asset(studio.project, kind="Prop", name="Hammer", description="old")
    send(studio.into("assets"), "Type,Name,Description\nProp,Hammer,new\n", update="1")
    assert studio.named("Hammer").description == "old"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("Type,Name\n,Hammer\n", 2, "An asset type is required in the Type column"),
        ("Type,Name\nShot,Hammer\n", 2, "Shot is not an asset type"),
        ("Type,Name,Episode\nProp,Hammer,E01\n", 2, "An episode column is present for a production that isn't a TV Show"),
        ("Type,Name,Ready for\nProp,Hammer,Nothing\n", 2, "Task type not found for Nothing"),
        ("Type,Name,Modeling\nProp,Fine,wip\n\nProp,Hammer,nope\n", 4, "Task status not found for nope"),
        ("Type,Name,Modeling assignations\nProp,Hammer,Nobody\n", 2, "Person not found for Nobody"),
        ("Type,Name,Delivered\nProp,Hammer,maybe\n", 2, "A value is invalid: Delivered: maybe"),
        ("Type;Name\n" + "t" * 31 + ";Hammer\n", 2, "A value is invalid: Type: longer than 30 characters"),
    ],
)
def test_one_wrong_line_of_assets_stops_all(send, studio, text, line, message):
    studio.describe("Asset", "Delivered", "boolean")
    before = ApiEvent.objects.count(), EntityType.objects.count()
    answer = send(studio.into("assets"), text)
    assert answer.status_code == 400
    assert answer.json() == {"error": True, "message": message, "line_number": line, "imported_rows": 0}
    assert not Entity.objects.exists() and not Task.objects.exists()
    assert (ApiEvent.objects.count(), EntityType.objects.count()) == before


def test_asset_types_follow_the_choice_of_the_production(send, studio):
    assert send(studio.into("assets"), "Type,Name\nGadget,A\ngadget,B\n").status_code == 201
    gadget = EntityType.objects.get(name="Gadget")
    assert gadget.entities.count() == 2
    studio.project.asset_types.add(studio.prop)
    assert send(studio.into("assets"), "Type,Name\nGadget,C\n").status_code == 201
    assert gadget in studio.project.asset_types.all()
    answer = send(studio.into("assets"), "Type,Name\nThing,C\n")
    assert answer.json()["message"] == "Asset type Thing is not configured for this project"


def test_a_workflow_limits_the_tasks_of_an_asset_type(send, studio):
    studio.prop.task_types.add(studio.rigging)
    send(studio.into("assets"), "Type,Name,Modeling\nProp,A,\nProp,B,wip\n")
    assert statuses(studio, "A") == {"Rigging": "todo"}
    assert statuses(studio, "B") == {"Rigging": "todo", "Modeling": "wip"}


def test_main_episodes_of_assets_in_a_tv_show(send, studio):
    studio.become_tv_show()
    answer = send(studio.into("assets"), "Type,Name,Episode\nProp,A,E01\nProp,B,MP\nProp,C,\nProp,D,E01\n")
    episode = studio.named("E01")
    assert [row["source_id"] for row in answer.json()] == [str(episode.pk), None, None, str(episode.pk)]
    assert ApiEvent.objects.filter(name="episode:new").count() == 1
    send(studio.into("assets"), "Type,Name,Description\nProp,A,x\n", update="true")
    assert studio.named("A").source_id == episode.pk
    send(studio.into("assets"), "Type,Name,Episode\nProp,A,MP\n", update="true")
    assert studio.named("A").source_id is None


def test_a_comment_column_speaks_at_every_update(send, studio):
    with_comment = "Type,Name,Modeling,Modeling comment\nProp,A,wip,\n"
    for count in (1, 2):
        send(studio.into("assets"), with_comment, update="true")
        assert Comment.objects.count() == count
    send(studio.into("assets"), "Type,Name,Modeling\nProp,A,wip\n", update="true")
    assert Comment.objects.count() == 2


def test_a_retake_too_many_is_left_out_and_the_line_stored(send, studio):
    studio.wip.is_retake = True
    studio.wip.save()
    studio.project.max_retakes = 1
    studio.project.save()
    send(studio.into("assets"), "Type,Name,Modeling\nProp,A,wip\n")
    send(studio.into("assets"), "Type,Name,Modeling\nProp,A,done\n", update="true")
    answer = send(studio.into("assets"), "Type,Name,Modeling,Description\nProp,A,wip,new\n", update="true")
    assert answer.status_code == 201
    assert (statuses(studio, "A")["Modeling"], studio.named("A").description) == ("done", "new")


def test_shots_are_made_with_their_sequences(send, studio):
    studio.describe("Shot", "Lens", "number")
    text = (
        "Episode,Sequence,Name,Description,Nb Frames,In,Out,FPS,Lens,Animation\n"
        ",SQ1,A,,,10,20,25,35,\n,SQ1,B,x,5,1,2,,,wip\n,SQ2,A,,,,,,,\n"
    )
    answer = send(studio.into("shots"), text)
    assert answer.status_code == 201, answer.content
    assert [row["nb_frames"] for row in answer.json()] == [11, 5, 0]
    assert answer.json()[0]["data"] == {"frame_in": 10, "frame_out": 20, "fps": "25", "lens": "35"}
    assert statuses(studio, "B") == {"Animation": "wip"}
    assert Task.objects.count() == 3
    names = list(ApiEvent.objects.values_list("name", flat=True))
    assert (names.count("sequence:new"), names.count("shot:new"), names.count("episode:new")) == (2, 3, 0)


def test_shots_of_a_tv_show_need_their_episode(send, studio):
    studio.become_tv_show()
    answer = send(studio.into("shots"), "Episode,Sequence,Name\nE01,SQ1,A\nE02,SQ1,A\n")
    assert len({row["parent_id"] for row in answer.json()}) == 2
    event = ApiEvent.objects.filter(name="shot:new").order_by("created_at").first()
    assert event.data["episode_id"] == str(studio.named("E01").pk)
    for cells, word in ((",SQ1,A", "Episode"), ("E01, ,A", "Sequence"), ("E01,SQ1,", "Name")):
        answer = send(studio.into("shots"), f"Episode,Sequence,Name\n{cells}\n")
        assert (answer.status_code, answer.json()["message"]) == (400, f"{word} cannot be empty")


@pytest.mark.parametrize(
    ("column", "cell", "message"),
    [
        ("Nb Frames", "abc", "nb_frames must be an integer, got 'abc'"),
        ("Frame In", "1.5", "frame_in must be an integer, got '1.5'"),
        ("Out", "z", "frame_out must be an integer, got 'z'"),
        ("Frames", "99999999999", "nb_frames must be an integer, got '99999999999'"),
    ],
)
def test_frames_are_whole_numbers(send, studio, column, cell, message):
    answer = send(studio.into("shots"), f"Sequence,Name,{column}\nSQ1,A,{cell}\n")
    assert (answer.status_code, answer.json()["message"]) == (400, message)
    assert not Entity.objects.exists()


def test_a_shot_changes_and_keeps_what_cells_leave_out(send, studio):
    sequence = make_shot(studio.project, name="A", nb_frames=4, data={"frame_in": 1, "fps": "24"}).parent
    text = f"Sequence,Name,Nb Frames,Out\n{sequence.name},A,,8\n"
    send(studio.into("shots"), text, update="true")
    shot = studio.named("A")
    assert (shot.nb_frames, shot.data) == (8, {"frame_in": 1, "frame_out": 8, "fps": "24"})


def test_edits_know_their_episode(send, studio):
    answer = send(studio.into("edits"), "Name\nReel\n")
    assert (answer.status_code, answer.json()[0]["description"]) == (201, "")
    assert statuses(studio, "Reel") == {"Cut": "todo"}
    assert send(studio.into("edits"), "Name,Episode\nReel,E01\n").status_code == 400
    studio.become_tv_show()
    answer = send(studio.into("edits"), "Name,Episode,Cut\nReel,E01,wip\nReel,MP,\nReel,,\n")
    episodes = [str(studio.named(name).pk) for name in ("E01", "MP")]
    assert [row["parent_id"] for row in answer.json()] == [*episodes, None]
    assert Entity.objects.filter(name="Reel").count() == 3


@pytest.mark.parametrize("kind", ["assets", "shots", "edits", "casting"])
def test_managers_of_the_production_import(send, studio, cast, kind):
    found = {role: send(studio.into(kind), "Type,Name\n", by=cast.of(role)).status_code for role in ROLES}
    assert found == {role: 201 if role in ("admin", "manager") else 403 for role in ROLES}
    cast.outsider.role = "manager"
    cast.outsider.save()
    assert send(studio.into(kind), "Type,Name\n", by=cast.outsider).status_code == 403


@pytest.mark.parametrize("project", ["00000000-0000-0000-0000-000000000000", "nope"])
def test_an_unknown_production_is_not_found(send, studio, project, cast):
    for by in (cast.admin, cast.of("user")):
        assert send(f"/import/csv/projects/{project}/assets", "Type,Name\nProp,A\n", by=by).status_code == 404


def test_a_dry_run_stores_nothing_and_tells_of_every_line(send, studio):
    make_asset(studio.project, kind="Prop", name="Old", description="x")
    text = "Type,Name,Description,Colour\nProp,New,,\nProp,Old,x,\nProp,Old,y,\nShot,Bad,,\n"
    before = ApiEvent.objects.count(), Entity.objects.count(), Task.objects.count()
    answer = send(studio.into("assets"), text, update="true", dry_run="true")
    assert answer.status_code == 200
    report = answer.json()
    assert [line["outcome"] for line in report["lines"]] == ["created", "skipped", "updated", "refused"]
    assert report["lines"][3] == {"line_number": 5, "outcome": "refused", "message": "Shot is not an asset type"}
    assert (report["created"], report["updated"], report["skipped"], report["refused"]) == (1, 1, 1, 1)
    assert report["ignored_columns"] == ["Colour"]
    assert (ApiEvent.objects.count(), Entity.objects.count(), Task.objects.count()) == before


def test_many_lines_cost_no_more_statements_than_few(send, studio):
    def cost(path, header, lines):
        with CaptureQueriesContext(connection) as captured:
            assert send(path, header + "".join(lines), update="true").status_code == 201
        return len(captured)

    for kind, header, line in (
        ("assets", "Type,Name,Description\n", "Prop,{batch}{n},x\n"),
        ("shots", "Sequence,Name,Frames\n", "SQ{batch},{batch}{n},5\n"),
        ("edits", "Name,Description\n", "{batch}{n},x\n"),
    ):
        send(studio.into(kind), header)
        few, many = ([line.format(batch=size, n=n) for n in range(size)] for size in (2, 30))
        assert cost(studio.into(kind), header, few) == cost(studio.into(kind), header, many)
        if kind != "shots":
            changed = [text.replace("x", "y") for text in many]
            assert cost(studio.into(kind), header, changed[:2]) == cost(studio.into(kind), header, changed)
