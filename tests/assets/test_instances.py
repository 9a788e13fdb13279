"""Instances of assets in scenes, shots and other assets, and the shots of a scene."""

import pytest

from assets.models import AssetInstance, Entity
from events.models import ApiEvent
from production.models import EntityType
from tests.makers import make_asset, make_project, make_shot

NOWHERE = "aaaaaaaa-0000-4000-8000-000000000000"


def place(api, world, asset=None):
    return api.post(f"/data/scenes/{world.scene.pk}/asset-instances", {"asset_id": str((asset or world.hero).pk)})


def test_copies_in_a_scene_are_numbered(api, cast, world):
    first, second = place(api, world), place(api.by(cast.client), world)
    assert (first.status_code, first.json()["name"], first.json()["number"]) == (201, "Hero_0001", 1)
    assert second.json()["name"] == "Hero_0002"
    event = ApiEvent.objects.first()
    assert (event.name, event.project_id) == ("asset_instance:new", None)
    assert event.data["scene_id"] == str(world.scene.pk)
    groups = api.get(f"/data/scenes/{world.scene.pk}/asset-instances").json()
    assert [row["number"] for row in groups[str(world.hero.pk)]] == [1, 2]
    assert set(api.get(f"/data/assets/{world.hero.pk}/scene-asset-instances").json()) == {str(world.scene.pk)}
    assert api.post(f"/data/scenes/{world.scene.pk}/asset-instances", {"asset_id": NOWHERE}).status_code == 404
    assert place(api.by(cast.outsider), world).status_code == 403
    assert place(api.by(cast.vendor), world).status_code == 403


def test_copies_in_another_asset(api, cast, world):
    address = f"/data/assets/{world.hero.pk}/asset-asset-instances"
    made = api.post(address, {"asset_to_instantiate_id": str(world.sword.pk), "description": "left hand"}).json()
    assert (made["target_asset_id"], made["number"], made["description"]) == (str(world.hero.pk), 1, "left hand")
    assert list(api.get(address).json()) == [str(world.sword.pk)]
    assert list(api.get(f"/data/assets/{world.sword.pk}/scene-asset-instances").json()) == ["None"]


def test_an_instance_is_used_in_a_shot_once(api, cast, world):
    instance = place(api, world).json()["id"]
    address = f"/data/shots/{world.shot.pk}/asset-instances"
    assert api.post(address, {"asset_instance_id": instance}).json()["type"] == "Entity"
    assert api.post(address, {"asset_instance_id": instance}).status_code == 400
    assert api.post(address, {"asset_instance_id": NOWHERE}).status_code == 404
    assert list(api.get(address).json()) == [str(world.hero.pk)]
    assert list(api.get(f"/data/assets/{world.hero.pk}/shot-asset-instances").json()) == [str(world.shot.pk)]
    assert api.get(f"/data/shots/{world.shot.pk}").json()["instance_casting"] == [instance]
    assert api.delete(f"{address}/{instance}").status_code == 204
    assert api.delete(f"{address}/{instance}").status_code == 404


def test_cameras_have_a_type_that_is_made_on_first_use(api, cast, world):
    address = f"/data/scenes/{world.scene.pk}/camera-instances"
    assert api.get(address).json() == {}
    assert EntityType.objects.filter(name="Camera").count() == 1
    camera = make_asset(cast.project, kind="Camera", name="Cam")
    place(api, world)
    place(api, world, camera)
    assert list(api.get(address).json()) == [str(camera.pk)]


def test_the_generic_doors_of_instances(api, cast, world):
    instance = AssetInstance.objects.create(asset=world.hero, number=1, name="a")
    address = f"/data/asset-instances/{instance.pk}"
    assert api.by(cast.user).get(address).json()["shots"] == []
    assert api.by(cast.vendor).get(address).status_code == 403
    changed = api.by(cast.user).put(address, {"name": "b", "number": 7}).json()
    assert (changed["name"], changed["number"]) == ("b", 1)
    assert api.by(cast.manager).get("/data/asset-instances").status_code == 403
    instance.shots.add(world.shot)
    assert api.delete(address).status_code == 400
    instance.shots.clear()
    assert api.by(cast.user).delete(address).status_code == 403
    assert api.delete(address).status_code == 204
    made = api.post("/data/asset-instances", {"asset_id": str(world.hero.pk), "name": "c"})
    assert (made.status_code, made.json()["shots"]) == (201, [])


def test_shots_come_from_a_scene(api, cast, world):
    address = f"/data/scenes/{world.scene.pk}/shots"
    assert api.by(cast.vendor).post(address, {"shot_id": str(world.shot.pk)}).status_code == 403
    assert api.by(cast.user).post(address, {"shot_id": str(world.shot.pk)}).json()["source_id"] == str(world.scene.pk)
    assert [event.name for event in ApiEvent.objects.all()] == ["shot:update", "shot:add-to-scene"]
    row = api.get(address).json()[0]
    assert (row["name"], row["sequence_name"]) == ("SH010", "SQ01")
    assert api.delete(f"{address}/{world.shot.pk}").status_code == 204
    assert Entity.objects.get(pk=world.shot.pk).source_id is None
    assert api.post(address, {"shot_id": str(make_shot(make_project()).pk)}).status_code == 404
    assert api.by(cast.outsider).post(address, {"shot_id": str(world.shot.pk)}).status_code == 403


@pytest.mark.parametrize("kind", ["scenes", "shots"])
def test_instances_of_unknown_places(api, kind):
    assert api.get(f"/data/{kind}/{NOWHERE}/asset-instances").status_code == 404
