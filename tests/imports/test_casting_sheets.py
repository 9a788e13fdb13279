"""Sheets of castings coming in and going out."""

import pytest

from assets.models import EntityLink
from events.models import ApiEvent
from tests.makers import make_asset, make_entity, make_sequence, make_shot, make_task

HEADER = "Episode,Parent,Name,Asset Type,Asset,Occurences,Label\n"


@pytest.fixture
def lamp(studio):
    return make_asset(studio.project, kind="Prop", name="Lamp")


@pytest.fixture
def shot(studio):
    return make_shot(studio.project, name="SH010", parent=make_sequence(studio.project, name="SQ01"))


def links():
    columns = ("entity_in__name", "entity_out__name", "nb_occurences", "label")
    return sorted(EntityLink.objects.values_list(*columns))


def test_assets_are_cast_in_shots_and_assets(send, studio, lamp, shot):
    house = make_asset(studio.project, kind="Environment", name="Île house", ready_for_type=studio.animation)
    make_task(studio.project, entity=shot, task_type=studio.animation, task_status=studio.todo)
    text = "Parent,Name,Asset Type,Asset,Occurences,Label\n"
    text += "sq01,sh010,PROP,lamp,2,Set Dress!\nEnvironment,ile house,Prop,Lamp,,\nsq01,SH010,environment,Ile-House,1,\n"
    answer = send(studio.into("casting"), text)
    assert (answer.status_code, answer.json()) == (201, [None, None, None])
    assert links() == [("SH010", "Lamp", 2, "set-dress"), ("SH010", "Île house", 1, ""), ("Île house", "Lamp", 1, "")]
    shot.refresh_from_db()
    house.refresh_from_db()
    assert (shot.nb_entities_out, house.nb_entities_out) == (2, 1)
    assert shot.tasks.get().nb_assets_ready == 1
    names = list(ApiEvent.objects.values_list("name", flat=True))
    counts = {name: names.count(name) for name in ("entity-link:new", "shot:casting-update", "asset:casting-update")}
    assert counts == {"entity-link:new": 3, "shot:casting-update": 1, "asset:casting-update": 1}


def test_links_that_are_there_take_number_and_label(send, studio, lamp, shot):
    EntityLink.objects.create(entity_in=shot, entity_out=lamp, nb_occurences=1, label="animate")
    send(studio.into("casting"), HEADER + ",SQ01,SH010,Prop,Lamp,5,fixed\n")
    assert links() == [("SH010", "Lamp", 5, "fixed")]
    send(studio.into("casting"), "Parent,Name,Asset Type,Asset,Occurences\nSQ01,SH010,Prop,Lamp,6\n")
    assert links() == [("SH010", "Lamp", 6, "fixed")]


def test_without_a_label_column_new_links_are_fixed(send, studio, lamp, shot):
    send(studio.into("casting"), "Parent,Name,Asset Type,Asset,Occurences\nSQ01,SH010,Prop,Lamp,\n")
    assert links() == [("SH010", "Lamp", 1, "fixed")]


def test_unknown_names_are_left_out(send, studio, lamp, shot):
    text = HEADER + ",SQ01,Nope,Prop,Lamp,1,\n,SQ01,SH010,Prop,Nope,1,\n,SQ0,1SH010,Prop,Lamp,1,\n"
    answer = send(studio.into("casting"), text)
    assert (answer.status_code, answer.json()) == (201, [None] * 3)
    assert not EntityLink.objects.exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("foo,bar\n1,2\n", "A columns is missing: 'Asset Type'"),
        ("Parent,Name,Asset Type,Asset\na,b,c,d\n", "A columns is missing: 'Occurences'"),
        (HEADER + ",SQ01,SH010,Prop,Lamp,x,\n", "A value is invalid: invalid literal for int() with base 10: 'x'"),
        (HEADER + ",SQ01,SH010,Prop,Lamp,-1,\n", "A value is invalid: Occurences: -1"),
        (HEADER + ",SQ01,SH010,Prop,Lamp,1," + "x" * 90, "A value is invalid: Label: longer than 80 characters"),
    ],
)
def test_wrong_castings_are_refused(send, studio, lamp, shot, text, message):
    answer = send(studio.into("casting"), text)
    assert (answer.status_code, answer.json()["message"]) == (400, message)
    assert not EntityLink.objects.exists()


def test_in_a_tv_show_the_episode_casts_what_its_shots_cast(send, fetch, studio, lamp):
    studio.become_tv_show()
    episode = make_entity("Episode", studio.project, name="E01")
    for name, parent in (("SQ01", episode), ("SQ01", None)):
        make_shot(studio.project, name="SH010", parent=make_sequence(studio.project, name=name, parent=parent))
    text = HEADER + "E01,SQ01,SH010,Prop,Lamp,2,\nMP,Prop,Lamp,Prop,Lamp,1,\n,Episode,E01,Prop,Lamp,1,\n"
    assert send(studio.into("casting"), text).status_code == 201
    found = {(link.entity_in.name, link.nb_occurences): link.data for link in EntityLink.objects.all()}
    assert found[("SH010", 2)] is None and len(found) == 3
    assert (found[("Lamp", 1)], found[("E01", 1)]) == (None, None)
    episode.refresh_from_db()
    assert episode.nb_entities_out == 1
    assert fetch(studio.of("casting") + "?episode_id=all").splitlines()[1:] == ["Episode;E01;Prop;Lamp;1;"]
    assert fetch(studio.of("casting") + "?episode_id=main").splitlines()[1:] == ["MP;Prop;Lamp;Prop;Lamp;1;"]
    shots = fetch(studio.of("casting") + f"?is_shot_casting=true&episode_id={episode.pk}").splitlines()
    assert shots == ["Episode;Parent;Name;Asset Type;Asset;Occurences;Label", "E01;SQ01;SH010;Prop;Lamp;2;"]


def test_a_shot_alone_casts_in_its_episode_by_itself(send, studio, lamp):
    studio.become_tv_show()
    episode = make_entity("Episode", studio.project, name="E01")
    make_shot(studio.project, name="SH010", parent=make_sequence(studio.project, name="SQ01", parent=episode))
    send(studio.into("casting"), HEADER + "E01,SQ01,SH010,Prop,Lamp,2,\n")
    link = EntityLink.objects.get(entity_in=episode)
    assert (link.data, link.nb_occurences) == ({"auto": True}, 1)


@pytest.mark.parametrize("query", ["", "?is_shot_casting=true", "?episode_id=main", "?episode_id=all"])
def test_castings_come_back_as_they_went(send, fetch, studio, lamp, shot, query):
    studio.become_tv_show()
    episode = make_entity("Episode", studio.project, name="E01")
    twin = make_asset(studio.project, kind="Prop", name="Lamp")
    set_ = make_asset(studio.project, kind="Set", name="=House", source=episode)
    for number, (where, what) in enumerate(((shot, lamp), (shot, twin), (set_, lamp), (set_, twin), (lamp, twin), (episode, set_))):
        EntityLink.objects.create(
            entity_in=where, entity_out=what, nb_occurences=number + 2, label="Set Dress!" if number else None
        )
    before = list(EntityLink.objects.values()), ApiEvent.objects.count()
    sheet = fetch(studio.of("casting") + query)
    assert len(sheet.splitlines()) > 1
    assert send(studio.into("casting"), sheet).status_code == 201
    assert (list(EntityLink.objects.values()), ApiEvent.objects.count()) == before


def test_a_malformed_episode_is_refused(api, studio):
    answer = api.get(studio.of("casting") + "?episode_id=bad")
    assert (answer.status_code, answer.json()["message"]) == (400, "Invalid UUID format for episode_id: bad")
