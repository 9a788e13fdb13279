"""Making entities: who may, what comes out, and that nothing is made twice."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from assets.models import Entity
from events.models import ApiEvent
from tests.makers import make_entity, make_project

NOWHERE = "aaaaaaaa-0000-4000-8000-000000000000"
NO_UUID, NO_LENGTH = "Input should be a valid UUID", "invalid length: expected length 32 for simple format, found"
KINDS = ["episodes", "sequences", "shots", "scenes", "edits", "concepts", "concept-folders"]


def address(cast, kind):
    return f"/data/projects/{cast.project.pk}/{kind}"


@pytest.mark.parametrize("kind", KINDS)
def test_the_second_of_a_name_is_the_first(api, cast, world, kind):
    first = api.post(address(cast, kind), {"name": "New one"})
    again = api.post(address(cast, kind), {"name": "New one", "description": "other"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    stem = kind.removesuffix("s")
    event = ApiEvent.objects.get()
    assert event.name == f"{stem}:new"
    assert event.data[f"{stem.replace('-', '_')}_id"] == first.json()["id"]
    assert event.data["project_id"] == str(cast.project.pk)


def test_a_shot_is_made_in_its_sequence(api, cast, world):
    body = {"name": "SH020", "sequence_id": str(world.sequence.pk), "data": {"frame_in": 1}, "nb_frames": "12"}
    shot = api.post(address(cast, "shots"), body).json()
    assert (shot["parent_id"], shot["nb_frames"], shot["data"], shot["type"]) == (
        str(world.sequence.pk), 12, {"frame_in": 1}, "Shot",
    )  # fmt: skip
    assert (shot["created_by"], shot["description"], shot["status"]) == (str(cast.admin.pk), None, "running")
    assert ApiEvent.objects.get().data["episode_id"] == str(world.episode.pk)
    assert api.post(address(cast, "shots"), {"name": "SH020"}).json()["id"] != shot["id"]


def test_assets_may_be_doubled(api, cast, world):
    make = f"/data/projects/{cast.project.pk}/asset-types/{world.hero.entity_type_id}/assets/new"
    body = {"name": "Hero", "episode_id": str(world.episode.pk), "is_shared": True}
    first, second = api.post(make, body).json(), api.post(make, body).json()
    assert first["id"] != second["id"]
    assert (first["source_id"], first["is_shared"], first["description"], first["data"]) == (str(world.episode.pk), True, "", {})
    assert ApiEvent.objects.filter(name="asset:new").first().data["asset_type"] == str(world.hero.entity_type_id)
    assert api.post(make, {"name": "x", "episode_id": NOWHERE}).status_code == 404
    temporal = f"/data/projects/{cast.project.pk}/asset-types/{world.shot.entity_type_id}/assets/new"
    assert api.post(temporal, {"name": "x"}).status_code == 404


@pytest.mark.parametrize(
    ("body", "field", "message"),
    [
        ({}, "name", "Field required"),
        ({"name": ""}, "name", "String should have at least 1 character"),
        ([], "", "Input should be a valid dictionary or instance of NewShotSchema"),
        ({"name": "x", "sequence_id": "abc"}, "sequence_id", f"{NO_UUID}, {NO_LENGTH} 3"),
        ({"name": "x", "sequence_id": "a" * 36}, "sequence_id", f"{NO_UUID}, {NO_LENGTH} 36"),
        ({"name": "x" * 161}, "name", "String should have at most 160 characters"),
        ({"name": "x", "data": [1]}, "data", "Input should be a valid dictionary"),
        ({"name": "x", "nb_frames": "a"}, "nb_frames", "Input should be a valid integer, unable to parse string as an integer"),
    ],
)
def test_faults_of_a_body_are_named(api, cast, body, field, message):
    answer = api.post(address(cast, "shots"), body)
    assert (answer.status_code, answer.json()["data"]["errors"]) == (400, [{"field": field, "message": message}])
    assert Entity.objects.count() == 0


def test_parents_are_of_the_same_production_and_of_the_right_kind(api, cast, world):
    foreign = make_entity("Sequence", make_project())
    for wrong in (foreign.pk, world.episode.pk, NOWHERE):
        assert api.post(address(cast, "shots"), {"name": "x", "sequence_id": str(wrong)}).status_code == 404
        assert api.post(address(cast, "scenes"), {"name": "x", "sequence_id": str(wrong)}).status_code == 404
    for kind in ("sequences", "edits"):
        assert api.post(address(cast, kind), {"name": "x", "episode_id": str(world.sequence.pk)}).status_code == 404
    assert api.post(address(cast, "concepts"), {"name": "x", "parent_id": str(world.concept.pk)}).status_code == 404
    assert not Entity.objects.filter(name="x").exists()


def test_a_concept_is_made_in_a_folder_about_entities(api, cast, world):
    links = [{"id": str(world.hero.pk)}, {"id": NOWHERE}]
    body = {"name": "Idea", "parent_id": str(world.folder.pk), "entity_concept_links": links}
    concept = api.by(cast.user).post(address(cast, "concepts"), body).json()
    assert (concept["parent_id"], concept["entity_concept_links"]) == (str(world.folder.pk), [str(world.hero.pk)])
    assert api.post(address(cast, "concepts"), {"name": "y", "entity_concept_links": [{}]}).status_code == 400
    assert api.post(address(cast, "concepts"), {"name": "y", "entity_concept_links": [{"id": "abc"}]}).status_code == 404


def test_no_metadata_are_empty_ones(api, cast, world):
    for kind in ("episodes", "sequences", "shots", "edits", "concepts"):
        answer = api.post(address(cast, kind), {"name": "Bare", "data": None})
        assert (answer.status_code, answer.json()["data"]) == (201, {})
        assert api.post(address(cast, kind), {"name": "Wrong", "data": [1]}).status_code == 400


@pytest.mark.parametrize(
    ("more", "field", "message"),
    [
        ({"entity_concept_links": ["x"]}, "entity_concept_links.0", "Input should be a valid dictionary"),
        ({"entity_concept_links": [{}]}, "entity_concept_links.0", "Value error, must have an id"),
        ({"parent_id": "abc"}, "parent_id", "Value error, must be a valid UUID"),
    ],
)
def test_faults_of_a_concept_are_named(api, cast, more, field, message):
    answer = api.post(address(cast, "concepts"), {"name": "Sketch 2", **more})
    assert (answer.status_code, answer.json()["data"]["errors"]) == (400, [{"field": field, "message": message}])


@pytest.mark.parametrize("role", ["supervisor", "user", "client", "vendor"])
def test_only_managers_make_most_kinds(api, cast, world, role):
    somebody = api.by(cast.of(role))
    for kind in KINDS[:5]:
        assert somebody.post(address(cast, kind), {"name": "x"}).status_code == 403
    assert somebody.post("/data/entities", entity_body(cast, world)).status_code == 403
    assert somebody.post(address(cast, "concepts"), {"name": "x"}).status_code == (403 if role in ("client", "vendor") else 201)
    assert somebody.post(address(cast, "concept-folders"), {"name": "x"}).status_code == (201 if role == "supervisor" else 403)


def test_managers_make_entities_in_their_own_productions_alone(api, cast, world):
    manager = api.by(cast.manager)
    assert manager.post(address(cast, "shots"), {"name": "x"}).status_code == 201
    assert manager.post(f"/data/projects/{make_project().pk}/shots", {"name": "x"}).status_code == 403
    assert manager.post(f"/data/projects/{NOWHERE}/shots", {"name": "x"}).status_code == 404
    assert api.post(f"/data/projects/{NOWHERE}/shots", {"name": "x"}).status_code == 404


def test_an_unknown_status_of_an_episode_counts_as_running(api, cast):
    assert api.post(address(cast, "episodes"), {"name": "E09", "status": "odd"}).json()["status"] == "running"
    assert api.post(address(cast, "episodes"), {"name": "E10", "status": "standby"}).json()["status"] == "standby"


def entity_body(cast, world, **more):
    return {"name": "Plain", "project_id": str(cast.project.pk), "entity_type_id": str(world.hero.entity_type_id), **more}


def test_the_generic_door_makes_any_kind(api, cast, world):
    made = api.post("/data/entities", entity_body(cast, world, created_by=str(cast.user.pk), entities_out=[str(world.sword.pk)]))
    assert made.status_code == 201
    row = made.json()
    assert (row["type"], row["data"], row["created_by"], row["entities_out"]) == (
        "Entity", None, str(cast.admin.pk), [str(world.sword.pk)],
    )  # fmt: skip
    assert ApiEvent.objects.get().data == {"asset_id": row["id"], "project_id": str(cast.project.pk)}
    assert api.post("/data/entities", entity_body(cast, world, status="odd")).json()["message"] == "Invalid status"
    assert api.post("/data/entities", {"name": "x"}).json() == {"message": "'project_id'"}
    assert "is an invalid keyword" in api.post("/data/entities", entity_body(cast, world, bogus=1)).json()["message"]
    foreign = make_entity("Episode", make_project())
    assert api.post("/data/entities", entity_body(cast, world, source_id=str(foreign.pk))).status_code == 400


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite's tests share one connection, so nothing there is parallel")
@pytest.mark.django_db(transaction=True)
def test_many_makers_of_one_name_get_one_entity(cast):
    from assets.rules.creation import create_sequence

    def make(_):
        try:
            return create_sequence(cast.project.pk, name="SQ", episode_id=None, description="", data={}, by=cast.admin).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(make, range(8)))) == 1
    assert Entity.objects.filter(name="SQ").count() == 1
