"""Casting: replacing, adding, reading, and what follows for counts and episodes."""

import pytest

from assets.models import Entity, EntityLink
from events.models import ApiEvent
from tests.makers import make_asset, make_entity, make_project, make_shot

NOWHERE = "aaaaaaaa-0000-4000-8000-000000000000"


def entry(asset, count=1, **more):
    return {"asset_id": str(asset.pk), "nb_occurences": count, **more}


def cast_in(api, entity, *entries):
    answer = api.put(f"/data/projects/{entity.project_id}/entities/{entity.pk}/casting", list(entries))
    assert answer.status_code == 200, answer.content
    return answer.json()


def events():
    return [(event.name, event.data) for event in ApiEvent.objects.order_by("created_at", "id")]


def test_a_shots_casting_is_replaced_and_told_in_order(api, cast, world):
    assert cast_in(api, world.shot, entry(world.hero, 2, label="animate")) == [entry(world.hero, 2, label="animate")]
    read = api.get(f"/data/projects/{cast.project.pk}/entities/{world.shot.pk}/casting").json()
    assert read == [
        {
            "asset_id": str(world.hero.pk), "asset_name": "Hero", "asset_type_name": "Character", "ready_for": None,
            "episode_id": None, "preview_file_id": None, "nb_occurences": 2, "label": "animate", "is_shared": False,
            "project_id": str(cast.project.pk),
        }
    ]  # fmt: skip
    told = events()
    assert [name for name, _ in told] == ["asset:update", "entity-link:new", "shot:casting-update"]
    assert told[1][1]["nb_occurences"] == 2
    assert told[2][1] == {
        "shot_id": str(world.shot.pk), "nb_entities_out": 1, "added_asset_ids": [str(world.hero.pk)], "removed_asset_ids": [],
        "project_id": str(cast.project.pk),
    }  # fmt: skip


def test_what_shots_cast_their_episode_casts_until_none_does(api, cast, world):
    cast_in(api, world.shot, entry(world.hero))
    cast_in(api, world.other_shot, entry(world.hero), entry(world.sword))
    automatic = EntityLink.objects.filter(entity_in=world.episode)
    assert {link.entity_out_id: link.data for link in automatic} == {
        world.hero.pk: {"auto": True}, world.sword.pk: {"auto": True},
    }  # fmt: skip
    cast_in(api, world.other_shot)
    assert [link.entity_out_id for link in automatic.all()] == [world.hero.pk]
    world.episode.refresh_from_db()
    assert world.episode.nb_entities_out == 1
    cast_in(api, world.episode, entry(world.hero))
    cast_in(api, world.shot)
    assert automatic.all().count() == 1


def test_what_an_episode_drops_its_shots_drop(api, cast, world):
    cast_in(api, world.shot, entry(world.hero), entry(world.sword))
    ApiEvent.objects.all().delete()
    cast_in(api, world.episode, entry(world.sword))
    assert list(EntityLink.objects.filter(entity_in=world.shot).values_list("entity_out_id", flat=True)) == [world.sword.pk]
    told = [data["removed_asset_ids"] for name, data in events() if name == "shot:casting-update"]
    assert told == [[], [str(world.hero.pk)]]
    assert events()[-1][0] == "asset:update"


def test_incomplete_entries_are_left_out_and_wrong_ones_refused(api, cast, world):
    cast_in(api, world.shot, entry(world.hero))
    address = f"/data/projects/{cast.project.pk}/entities/{world.shot.pk}/casting"
    assert (
        api.put(
            address, [{"asset_id": str(world.hero.pk)}, entry(world.sword, 0), {**entry(world.sword), "asset_id": NOWHERE}]
        ).status_code
        == 200
    )
    assert list(EntityLink.objects.filter(entity_in=world.shot).values_list("entity_out_id", "nb_occurences")) == [
        (world.sword.pk, 0)
    ]
    for wrong in (
        [{"asset_id": "abc", "nb_occurences": 1}],
        [entry(world.hero, "many")],
        ["text"],
        [entry(world.hero, 1, label=3)],
    ):
        assert api.put(address, wrong).status_code == 400
    assert EntityLink.objects.filter(entity_in=world.shot).count() == 1
    answer = api.put(address, {})
    assert (answer.status_code, answer.json()) == (400, {"error": True, "message": "Request body must be a JSON array"})


def test_castings_are_for_managers_of_the_production(api, cast, world):
    address = f"/data/projects/{cast.project.pk}/entities/{world.shot.pk}/casting"
    for role in ("supervisor", "user", "client", "vendor"):
        assert api.by(cast.of(role)).put(address, []).status_code == 403
        assert api.by(cast.of(role)).get(address).status_code == (403 if role == "vendor" else 200)
    foreign = make_shot(make_project())
    assert api.put(f"/data/projects/{cast.project.pk}/entities/{foreign.pk}/casting", []).status_code == 403
    assert api.put(f"/data/projects/{cast.project.pk}/entities/{NOWHERE}/casting", []).status_code == 404


def test_a_manager_casts_no_secret_asset_of_others(api, cast, world):
    secret, shared = make_asset(make_project()), make_asset(make_project(), is_shared=True)
    cast_in(api.by(cast.manager), world.shot, entry(secret), entry(shared))
    assert list(EntityLink.objects.filter(entity_in=world.shot).values_list("entity_out_id", flat=True)) == [shared.pk]


def test_several_castings_at_once(api, cast, world):
    body = {str(world.shot.pk): [entry(world.hero)], str(world.other_shot.pk): [entry(world.sword)]}
    address = f"/data/projects/{cast.project.pk}/entities/casting"
    assert api.put(address, body).json() == body
    assert EntityLink.objects.filter(entity_in__in=[world.shot, world.other_shot]).count() == 2
    assert api.put(address, {NOWHERE: []}).status_code == 404
    assert api.put(address, []).json()["message"].startswith("Request body must be a JSON object")


def test_one_asset_is_cast_in_several_entities(api, cast, world):
    address = f"/data/projects/{cast.project.pk}/entities/casting/assets/{world.hero.pk}"
    ids = [str(world.shot.pk), str(world.other_shot.pk)]
    answer = api.put(address, {"entity_ids": ids, "nb_occurences": 3, "label": "a"}).json()
    assert {pk: entries[0]["nb_occurences"] for pk, entries in answer.items()} == dict.fromkeys(ids, 3)
    kept = api.put(address, {"entity_ids": ids[:1], "nb_occurences": 4}).json()[ids[0]][0]
    assert (kept["nb_occurences"], kept["label"]) == (4, "a")
    assert events()[-2][0] == "entity-link:update"
    assert api.put(address, {"entity_ids": ids[:1], "nb_occurences": 0}).json() == {ids[0]: []}
    assert api.put(address, {"entity_ids": []}).status_code == 400
    assert api.put(address.replace(str(world.hero.pk), str(world.shot.pk)), {"entity_ids": ids}).status_code == 404


def test_an_assets_own_casting(api, cast, world):
    address = f"/data/assets/{world.hero.pk}/casting"
    assert api.put(address, [{"asset_id": str(world.sword.pk)}]).json() == [entry(world.sword, 1, label="")]
    assert [row["asset_name"] for row in api.by(cast.user).get(address).json()] == ["Sword"]
    assert [row["name"] for row in api.get(f"/data/assets/{world.hero.pk}/assets").json()] == ["Sword"]
    fault = api.put(address, [{}]).json()["data"]["errors"][0]
    assert fault == {"field": "0.asset_id", "message": "Field required"}
    assert [row["asset_name"] for row in api.get(f"/data/assets/{world.sword.pk}/cast-in").json()] == ["Hero"]


def test_castings_of_whole_productions(api, cast, world):
    cast_in(api, world.shot, entry(world.hero), entry(world.sword))
    base = f"/data/projects/{cast.project.pk}"
    for address in (f"sequences/{world.sequence.pk}", "sequences/all", f"episodes/{world.episode.pk}/sequences/all"):
        found = api.get(f"{base}/{address}/casting").json()
        assert [row["name"] for row in found[str(world.shot.pk)]] == ["Hero", "Sword"]
        assert found[str(world.shot.pk)][0]["sequence_name"] == "SQ01"
    everything = api.get(f"{base}/episodes/casting").json()
    assert set(everything) == {str(world.shot.pk), str(world.episode.pk)}
    assert "sequence_name" not in everything[str(world.shot.pk)][0]
    assert api.get(f"{base}/episodes/main/sequences/all/casting").json() == {}
    assert api.get(f"{base}/asset-types/{world.hero.entity_type_id}/casting").json() == {}
    assert api.get(f"{base}/asset-types/{world.shot.entity_type_id}/casting").status_code == 404
    cast_in_row = api.get(f"/data/assets/{world.hero.pk}/cast-in").json()[0]
    assert (cast_in_row["shot_name"], cast_in_row["episode_name"], cast_in_row["sequence_name"]) == ("SH010", "E01", "SQ01")


def test_canceled_assets_leave_castings_and_counts(api, cast, world):
    world.give_task(world.hero)
    cast_in(api, world.shot, entry(world.hero), entry(world.sword))
    assert api.delete(f"/data/assets/{world.hero.pk}").status_code == 204
    assert Entity.objects.get(pk=world.shot.pk).nb_entities_out == 1
    casting = api.get(f"/data/projects/{cast.project.pk}/entities/{world.shot.pk}/casting").json()
    assert [row["asset_name"] for row in casting] == ["Sword"]
    assert len(api.get(f"/data/shots/{world.shot.pk}/assets").json()) == 2
    assert len(api.get(f"/data/shots/{world.shot.pk}/asset-types").json()) == 2


def test_links_of_a_production_in_three_forms(api, cast, world):
    cast_in(api, world.scene, entry(world.hero), entry(world.sword))
    address = f"/data/projects/{cast.project.pk}/entity-links"
    rows = api.by(cast.manager).get(address).json()
    assert len(rows) == 2
    assert len(rows[0]["created_at"]) == len("2026-11-23T15:47:37.857818")
    assert "updated_at" not in rows[0]
    assert len(api.get(f"{address}?limit=1").json()) == 1
    page = api.get(f"{address}?page=1&limit=1").json()
    assert (page["total"], len(page["data"]), len(page["data"][0]["created_at"])) == (2, 1, 19)
    after = api.get(f"{address}?cursor_created_at={rows[-1]['created_at']}").json()
    assert after == {"data": [], "total": 2, "limit": 100}
    older = api.get(f"{address}?cursor_created_at=2000-01-01T00:00:00").json()
    assert older["total"] == 2 and {len(row[name]) for row in older["data"] for name in ("created_at", "updated_at")} == {26}
    assert api.get(f"{address}?page=0").json() == api.get(f"{address}?page=-1").json() == rows
    assert api.by(cast.supervisor).get(address).status_code == 403


def test_one_link_is_removed(api, cast, world):
    cast_in(api, world.shot, entry(world.hero))
    link = EntityLink.objects.get(entity_in=world.shot)
    address = f"/data/projects/{cast.project.pk}/entity-links/{link.pk}"
    assert api.by(cast.user).delete(address).status_code == 403
    assert api.delete(address).json()["id"] == str(link.pk)
    assert EntityLink.objects.count() == 0
    assert api.delete(address).status_code == 404
    foreign = make_entity("Scene", make_project())
    other = EntityLink.objects.create(entity_in=foreign, entity_out=world.hero)
    assert api.delete(f"/data/projects/{cast.project.pk}/entity-links/{other.pk}").status_code == 403


def test_the_generic_doors_of_links_are_for_admins(api, cast, world):
    body = {"entity_in_id": str(world.shot.pk), "entity_out_id": str(world.hero.pk)}
    assert api.post("/data/entity-links", body).status_code == 201
    assert api.post("/data/entity-links", body).json() == {"message": "A record with the same unique values already exists."}
    assert api.by(cast.manager).get("/data/entity-links").status_code == 403
    assert api.by(cast.manager).post("/data/entity-links", body).status_code == 403


@pytest.mark.parametrize("address", ["sequences/all/casting", "episodes/casting"])
def test_castings_cost_constant_statements(api, cast, world, address, django_assert_num_queries):
    for shot in (world.shot, world.other_shot):
        cast_in(api, shot, entry(world.hero), entry(world.sword))
        with django_assert_num_queries(2):
            api.get(f"/data/projects/{cast.project.pk}/{address}")
