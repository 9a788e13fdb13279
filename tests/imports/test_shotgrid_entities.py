"""Productions, episodes, sequences, scenes, shots and assets of ShotGrid coming in."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assets.models import Entity, EntityLink
from events.models import ApiEvent, ProductionStamp
from imports.models import ImportRecord
from production.models import EntityType, Project, ProjectStatus
from tasks.models import Task
from tests.imports.shotgrid import PROJECT, asset, episode, into, link, project, scene, sequence, shot
from tests.makers import make_entity, make_sequence


@pytest.fixture
def lantern(cast):
    """The cast's production, known at ShotGrid."""
    cast.project.shotgun_id = PROJECT["id"]
    cast.project.save()
    return cast.project


@pytest.fixture
def send(api):
    """Sends entries as the studio manager; gives the rows that they became."""

    def post(kind, *entries):
        answer = api.post(into(kind), list(entries))
        assert answer.status_code == 200, answer.content
        return answer.json()

    return post


def test_a_production_comes_with_its_status_and_own_fields(send, db):
    (row,) = send("projects", project(900, name="New", sg_fps=24, sg_null=None, tank_name="x"))
    status = ProjectStatus.objects.get(name="Active")
    assert (row["name"], row["shotgun_id"], row["data"], row["type"]) == ("New", 900, {"sg_fps": 24}, "Project")
    assert (row["project_status_id"], row["production_type"], row["file_tree"]["working"]["mountpoint"]) == (
        str(status.pk),
        "short",
        "/simple",
    )
    assert "team" not in row
    (again,) = send("projects", project(900, name="Newer", sg_status=None))
    assert (again["id"], again["name"], again["data"], again["project_status_id"]) == (row["id"], "Newer", {}, None)
    assert not ApiEvent.objects.exists()


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (project(900), "There is another production named The Lantern."),
        ({"id": 900, "name": "x"}, "sg_status: Field required"),
        (project(900, name="x" * 81), "name: String should have at most 80 characters"),
        (project(2**40, name="x"), "id: Input should be less than or equal to 2147483647"),
        (project("900", name="x"), "id: Input should be a valid integer"),
        (project(900, name="x", sg_status=["Active"]), "sg_status: Input should be a valid string"),
        (3, "Input should be a valid dictionary or instance of ProjectEntry"),
        (None, "Input should be a valid dictionary or instance of ProjectEntry"),
    ],
)
def test_one_wrong_production_stops_all(api, entry, words):
    before = Project.objects.count(), ProjectStatus.objects.count()
    answer = api.post(into("projects"), [project(901, name="Fine"), entry])
    assert (answer.status_code, answer.json()["entry"]) == (400, 1)
    assert answer.json()["message"].startswith("Entry 1 (ShotGrid id ") and words in answer.json()["message"]
    assert (Project.objects.count(), ProjectStatus.objects.count()) == before


def test_an_entry_without_a_required_key_is_passed_over(send, lantern):
    bare = {"id": 1, "code": "E1"}
    others = [episode(3, "E3", project=None), episode(4, "E4", project=link(1, name="?"))]
    assert [row["name"] for row in send("episodes", bare, episode(2, "E2"), *others)] == ["E2"]
    assert Entity.objects.get().name == "E2"


def test_episodes_are_found_again_by_their_id(send, lantern, cast):
    (row,) = send("episodes", episode(5, "E1"))
    assert (row["type"], row["project_id"], row["created_by"], row["data"]) == ("Entity", str(lantern.pk), str(cast.admin.pk), None)
    assert list(row)[-1] == "type" and "entities_out" not in row
    (again,) = send("episodes", episode(5, "E1b", description="dark"))
    assert (again["id"], again["name"], again["description"]) == (row["id"], "E1b", "dark")
    before = Entity.objects.get().updated_at, ImportRecord.objects.count()
    assert send("episodes", episode(5, "E1b", description="dark")) == [again]
    assert (Entity.objects.get().updated_at, ImportRecord.objects.count()) == before
    assert not Task.objects.exists() and not ApiEvent.objects.exists()


def test_an_empty_page_is_nothing(send):
    assert send("episodes") == []


def test_an_import_moves_the_validator_of_boards(send, lantern):
    send("episodes", episode(5, "E1"))
    first = ProductionStamp.objects.get(pk=lantern.pk).value
    send("episodes", episode(5, "E2"))
    assert ProductionStamp.objects.get(pk=lantern.pk).value != first


def test_an_import_is_written_down(send, lantern, cast):
    send("episodes", episode(5, "E1"), episode(6, "E2"), episode(7, "E3", project=None))
    record = ImportRecord.objects.get()
    assert (record.kind, record.door, record.person) == ("ShotGrid: Episode", "api", cast.admin)
    assert record.counts == {"created": 2, "updated": 0, "skipped": 1}


def test_sequences_lie_in_their_episode(send, lantern):
    (parent,) = send("episodes", episode(5, "E1"))
    other = Project.objects.create(name="Other", shotgun_id=72)
    make_entity("Episode", other, shotgun_id=6)
    rows = send(
        "sequences",
        sequence(1, "S1", episode=link(5, "Episode")),
        sequence(2, "S1"),
        sequence(3, "S2", episode=link(6, "Episode")),
        {key: value for key, value in sequence(4, "S3").items() if key != "episode"},
        sequence(5, "S4", episode={"name": "E1"}),
    )
    assert [row["parent_id"] for row in rows] == [parent["id"], None, None, None, None]


def test_a_sequence_leaves_its_place_to_another_of_its_name(send, lantern):
    there = make_sequence(lantern, name="S1")
    assert send("sequences", sequence(1, "S1")) == []
    there.refresh_from_db()
    assert there.shotgun_id is None
    send("sequences", sequence(1, "S2"))
    (row,) = send("sequences", sequence(1, "S1", description="only this"))
    assert (row["name"], row["description"]) == ("S2", "only this")


def test_scenes_lie_in_the_first_of_their_sequences(send, lantern):
    first, second = send("sequences", sequence(1, "S1"), sequence(2, "S2"))
    (row,) = send("scenes", scene(9, "SC", sequence_sg_scenes_1_sequences=[link(2), link(1)]))
    assert (row["parent_id"], Entity.objects.get(pk=row["id"]).entity_type.name) == (second["id"], "Scene")
    (row,) = send("scenes", scene(9, "SC"))
    assert row["parent_id"] is None


def test_shots_have_frames_fields_and_a_casting(send, lantern):
    (parent,) = send("sequences", sequence(1, "S1"))
    (place,) = send("scenes", scene(9, "SC"))
    (hammer, nail) = send("assets", asset(700, "Hammer"), asset(701, "Nail"))
    entry = shot(
        800,
        "SH1",
        sg_sequence=link(1),
        sg_scene={"id": 9},
        sg_cut_out=25,
        sg_mood="sad",
        sg_null=None,
        assets=[link(700), link(701), link(999), link(700)],
    )
    (row,) = send("shots", entry)
    assert row["data"] == {"sg_mood": "sad", "frame_in": 10, "frame_out": 25, "sg_scene": {"id": 9}, "sg_cut_duration": 15}
    assert (row["parent_id"], row["source_id"], row["nb_frames"], row["nb_entities_out"]) == (parent["id"], place["id"], None, 2)
    links = EntityLink.objects.filter(entity_in_id=row["id"])
    assert {(str(found.entity_out_id), found.nb_occurences) for found in links} == {(hammer["id"], 1), (nail["id"], 1)}
    kept = links.get(entity_out_id=nail["id"])
    (row,) = send("shots", shot(800, "SH1", sg_cut_in=None, assets=[link(701)]))
    assert row["data"] == {"frame_in": None, "frame_out": None, "sg_cut_duration": 15}
    assert (row["parent_id"], row["source_id"], row["nb_entities_out"]) == (None, None, 1)
    assert EntityLink.objects.get() == kept
    (row,) = send("shots", shot(800, "SH1", sg_cut_duration=None))
    assert row["data"] == {"frame_in": 10, "frame_out": 10} and not EntityLink.objects.exists()


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (shot(1, "A", project=None), "Its production is not here."),
        (shot(1, "A", project=link(1, name="Nope")), "Its production is not here."),
        (shot(1, "A", sg_cut_in="ten"), "sg_cut_in: Input should be a valid integer"),
        (shot(1, "A", assets=3), "assets: Input should be a valid list"),
        (shot(1, "A", assets=[{"id": "x"}]), "assets.0.id: Input should be a valid integer"),
        (shot(1, ""), "code: String should have at least 1 character"),
        (shot(2, "SH1", sg_sequence=link(1)), "Its parent holds another shot named SH1."),
    ],
)
def test_one_wrong_shot_stops_all(api, send, lantern, entry, words):
    send("sequences", sequence(1, "S1"))
    send("shots", shot(800, "SH1", sg_sequence=link(1)))
    before = Entity.objects.count()
    answer = api.post(into("shots"), [shot(801, "Fine"), entry])
    assert answer.status_code == 400 and words in answer.json()["message"], answer.json()
    assert Entity.objects.count() == before


def test_an_entry_moves_nothing_to_another_production(api, send, lantern):
    (row,) = send("shots", shot(800, "SH1"))
    Project.objects.create(name="Other")
    answer = api.post(into("shots"), [shot(800, "SH1", project=link(1, name="Other"))])
    assert answer.status_code == 400 and "belongs to another production" in answer.json()["message"]
    assert Entity.objects.get(pk=row["id"]).project_id == lantern.pk


def test_assets_come_with_their_types_and_are_cast_in_their_parents(send, lantern):
    rows = send("assets", asset(700, "Table", sg_asset_type="Set"), asset(701, "Leg", parents=[link(700)]), asset(702, "Leg"))
    table, leg, _ = rows
    assert EntityType.objects.filter(name__in=["Set", "Prop"]).count() == 2
    assert [(found.entity_in.name, str(found.entity_out_id)) for found in EntityLink.objects.all()] == [("Table", leg["id"])]
    assert Entity.objects.get(pk=table["id"]).nb_entities_out == 1
    names = list(ApiEvent.objects.order_by("created_at").values_list("name", flat=True))
    assert names == ["asset-type:new", "asset-type:new", "asset:update"]
    send("assets", asset(702, "Leg", parents=[link(700)]))
    assert [found.entity_out.shotgun_id for found in EntityLink.objects.all()] == [702]


def test_assets_without_type_or_production_are_passed_over(send, lantern):
    assert send("assets", asset(1, "A", sg_asset_type=None), asset(2, "B", project=link(1)), asset(3, "C", project=None)) == []
    send("assets", asset(1, "A"))
    assert send("assets", asset(1, "Renamed", sg_asset_type=None)) == []
    assert Entity.objects.get().name == "A"


def test_a_structural_name_is_no_asset_type(api, lantern):
    answer = api.post(into("assets"), [asset(1, "A"), asset(2, "B", sg_asset_type="Shot")])
    assert (answer.status_code, answer.json()["message"]) == (400, "Shot is not an asset type")
    assert not Entity.objects.exists() and not EntityType.objects.filter(name="Prop").exists()
    answer = api.post(into("assets"), [{"id": 1, "code": "A", "description": None, "project": PROJECT}])
    assert (answer.status_code, "sg_asset_type" in answer.json()["message"]) == (400, True)


def test_an_asset_type_of_another_letter_case_is_the_same(send, lantern):
    prop = EntityType.objects.create(name="PROP")
    (row,) = send("assets", asset(1, "A"))
    assert row["entity_type_id"] == str(prop.pk)


def statements(send, kind, entries):
    """How many statements a page takes."""
    with CaptureQueriesContext(connection) as queries:
        send(kind, *entries)
    return len(queries)


def test_a_page_takes_a_few_statements_for_hundreds_of_rows(send, lantern):
    send("sequences", sequence(1, "S1"))
    props = [asset(700 + number, f"A{number}") for number in range(400)]
    # SQLite stores some forty rows by one statement, PostgreSQL five hundred.
    assert statements(send, "assets", props) < 40
    casts = {"assets": [link(700 + number) for number in range(5)], "sg_sequence": link(1)}
    shots = [shot(number, f"SH{number}", **casts) for number in range(2000, 2400)]
    assert statements(send, "shots", shots) < 60
    assert statements(send, "shots", [{**entry, "sg_cut_in": 11, "assets": [link(700)]} for entry in shots]) < 40
