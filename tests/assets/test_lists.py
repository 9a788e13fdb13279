"""Lists and single reads of entities: criteria, order, and who sees what."""

import json

import pytest

from production.models import MetadataDescriptor
from tests.makers import join_team, make_asset, make_department, make_entity, make_person, make_project, make_shot

NOWHERE = "aaaaaaaa-0000-4000-8000-000000000000"
LISTS = ["assets", "shots", "sequences", "episodes", "scenes/all", "edits", "concepts"]


def names(answer):
    assert answer.status_code == 200, answer.content
    return [row["name"] for row in answer.json()]


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("assets", ["Hero", "Sword"]),
        ("shots", ["sh005", "SH010"]),
        ("sequences", ["SQ01"]),
        ("episodes", ["E01"]),
        ("scenes/all", ["SC01"]),
        ("edits", ["Reel 1"]),
        ("concepts", ["Sketch"]),
    ],
)
def test_each_kind_lists_its_own(api, cast, world, kind, found):
    make_shot(make_project())
    answer = api.get(f"/data/{kind}?project_id={cast.project.pk}&page=2&limit=1&foo=bar")
    assert (sorted(names(answer)) if kind == "assets" else names(answer)) == found
    assert {row["type"] for row in answer.json()} == {kind.split("/")[0].removesuffix("s").capitalize()}


def test_shots_come_with_the_names_around_them(api, cast, world):
    make_shot(cast.project, parent=None, name="Stray")
    row = api.get(f"/data/shots/all?project_id={cast.project.pk}&name=SH01_").json()[0]
    assert (row["name"], row["project_name"], row["sequence_name"]) == ("SH010", "The Lantern", "SQ01")
    assert names(api.get(f"/data/projects/{cast.project.pk}/shots")) in (["SH010", "Stray", "sh005"], ["sh005", "SH010", "Stray"])
    assert names(api.get(f"/data/shots?sequence_id={world.sequence.pk}")) == ["sh005", "SH010"]
    assert names(api.get(f"/data/sequences/{world.sequence.pk}/shots?name=sh%25")) == ["sh005", "SH010"]
    assert len(names(api.get(f"/data/episodes/{world.episode.pk}/shots"))) == 2
    assert "entities_out" in api.get(f"/data/episodes/{world.episode.pk}/shots?relations=true").json()[0]
    assert api.get(f"/data/shots?sequence_id={NOWHERE}").status_code == 404


def test_criteria_are_checked(api, cast, world):
    of = f"project_id={cast.project.pk}"
    assert len(names(api.get(f'/data/shots?{of}&id=["{world.shot.pk}"]'))) == 1
    assert names(api.get(f"/data/shots?{of}&nb_frames=11")) == ["SH010"]
    assert len(names(api.get(f"/data/shots?{of}&entity_type_id={world.hero.entity_type_id}"))) == 2
    assert names(api.get(f"/data/assets?{of}&entity_type_id={world.hero.entity_type_id}")) == ["Hero"]
    wrong = api.get(f"/data/shots?{of}&nb_frames=x")
    assert (wrong.status_code, wrong.json()["message"]) == (400, "One of the ID sent in parameter is not properly formatted.")
    assert api.get(f"/data/shots?{of}&canceled=maybe").json()["message"] == "Invalid boolean value: maybe"
    assert api.get(f"/data/shots?{of}&id=abc").json()["message"] == "Invalid UUID value: abc"


def test_assets_of_an_episode_are_its_own_and_those_cast_in_it(api, cast, world):
    make_asset(cast.project, name="Local", source=world.episode)
    api.put(
        f"/data/projects/{cast.project.pk}/entities/{world.episode.pk}/casting",
        [{"asset_id": str(world.hero.pk), "nb_occurences": 1}],
    )
    assert sorted(names(api.get(f"/data/assets?episode_id={world.episode.pk}"))) == ["Hero", "Local"]
    assert names(api.get(f"/data/assets?source_id={world.episode.pk}")) == ["Local"]
    of_type = f"/data/projects/{cast.project.pk}/asset-types/{world.sword.entity_type_id}/assets"
    assert names(api.get(of_type)) == ["Sword"]
    assert len(names(api.get(f"/data/projects/{cast.project.pk}/assets"))) == 3


@pytest.mark.parametrize("kind", LISTS)
def test_lists_ask_for_the_team(api, cast, world, kind):
    somebody = api.by(cast.outsider)
    assert somebody.get(f"/data/{kind}?project_id={cast.project.pk}").status_code == 403
    assert somebody.get(f"/data/{kind}?project_id={NOWHERE}").status_code == 404
    everywhere = api.by(cast.manager).get(f"/data/{kind}")
    assert everywhere.status_code == (200 if kind == "assets" else 403)
    assert api.get(f"/data/{kind}?project_id={NOWHERE}").json() == []


@pytest.mark.parametrize("kind", ["assets", "shots", "sequences", "episodes", "scenes", "edits", "concepts"])
def test_a_production_lists_its_entities(api, cast, world, kind):
    address = f"/data/projects/{cast.project.pk}/{kind}"
    assert len(names(api.by(cast.user).get(address))) in (1, 2)
    assert api.by(cast.outsider).get(address).status_code == 403
    assert api.by(cast.outsider).get(f"/data/projects/{NOWHERE}/{kind}").status_code == 404
    malformed = api.get(f"/data/projects/abc/{kind}")
    assert malformed.status_code == (400 if kind == "assets" else 404)
    assert api.by(cast.user).get(f"/data/projects/abc/{kind}").status_code == 404


def test_lists_of_assets_name_a_malformed_id_and_take_several_productions(api, cast, world):
    other = make_project()
    make_asset(other, name="Boat")
    types = f"/data/projects/{cast.project.pk}/asset-types"
    refused = ["/data/assets?project_id=abc", "/data/projects/abc/assets", "/data/projects/abc/asset-types", f"{types}/abc/assets"]
    for address in refused:
        answer = api.get(address)
        assert (answer.status_code, answer.json()["message"]) == (400, "Invalid UUID value: abc")
    assert api.by(cast.user).get("/data/assets?project_id=abc").status_code == 404
    both = json.dumps([str(cast.project.pk), str(other.pk)])
    assert sorted(names(api.get(f"/data/assets?project_id={both}"))) == ["Boat", "Hero", "Sword"]
    assert api.by(cast.user).get(f"/data/assets?project_id={both}").status_code == 404


def test_vendors_see_what_is_theirs_without_metadata_of_others(api, cast, world):
    MetadataDescriptor.objects.create(
        project=cast.project, entity_type="Shot", name="Secret", field_name="fps", data_type="number"
    ).departments.set([make_department()])
    world.give_task(world.shot, cast.vendor)
    vendor = api.by(cast.vendor)
    for address in (f"/data/shots?project_id={cast.project.pk}", f"/data/projects/{cast.project.pk}/shots"):
        row = vendor.get(address).json()[0]
        assert (row["name"], row["data"]) == ("SH010", {"frame_in": 10, "frame_out": 20})
    assert names(vendor.get(f"/data/sequences?project_id={cast.project.pk}")) == ["SQ01"]
    assert names(vendor.get(f"/data/projects/{cast.project.pk}/episodes")) == ["E01"]
    for address in ("sequences", "episodes"):
        assert vendor.get(f"/data/projects/{cast.project.pk}/{address}").json()[0]["type"] == "Entity"
    assert names(vendor.get("/data/assets")) == []
    assert vendor.get(f"/data/scenes/all?project_id={cast.project.pk}").status_code == 403
    assert vendor.get(f"/data/shots/{world.shot.pk}").status_code == 200
    assert vendor.get(f"/data/shots/{world.other_shot.pk}").status_code == 403
    assert [row["name"] for row in vendor.get("/data/entities").json()] == ["SH010"]


@pytest.mark.parametrize(("role", "status"), [("user", 200), ("client", 403), ("vendor", 403)])
def test_concepts_are_for_insiders(api, cast, world, role, status):
    somebody = api.by(cast.of(role))
    assert somebody.get(f"/data/concepts?project_id={cast.project.pk}").status_code == status
    assert somebody.get(f"/data/projects/{cast.project.pk}/concept-folders").status_code == status


def test_single_entities_are_whole(api, cast, world):
    task = world.give_task(world.shot, cast.user)
    shot = api.get(f"/data/shots/{world.shot.pk}").json()
    assert (shot["sequence_name"], shot["preview_file_id"], shot["type"]) == ("SQ01", None, "Shot")
    assert shot["tasks"][0]["id"] == str(task.pk)
    assert {"entities_out", "entities_in", "instance_casting", "created_by", "ready_for", "status"} <= set(shot)
    asset = api.get(f"/data/assets/{world.hero.pk}").json()
    assert (asset["asset_type_name"], asset["ready_for"], asset["episode_id"], asset["preview_file_id"]) == (
        "Character",
        "None",
        "",
        "",
    )
    assert not {"source_id", "nb_frames"} & set(asset)
    assert api.get(f"/data/edits/{world.edit.pk}").json()["type"] == "Edit"
    concept = api.get(f"/data/concepts/{world.concept.pk}").json()
    assert concept["entity_concept_links"] == [] and concept["entities_in"] == []
    sequence = api.get(f"/data/sequences/{world.sequence.pk}").json()
    assert (sequence["episode_name"], sequence["episode_id"]) == ("E01", str(world.episode.pk))
    scene = api.get(f"/data/scenes/{world.scene.pk}").json()
    assert (scene["sequence_name"], scene["episode_name"]) == ("SQ01", "E01")
    lone = make_entity("Sequence", cast.project)
    assert "episode_id" not in api.get(f"/data/sequences/{lone.pk}").json()
    assert api.get(f"/data/episodes/{world.episode.pk}").json()["project_name"] == "The Lantern"


def test_entities_of_another_kind_are_not_found(api, cast, world):
    stray = make_shot(cast.project, parent=None)
    for address in (f"shots/{stray.pk}", f"shots/{world.hero.pk}", f"assets/{world.shot.pk}", "assets/abc", f"edits/{NOWHERE}"):
        assert api.get(f"/data/{address}").status_code == 404
    assert api.get("/data/episodes/abc/sequences").json() == []
    assert api.get("/data/entities/abc").json()["message"] == "Malformed ID."


def test_a_client_reads_blanks_and_leaves_no_trace_for_others(api, cast, world):
    world.give_task(world.shot, cast.user, estimation=960)
    address = f"/data/shots/{world.shot.pk}"
    assert api.by(cast.client).get(address).json()["tasks"][0]["estimation"] == 0
    assert api.by(cast.user).get(address).json()["tasks"][0]["estimation"] == 960


def test_entities_of_all_kinds_in_one_list(api, cast, world):
    rows = {row["name"]: row["type"] for row in api.get("/data/entities").json()}
    assert (rows["Hero"], rows["SH010"], rows["Folder"]) == ("Asset", "Shot", "ConceptFolder")
    page = api.get("/data/entities?page=1&limit=2&relations=true&fields=name,entities_out").json()
    assert (page["total"], [set(row) for row in page["data"]]) == (10, [{"id", "type", "name", "entities_out"}] * 2)
    closed = make_project()
    closed.project_status = None
    closed.save()
    person = make_person(role="user")
    join_team(closed, person)
    make_shot(closed)
    assert api.by(person).get("/data/entities").json() == []
    assert len(api.by(cast.user).get("/data/entities").json()) == 10
    one = api.by(cast.client).get(f"/data/entities/{world.concept.pk}").json()
    assert (one["type"], one["entity_concept_links"]) == ("Concept", [])


def test_asset_types_are_entity_types_that_are_not_temporal(api, anonymous, cast, world):
    assert {"Character", "Prop"} <= set(names(api.by(cast.user).get("/data/asset-types")))
    assert "Shot" not in names(api.get("/data/asset-types"))
    assert api.get(f"/data/asset-types?project_id={cast.project.pk}&name=prop").json()[0]["task_types"] == []
    row = api.get(f"/data/asset-types/{world.hero.entity_type_id}").json()
    assert (row["type"], row["name"]) == ("AssetType", "Character")
    assert api.get(f"/data/asset-types/{world.shot.entity_type_id}").status_code == 404
    assert [who.get("/data/asset-types/abc").status_code for who in (api, anonymous)] == [404, 401]
    mine = api.by(cast.user).get(f"/data/projects/{cast.project.pk}/asset-types").json()
    assert sorted(row["name"] for row in mine) == ["Character", "Prop"]
    assert api.by(cast.outsider).get(f"/data/projects/{cast.project.pk}/asset-types").status_code == 403
    assert api.get("/data/asset-types?project_id=abc").status_code == 400


def test_my_entities_carry_my_tasks(api, cast, world):
    world.give_task(world.shot, cast.user)
    world.give_task(world.hero, cast.user)
    me = api.by(cast.user)
    assert names(me.get(f"/data/user/sequences/{world.sequence.pk}/shots")) == ["SH010"]
    assert names(me.get(f"/data/user/sequences/{world.sequence.pk}/scenes")) == []
    assert names(me.get(f"/data/user/projects/{cast.project.pk}/sequences")) == ["SQ01"]
    assert names(me.get(f"/data/user/projects/{cast.project.pk}/episodes")) == ["E01"]
    assert names(me.get(f"/data/user/projects/{cast.project.pk}/asset-types")) == ["Character"]
    assert names(me.get(f"/data/user/projects/{cast.project.pk}/asset-types/{world.hero.entity_type_id}/assets")) == ["Hero"]
    assert names(api.by(cast.vendor).get(f"/data/user/projects/{cast.project.pk}/sequences")) == []
    assert me.get(f"/data/user/projects/{NOWHERE}/sequences").status_code == 404


@pytest.mark.parametrize("kind", LISTS)
def test_lists_cost_constant_statements(api, cast, world, kind, django_assert_num_queries):
    somebody = api.by(cast.user)
    for _ in range(2):
        make_shot(cast.project, parent=world.sequence)
        with django_assert_num_queries(2):
            api.get(f"/data/{kind}?project_id={cast.project.pk}")
        with django_assert_num_queries(3):
            somebody.get(f"/data/{kind}?project_id={cast.project.pk}")


@pytest.mark.parametrize(
    ("kind", "statements"), [("shot", 4), ("hero", 5), ("sequence", 3), ("scene", 3), ("edit", 3), ("concept", 4)]
)
def test_single_reads_cost_few_statements(api, cast, world, kind, statements, django_assert_num_queries):
    place = {"hero": "assets"}.get(kind, f"{kind}s")
    with django_assert_num_queries(statements):
        api.get(f"/data/{place}/{getattr(world, kind).pk}")
