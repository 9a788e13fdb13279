"""The configuration of a new studio."""

import pytest
from django.core.management import call_command

from people.models import Department
from production.models import EntityType, ProjectStatus, TaskStatus, TaskType
from production.rules.defaults import install_defaults

pytestmark = pytest.mark.django_db


def test_a_studio_starts_with_its_configuration():
    install_defaults()
    assert list(ProjectStatus.objects.values_list("name", "color")) == [("Open", "#000000"), ("Closed", "#000000")]
    assert list(EntityType.objects.values_list("name", flat=True))[:8] == [
        "Shot",
        "Scene",
        "Sequence",
        "Episode",
        "Edit",
        "Concept",
        "ConceptFolder",
        "Character",
    ]
    assert Department.objects.count() == 6
    concepts = TaskType.objects.filter(name="Concept").order_by("for_entity").values_list("for_entity", "department__name")
    assert list(concepts) == [("Asset", "Concept"), ("Concept", None)]
    assert list(TaskStatus.objects.filter(is_default=True).values_list("name", "for_concept")) == [
        ("Todo", False),
        ("Neutral", True),
    ]


def test_a_second_installation_adds_only_what_is_missing():
    call_command("init_data")
    TaskType.objects.filter(name="Shading").delete()
    assert install_defaults() == {
        "project statuses": 0,
        "entity types": 0,
        "departments": 0,
        "task types": 1,
        "task statuses": 0,
    }


@pytest.mark.parametrize(("domain", "steps", "types"), [("2d", 9, 11), ("vfx", 16, 12), ("games", 8, 12)])
def test_each_kind_of_studio_has_its_own(domain, steps, types):
    call_command("init_data", "--domain", domain)
    assert (TaskType.objects.count(), EntityType.objects.count()) == (steps, types)
