"""Lists of the back-office narrowed as managers think of them."""

import pytest
from django.urls import reverse

from tests.makers import make_asset, make_entity, make_project, make_sequence, make_shot

ENTITIES = reverse("admin:assets_entity_changelist")


@pytest.fixture
def names(client, cast):
    client.force_login(cast.admin)

    def ask(**narrowed):
        answer = client.get(ENTITIES, {"project__id__exact": cast.project.pk, **narrowed})
        assert answer.status_code == 200
        return sorted(entity.name for entity in answer.context["cl"].result_list)

    return ask


def test_entities_are_found_by_sequence_and_episode(names, cast, client):
    episode = make_entity("Episode", cast.project, name="E01")
    sequence = make_sequence(cast.project, name="S01", parent=episode)
    make_shot(cast.project, name="P01", parent=sequence)
    make_shot(cast.project, name="P02", parent=make_sequence(cast.project, name="S02"))
    make_asset(cast.project, name="Lamp", source=episode)
    assert names(sequence=sequence.pk) == ["P01"]
    assert names(episode=episode.pk) == ["Lamp", "P01", "S01"]
    page = client.get(ENTITIES, {"project__id__exact": cast.project.pk}).content.decode()
    assert "E01 / S01" in page and "By sequence" in page


def test_places_are_listed_for_a_chosen_production_alone(cast, client):
    client.force_login(cast.admin)
    make_sequence(cast.project, name="S01")
    assert "By sequence" not in client.get(ENTITIES).content.decode()
    assert "By sequence" not in client.get(ENTITIES, {"project__id__exact": make_project().pk}).content.decode()


def test_a_place_that_is_none_narrows_nothing(names, cast):
    make_sequence(cast.project, name="S01")
    make_shot(cast.project, name="P01")
    assert "P01" in names(sequence="nonsense")
