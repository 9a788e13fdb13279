"""Searching assets, shots and people by words."""

import pytest
from django.core.management import call_command
from django.db import connection

from assets.models import Entity, SearchDocument
from assets.search import index
from assets.search.words import words_of
from people.models import Person
from production.models import EntityType, MetadataDescriptor, Project, ProjectStatus
from tests.makers import join_team, make_asset, make_department, make_entity, make_person, make_project, make_sequence, make_shot

ALL = ["assets", "shots", "persons"]


def search(api, query, **more):
    answer = api.post("/data/search", {"query": query, **more})
    assert answer.status_code == 200, answer.content
    return answer.json()


def names(api, query, index_name="assets", **more):
    return [row["name"] for row in search(api, query, **{"index_names": [index_name], "limit": 50, **more})[index_name]]


@pytest.fixture
def keeper(cast):
    return make_asset(cast.project, name="Keeper", description="Tends the lamp", data={"colour": "Crimson", "fps": 25, "old": True})


@pytest.fixture
def shot(cast):
    episode = make_entity("Episode", cast.project, name="E01")
    sequence = make_sequence(cast.project, name="SQ_Harbour", parent=episode)
    return make_shot(cast.project, name="SH-010", parent=sequence, data={"fps": "quick", "lens": "Wide", "frame_in": 4711})


@pytest.mark.parametrize(
    "query",
    [
        "keeper",
        "KEEPER",
        "kee",
        "keep",
        "keper",
        "keepr",
        "keeepr",
        "keepre",
        "leeper",
        "kepeer",
        "character keeper",
        "keeper lamp",
    ],
)
def test_an_asset_is_found_by_its_beginning_and_in_spite_of_a_slip(api, keeper, query):
    assert names(api, query) == ["Keeper"]


@pytest.mark.parametrize("query", ["xyz", "kxxper", "eeper lamp boat", "eep", "25 keeper", "true keeper", "---", "4711"])
def test_what_does_not_find_it(api, keeper, query):
    expected = ["Keeper"] if query == "25 keeper" else []
    assert names(api, query) == expected


def test_an_asset_is_shown_with_the_names_around_it(api, keeper, cast):
    row = search(api, "crimson")["assets"][0]
    assert (row["project_name"], row["asset_type_name"], row["type"]) == ("The Lantern", "Character", "Asset")
    assert (row["preview_file_extension"], row["matched_terms"]) == (None, ["colour"])
    assert search(api, "tends keepr")["assets"][0]["matched_terms"] == ["name", "description"]


@pytest.mark.parametrize("query", ["sh-010", "010", "harbour", "harbur", "e01 sh", "wide", "sq_harbour 010", "SH_010"])
def test_a_shot_is_found_by_its_place_and_metadata(api, shot, query):
    row = search(api, query)["shots"][0]
    assert (row["name"], row["sequence_name"], row["episode"]) == ("SH-010", "SQ_Harbour", "E01")
    assert (row["episode_id"], row["type"]) == (str(shot.parent.parent_id), "Shot")


@pytest.mark.parametrize("query", ["quick", "4711", "shot", "sh-011", "sh-01x"])
def test_what_finds_no_shot(api, shot, query):
    assert names(api, query, "shots") == []


def test_a_shot_without_an_episode_has_no_fields_for_one(api, cast):
    make_shot(cast.project, name="Lonely")
    row = search(api, "lonely")["shots"][0]
    assert not {"episode", "episode_id"} & set(row)


def test_people_are_found_by_their_names(api, cast):
    make_person(first_name="Margaret", last_name="Hamilton", active=False)
    make_person(first_name="Margaret", last_name="Guest", is_guest=True)
    margaret = make_person(first_name="Margaret", last_name="Keane", email="mk@studio.example")
    found = search(api, "margret")["persons"]
    assert [(row["full_name"], row["email"], row["matched_terms"]) for row in found] == [
        ("Margaret Keane", "mk@studio.example", ["name"])
    ]
    assert "email" not in search(api.by(cast.user), "keane")["persons"][0]
    assert search(api.by(cast.client), "keane")["persons"] == []
    join_team(cast.project, margaret)
    assert set(search(api.by(cast.client), "keane")["persons"][0]) >= {"first_name", "last_name", "matched_terms"}
    assert not {"email", "phone", "departments"} & set(search(api.by(cast.client), "keane")["persons"][0])


def test_the_best_comes_first_then_the_alphabet(api, cast):
    for name in ("Lanterns", "Bright lantern", "Lantern", "Lantorn", "A lantern"):
        make_asset(cast.project, name=name)
    make_asset(cast.project, name="Boat", description="with a lantern")
    assert names(api, "lantern") == ["A lantern", "Bright lantern", "Lantern", "Lanterns", "Lantorn", "Boat"]
    assert names(api, "lantern", limit=2, offset=1) == ["Bright lantern", "Lantern"]
    assert len(search(api, "lantern")["assets"]) == 3
    assert names(api, "lantern", offset=2**63 - 1) == []


def test_only_the_indexes_asked_for_are_answered(api, keeper):
    assert list(search(api, "keeper")) == ALL
    assert search(api, "keeper", index_names=["persons", "boats", "persons"]) == {"persons": []}
    assert search(api, "ke") == search(api, "keeper", index_names=["boats"]) == {}


@pytest.mark.parametrize(
    ("body", "field", "message"),
    [
        ({}, "query", "Field required"),
        ({"query": "abc", "limit": 0}, "limit", "Input should be greater than or equal to 1"),
        ({"query": "abc", "offset": -1}, "offset", "Input should be greater than or equal to 0"),
        ({"query": "abc", "project_id": "x"}, "project_id", "Input should be a valid UUID, invalid character: found `x` at 1"),
    ],
)
def test_malformed_questions(api, body, field, message):
    answer = api.post("/data/search", body)
    assert (answer.status_code, answer.json()["data"]["errors"]) == (400, [{"field": field, "message": message}])


@pytest.mark.parametrize(
    "query", ["a\"b' OR *", "%%%", "(((", "NEAR(x y)", "ü" * 300, "x " * 5000, "\\d+\\", "[[:alpha:]]", "🙂🙂🙂"]
)
def test_no_question_breaks_the_search(api, keeper, query):
    assert search(api, query)["assets"] == []


def test_everybody_finds_what_they_may_see(api, cast, keeper):
    other = make_project()
    make_asset(other, name="Keeper of secrets")
    assert names(api, "keeper") == ["Keeper", "Keeper of secrets"]
    for role in ("manager", "supervisor", "user", "client"):
        assert names(api.by(cast.of(role)), "keeper") == names(api.by(cast.of(role)), "keper") == ["Keeper"]
    assert names(api.by(cast.vendor), "keeper") == names(api.by(cast.outsider), "keeper") == []
    assert names(api, "keeper", project_id=str(other.pk)) == ["Keeper of secrets"]
    assert names(api.by(cast.user), "keeper", project_id=str(other.pk)) == []
    Project.objects.filter(pk=cast.project.pk).update(project_status=ProjectStatus.objects.create(name="Closed", color="#000000"))
    assert names(api, "keeper", project_id=str(cast.project.pk)) == names(api.by(cast.user), "keeper") == []
    assert api.by(None).post("/data/search", {"query": "keeper"}).status_code == 401


def test_a_vendor_finds_their_own_work_without_what_is_hidden_from_them(api, cast, world):
    Entity.objects.filter(pk=world.hero.pk).update(data={"secret": "Crimson", "open": "Azure"})
    world.give_task(world.hero, cast.vendor)
    vendor = api.by(cast.vendor)
    assert names(vendor, "crimson") == ["Hero"]
    descriptor = MetadataDescriptor.objects.create(
        project=cast.project, entity_type="Asset", name="Secret", field_name="secret", data_type="string"
    )
    descriptor.departments.add(make_department())
    row = search(vendor, "hero")["assets"][0]
    assert row["data"] == {"open": "Azure"} and row["matched_terms"] == ["name"]
    assert names(vendor, "crimson") == [] and names(vendor, "sword") == []
    assert names(api.by(cast.user), "crimson") == ["Hero"]


def test_every_write_counts_at_once(api, cast, keeper):
    Entity.objects.filter(pk=keeper.pk).update(name="Watchman")
    assert names(api, "watchman") == ["Watchman"] and names(api, "keeper") == []
    Entity.objects.filter(pk=keeper.pk).update(data=None, description=None)
    assert names(api, "crimson") == names(api, "lamp") == []
    EntityType.objects.filter(name="Character").update(name="Villain")
    assert names(api, "villain") == ["Watchman"]
    kind = EntityType.objects.get(name="Villain")
    Entity.objects.bulk_create([Entity(name=f"Twin {side}", project=cast.project, entity_type=kind) for side in ("left", "right")])
    assert names(api, "twin") == ["Twin left", "Twin right"]
    Entity.objects.filter(name="Twin left").update(canceled=True)
    Entity.objects.filter(name="Twin right").delete()
    assert names(api, "twin") == ["Twin left"]
    Person.objects.filter(pk=cast.user.pk).update(last_name="Nightingale")
    assert len(search(api, "nightngale")["persons"]) == 1
    Person.objects.filter(pk=cast.outsider.pk).delete()
    assert search(api, "outsider")["persons"] == []


def test_shots_follow_their_sequence_and_episode(api, shot):
    Entity.objects.filter(pk=shot.parent_id).update(name="Lighthouse")
    assert names(api, "lighthouse 010", "shots") == ["SH-010"] and names(api, "harbour", "shots") == []
    Entity.objects.filter(pk=shot.parent.parent_id).update(name="Finale")
    assert names(api, "finale", "shots") == ["SH-010"]
    Entity.objects.filter(pk=shot.pk).update(parent=make_sequence(shot.project, name="Elsewhere"))
    assert names(api, "finale", "shots") == [] and names(api, "elsewhere", "shots") == ["SH-010"]


def test_a_search_costs_the_same_however_much_it_finds(api, cast, keeper, shot, django_assert_num_queries):
    for number in range(30):
        make_asset(cast.project, name=f"Keeper {number}")
    search(api, "keeper", limit=50)
    with django_assert_num_queries(5):
        assert len(search(api, "keeper", limit=50)["assets"]) == 31
    user = api.by(cast.user)
    with django_assert_num_queries(6):
        search(user, "keeper", limit=50)


def test_the_index_can_be_made_anew(api, keeper, capsys):
    SearchDocument.objects.all().delete()
    assert names(api, "keeper") == []
    for _ in range(2):
        call_command("reset_search_index")
        assert names(api, "keper") == ["Keeper"]
    assert f"{SearchDocument.objects.count()} entities and people" in capsys.readouterr().out
    make_asset(keeper.project, name="Keeper the second")
    assert len(names(api, "keeper")) == 2


def test_what_was_written_while_triggers_were_lost_is_caught_up(api, keeper):
    spelling = index.sqlite if connection.vendor == "sqlite" else index.postgresql
    with connection.cursor() as cursor:
        cursor.execute(next(line for line in spelling.removal() if "entity_changed" in line))
    Entity.objects.update(name="Watchman")
    assert names(api, "watchman") == []
    index.ensure_index(connection)
    assert names(api, "watchman") == ["Watchman"]
    Entity.objects.update(name="Guard")
    assert names(api, "guard") == ["Guard"]


def test_a_database_that_gives_no_index_searches_without(api, keeper, caplog):
    caplog.set_level("WARNING", logger="callboard.search")
    index.attempt(connection, "CREATE EXTENSION IF NOT EXISTS no_such_extension")
    assert "goes without an index" in caplog.text
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("DROP EXTENSION pg_trgm CASCADE")
    assert names(api, "keper") == ["Keeper"]


def test_words_are_told_apart():
    assert words_of("SH_010-a  sh") == ["sh", "010", "a"]
    assert len(words_of(" ".join(f"w{number}" for number in range(99)))) == 10
