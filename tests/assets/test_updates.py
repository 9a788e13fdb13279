"""Changing entities: who may, merging metadata, single names, versions, folders, sharing."""

import pytest

from assets.models import Entity, EntityVersion
from events.models import ApiEvent
from production.models import MetadataDescriptor
from tests.makers import make_asset, make_department, make_entity, make_project, make_shot, make_task_type

NOWHERE = "aaaaaaaa-0000-4000-8000-000000000000"


def put(api, entity, body):
    return api.put(f"/data/entities/{entity.pk}", body)


def test_metadata_merges_and_the_answer_is_whole(api, cast, world):
    answer = put(api, world.shot, {"data": {"frame_in": 12, "x": None}, "type": "Shot", "created_by": NOWHERE, "unknown": 1})
    assert answer.status_code == 200
    row = answer.json()
    assert row["data"] == {"fps": 24, "frame_in": 12, "frame_out": 20, "x": None}
    assert (row["type"], row["created_by"], row["entities_in"]) == ("Shot", None, [])
    assert ApiEvent.objects.get().data == {"shot_id": str(world.shot.pk), "project_id": str(cast.project.pk)}
    assert put(api, world.folder, {}).json()["data"] == {}


def test_a_name_is_single_in_its_place_even_without_a_parent(api, cast, world):
    twin = make_asset(cast.project, name="Twin")
    message = put(api, twin, {"name": "Hero"}).json()["message"]
    assert message == (
        f"An entity with name 'Hero', project_id '{cast.project.pk}', entity_type_id '{twin.entity_type_id}', and parent_id 'None'"
        " already exists. The combination of these fields must be unique."
    )
    assert put(api, twin, {"name": "Twin"}).status_code == 200
    assert put(api, world.other_shot, {"name": "SH010"}).status_code == 400


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"status": "odd"}, "Invalid status"),
        ({"name": None}, "A required field is missing."),
        ({"name": "x" * 161}, "One of the provided values has an invalid format."),
        ({"nb_frames": "x"}, "One of the provided values has an invalid format."),
        ({"data": [1]}, "One of the provided values has an invalid format."),
        ({"parent_id": ""}, "One of the provided values has an invalid format."),
        ({"parent_id": NOWHERE}, "The change conflicts with records referencing this one."),
        ({"ready_for": NOWHERE}, "The change conflicts with records referencing this one."),
    ],
)
def test_values_that_fit_nowhere_are_refused(api, cast, world, body, message):
    answer = put(api, world.shot, body)
    assert (answer.status_code, answer.json()["message"], answer.json()["error"]) == (400, message, True)
    assert Entity.objects.get(pk=world.shot.pk).data == world.shot.data


def test_an_entity_stays_within_its_production(api, cast, world):
    foreign = make_entity("Sequence", make_project())
    assert put(api, world.shot, {"parent_id": str(foreign.pk)}).status_code == 400
    assert put(api, world.shot, {"parent_id": str(world.shot.pk)}).status_code == 400
    assert put(api, world.shot, {"project_id": str(foreign.project_id)}).json()["project_id"] == str(cast.project.pk)
    assert put(api, world.hero, {"source_id": str(world.episode.pk)}).json()["source_id"] == str(world.episode.pk)
    assert put(api, world.hero, {"source_id": "null"}).json()["source_id"] is None


def test_who_may_change_an_entity(api, cast, world):
    name, data = {"name": "Other"}, {"data": {"size": 1}}
    for role in ("user", "client", "vendor"):
        assert put(api.by(cast.of(role)), world.hero, data).status_code == 403
    assert put(api.by(cast.supervisor), world.hero, name).status_code == 403
    assert put(api.by(cast.supervisor), world.hero, data).status_code == 200
    assert put(api.by(cast.manager), world.hero, name).status_code == 200
    Entity.objects.filter(pk=world.hero.pk).update(created_by=cast.user.pk)
    assert put(api.by(cast.user), world.hero, {"name": "Mine"}).status_code == 200
    Entity.objects.filter(pk=world.hero.pk).update(created_by=cast.outsider.pk)
    assert put(api.by(cast.outsider), world.hero, name).status_code == 403
    assert put(api, Entity(pk=NOWHERE), name).status_code == 404


def test_a_supervisor_of_a_department_changes_its_metadata_alone(api, cast, world):
    department = make_department()
    cast.supervisor.departments.set([department])
    column = MetadataDescriptor.objects.create(
        project=cast.project, entity_type="Asset", name="Size", field_name="size", data_type="string"
    )
    supervisor = api.by(cast.supervisor)
    assert put(supervisor, world.hero, {"data": {"size": 1}}).status_code == 403
    column.departments.set([department])
    assert put(supervisor, world.hero, {"data": {"size": 1}}).status_code == 200
    assert put(supervisor, world.hero, {"data": {"size": 1, "other": 1}}).status_code == 403
    assert put(supervisor, world.hero, {"data": {}}).status_code == 403


def test_concept_links_are_replaced(api, cast, world):
    assert put(api, world.concept, {"entity_concept_links": [str(world.hero.pk), NOWHERE]}).json()["entity_concept_links"] == [
        str(world.hero.pk)
    ]
    assert put(api, world.concept, {"entity_concept_links": []}).json()["entity_concept_links"] == []


def test_a_changed_frame_range_leaves_a_version(api, cast, world):
    put(api, world.shot, {"description": "no version"})
    assert EntityVersion.objects.count() == 0
    put(api, world.shot, {"data": {"frame_in": 12}})
    version = api.get(f"/data/shots/{world.shot.pk}/versions").json()[0]
    assert (version["name"], version["data"]["frame_in"], version["person_id"], version["type"]) == (
        "SH010", 12, str(cast.admin.pk), "ShotVersion",
    )  # fmt: skip
    put(api, world.shot, {"data": {"frame_out": 32}})
    folded = api.get(f"/data/shots/{world.shot.pk}/versions").json()
    assert [(row["id"], row["data"]["frame_out"]) for row in folded] == [(version["id"], 32)]
    put(api.by(cast.manager), world.shot, {"data": {"frame_out": 40}})
    assert len(api.get(f"/data/shots/{world.shot.pk}/versions").json()) == 2
    assert api.get(f"/data/edits/{world.edit.pk}/versions").json() == []


def test_the_door_of_shots_replaces_metadata(api, cast, world):
    address = f"/data/shots/{world.shot.pk}"
    row = (
        api.by(cast.manager).put(address, {"data": {"a": 1}, "canceled": "true", "nb_frames": 5, "is_casting_standby": True}).json()
    )
    assert (row["data"], row["canceled"], row["type"], row["is_casting_standby"]) == ({"a": 1}, True, "Entity", True)
    assert EntityVersion.objects.count() == 0
    assert api.put(address, {"status": "odd"}).json()["message"] == "Invalid status"
    assert api.put(address, {"name": "sh005"}).status_code == 400
    assert api.put(address, {"name": ""}).json()["message"] == "Validation error."
    assert api.by(cast.supervisor).put(address, {"canceled": False}).status_code == 403
    assert api.put(address, {"canceled": False}).json()["canceled"] is False


def test_a_readiness_that_changed_is_told(api, cast, world, django_capture_on_commit_callbacks):
    from core.signals import casting_changed

    told = []

    def listen(sender, shot_ids, by, **kwargs):
        told.append(shot_ids)

    api.put(
        f"/data/projects/{cast.project.pk}/entities/{world.shot.pk}/casting", [{"asset_id": str(world.hero.pk), "nb_occurences": 1}]
    )
    casting_changed.connect(listen)
    try:
        put(api, world.hero, {"ready_for": str(make_task_type().pk)})
        put(api, world.hero, {"description": "same"})
    finally:
        casting_changed.disconnect(listen)
    assert told == [[world.shot.pk]]


def test_folders_are_renamed_and_deleted_while_concepts_stay(api, cast, world):
    supervisor = api.by(cast.supervisor)
    other = make_entity("ConceptFolder", cast.project, name="Other")
    assert supervisor.put(f"/data/concept-folders/{other.pk}", {"name": "Folder"}).json()["message"] == (
        "A concept folder with this name already exists."
    )
    assert supervisor.put(f"/data/concept-folders/{other.pk}", {"name": "New"}).json()["name"] == "New"
    move = f"/actions/projects/{cast.project.pk}/move-concepts"
    ids = [str(world.concept.pk), str(world.shot.pk)]
    assert supervisor.post(move, {"concept_ids": ids, "concept_folder_id": str(world.folder.pk)}).json() == ids[:1]
    assert Entity.objects.get(pk=world.concept.pk).parent_id == world.folder.pk
    assert supervisor.post(move, {"concept_ids": ids, "concept_folder_id": NOWHERE}).status_code == 404
    assert (
        supervisor.post(move, {"concept_ids": ["abc"]}).json()["data"]["errors"][0]["message"]
        == "Value error, must be a valid UUID"
    )
    assert api.by(cast.user).post(move, {"concept_ids": []}).status_code == 403
    assert supervisor.delete(f"/data/concept-folders/{world.folder.pk}").status_code == 204
    assert Entity.objects.get(pk=world.concept.pk).parent_id is None
    assert api.by(cast.user).delete(f"/data/concept-folders/{other.pk}").status_code == 403


def test_assets_are_shared(api, cast, world):
    of_production = f"/actions/projects/{cast.project.pk}/assets/share"
    assert len(api.post(of_production, {}).json()) == 2
    assert api.post(of_production, {"asset_ids": [str(world.hero.pk)], "is_shared": False}).json()[0]["is_shared"] is False
    of_type = f"/actions/projects/{cast.project.pk}/asset-types/{world.hero.entity_type_id}/assets/share"
    assert [row["name"] for row in api.post(of_type, {}).json()] == ["Hero"]
    assert api.post("/actions/assets/share", {"asset_ids": [NOWHERE]}).status_code == 404
    assert api.post("/actions/assets/share", {}).json() == []
    assert api.post("/actions/assets/share", {"is_shared": None}).status_code == 400
    foreign = make_asset(make_project())
    both = {"asset_ids": [str(world.hero.pk), str(foreign.pk)]}
    assert api.by(cast.manager).post("/actions/assets/share", both).status_code == 403
    assert api.by(cast.user).post(of_production, {}).status_code == 403


def test_shared_assets_of_others_are_found_where_they_are_used(api, cast, world):
    foreign = make_asset(make_project(), name="Guest", is_shared=True)
    shot = make_shot(cast.project, parent=world.sequence)
    api.put(f"/data/projects/{cast.project.pk}/entities/{shot.pk}/casting", [{"asset_id": str(foreign.pk), "nb_occurences": 1}])
    base = f"/data/projects/{cast.project.pk}"
    for address in ("/assets/shared-used", f"/episodes/{world.episode.pk}/assets/shared-used", "/episodes/main/assets/shared-used"):
        assert [row["name"] for row in api.by(cast.user).get(base + address).json()] == ["Guest"]
    assert api.get(f"{base}/episodes/{NOWHERE}/assets/shared-used").json() == []
    assert api.by(cast.outsider).get(f"{base}/assets/shared-used").status_code == 403
