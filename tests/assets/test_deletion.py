"""Cancelling and deleting entities."""

import pytest

from assets.models import AssetInstance, Entity, EntityLink, EntityVersion
from core.signals import row_leaving
from events.models import ApiEvent
from tasks.models import Task
from tests.makers import make_asset, make_project, make_shot

CANCELABLE = [("assets", "hero"), ("shots", "shot"), ("edits", "edit"), ("concepts", "concept")]


def exists(entity):
    return Entity.objects.filter(pk=entity.pk).exists()


@pytest.mark.parametrize(("kind", "name"), CANCELABLE)
def test_work_is_canceled_and_deleted_by_force(api, cast, world, kind, name):
    entity = getattr(world, name)
    world.give_task(entity)
    for _ in range(2):
        answer = api.delete(f"/data/{kind}/{entity.pk}")
        assert (answer.status_code, answer.content, answer["Content-Type"]) == (204, b"", "text/html; charset=utf-8")
        assert Entity.objects.get(pk=entity.pk).canceled is True
    assert {event.name.split(":")[1] for event in ApiEvent.objects.all()} == {"update"}
    assert api.delete(f"/data/{kind}/{entity.pk}?force=true").status_code == 204
    assert not exists(entity)
    assert not Task.objects.filter(entity_id=entity.pk).exists()
    assert ApiEvent.objects.filter(name=f"{kind[:-1]}:delete").count() == 1


@pytest.mark.parametrize(("kind", "name"), CANCELABLE)
def test_what_has_no_task_is_deleted_at_once(api, cast, world, kind, name):
    assert api.delete(f"/data/{kind}/{getattr(world, name).pk}").status_code == 204
    assert not exists(getattr(world, name))


@pytest.mark.parametrize("kind", ["assets", "shots", "edits", "concepts", "sequences", "episodes", "scenes"])
def test_makers_and_managers_delete(api, cast, world, kind):
    entity = {"assets": world.hero, "shots": world.shot, "edits": world.edit, "concepts": world.concept}.get(kind)
    entity = entity or {"sequences": world.sequence, "episodes": world.episode, "scenes": world.scene}[kind]
    address = f"/data/{kind}/{entity.pk}?force=true"
    for role in ("supervisor", "user", "client", "vendor", "outsider"):
        assert api.by(cast.of(role)).delete(address).status_code == 403
    Entity.objects.filter(pk=entity.pk).update(created_by=cast.outsider.pk)
    assert api.by(cast.outsider).delete(address).status_code == 204
    assert not exists(entity)
    assert api.delete(address).status_code == 404


def test_places_that_hold_something_are_refused_without_force(api, cast, world):
    for kind, entity in (("sequence", world.sequence), ("episode", world.episode)):
        answer = api.delete(f"/data/{kind}s/{entity.pk}")
        assert (answer.status_code, answer.json()) == (
            400, {"error": True, "message": f"Some data are still linked to this {kind}."},
        )  # fmt: skip
    Entity.objects.filter(parent=world.sequence).delete()
    assert api.delete(f"/data/sequences/{world.sequence.pk}").status_code == 204
    assert [event.name for event in ApiEvent.objects.all()] == ["sequence:delete"]


def test_an_episode_takes_along_what_it_holds(api, cast, world):
    local = make_asset(cast.project, source=world.episode)
    world.give_task(world.shot)
    EntityVersion.objects.create(entity=world.shot, name="old")
    EntityLink.objects.create(entity_in=world.shot, entity_out=world.hero)
    AssetInstance.objects.create(asset=world.hero, scene=world.scene, number=1)
    assert api.delete(f"/data/episodes/{world.episode.pk}?force=true").status_code == 204
    for gone in (world.episode, world.sequence, world.shot, world.scene, local):
        assert not exists(gone)
    assert exists(world.hero)
    assert Entity.objects.get(pk=world.edit.pk).parent_id is None
    assert ApiEvent.objects.filter(name="shot:delete").count() == 2


def test_a_deleted_asset_leaves_counts_behind_that_fit(api, cast, world):
    casting = [{"asset_id": str(world.hero.pk), "nb_occurences": 1}]
    api.put(f"/data/projects/{cast.project.pk}/entities/{world.shot.pk}/casting", casting)
    AssetInstance.objects.create(asset=world.hero, scene=world.scene, number=1)
    assert api.delete(f"/data/assets/{world.hero.pk}?force=true").status_code == 204
    assert Entity.objects.get(pk=world.shot.pk).nb_entities_out == 0
    assert AssetInstance.objects.count() == 0


def test_a_scene_in_use_is_canceled(api, cast, world):
    AssetInstance.objects.create(asset=world.hero, scene=world.scene, number=1)
    assert api.delete(f"/data/scenes/{world.scene.pk}").status_code == 204
    assert Entity.objects.get(pk=world.scene.pk).canceled is True
    assert [event.name for event in ApiEvent.objects.all()] == ["scene:delete"]


def test_a_failure_on_the_way_leaves_everything(api, cast, world):
    def fail(sender, instance, **kwargs):
        if instance.pk == world.shot.pk:
            raise ValueError("no")

    row_leaving.connect(fail)
    try:
        with pytest.raises(ValueError, match="no"):
            from assets.rules.deletion import remove_entity

            remove_entity(world.sequence.pk, force=True, by=cast.admin)
    finally:
        row_leaving.disconnect(fail)
    assert exists(world.sequence) and exists(world.other_shot)
    assert ApiEvent.objects.count() == 0


def test_many_are_deleted_in_one_step(api, cast, world):
    world.give_task(world.shot)
    foreign = make_shot(make_project())
    address = f"/actions/projects/{cast.project.pk}/delete-entities"
    ids = [str(entity.pk) for entity in (world.shot, world.hero, world.sequence, foreign, world.concept)]
    handled = [ids[0], ids[1], ids[4]]
    assert api.by(cast.manager).post(address, ids).json() == handled
    assert Entity.objects.get(pk=world.shot.pk).canceled is True
    assert api.post(address, ids[:1]).json() == ids[:1]
    assert not exists(world.shot)
    assert api.by(cast.user).post(address, [str(world.sword.pk)]).status_code == 403
    assert api.post(address, {}).json()["message"] == "Request body must be a JSON array."
    assert api.post(address, ["x"]).json()["message"] == "Request body must only contain valid UUIDs."
    assert api.post("/actions/projects/aaaaaaaa-0000-4000-8000-000000000000/delete-entities", []).status_code == 404


def test_the_generic_door_deletes_what_nothing_refers_to(api, cast, world):
    EntityLink.objects.create(entity_in=world.shot, entity_out=world.hero)
    world.concept.entity_concept_links.add(world.hero)
    assert api.by(cast.user).delete(f"/data/entities/{world.hero.pk}").status_code == 403
    assert api.delete(f"/data/entities/{world.hero.pk}").status_code == 204
    assert EntityLink.objects.count() == 0
    assert ApiEvent.objects.get().data == {"asset_id": str(world.hero.pk), "project_id": str(cast.project.pk)}
    refused = api.delete(f"/data/entities/{world.sequence.pk}")
    assert (refused.status_code, refused.json()) == (
        400, {"message": "The change conflicts with records referencing this one."},
    )  # fmt: skip
    EntityVersion.objects.create(entity=world.shot, name="old")
    assert api.delete(f"/data/entities/{world.shot.pk}").status_code == 400


def test_a_production_takes_along_its_entities(api, cast, world):
    from production.rules.projects import delete_project

    world.give_task(world.shot)
    EntityLink.objects.create(entity_in=world.shot, entity_out=world.hero)
    AssetInstance.objects.create(asset=world.hero, scene=world.scene, number=1)
    foreign = make_shot(make_project())
    cast.project.project_status = None
    cast.project.save()
    delete_project(cast.project, force=True, by=cast.admin)
    assert set(Entity.objects.filter(entity_type__name="Shot")) == {foreign}
