"""Looking routes up part by part, and instances read by a kept statement."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, include, path

from assets.models import Entity
from core.api.router import RouteTable
from core.instances import PreparedInstance
from core.sql import PreparedForMany
from people.models import Department
from tests.makers import make_department, make_shot


def view(name):
    def answer(request, **kwargs):
        return name

    return answer


HIGHER = [path("data/tasks/all", view("all")), path("data/<str:kind>/newest", view("newest"))]
LOWER = [path("data/tasks/<id:pk>", view("one")), path("data/tasks/<str:word>", view("word")), path("", view("root"))]


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("data/tasks/all", "all"),
        ("data/tasks/newest", "newest"),
        ("data/tasks/8a1f0000-0000-4000-8000-000000000000", "one"),
        ("data/tasks/word", "word"),
        ("", "root"),
    ],
)
def test_the_first_route_that_fits_counts(address, found):
    table = RouteTable([path("", include(HIGHER)), path("", include(LOWER))])
    match = table.resolve(address)
    assert match.func(None, **match.kwargs) == found


@pytest.mark.parametrize("address", ["data", "data/tasks", "data/tasks/a/b", "data/tasks/", "tasks/all", "data/tasks/all/"])
def test_an_address_that_no_route_has_is_none(address):
    with pytest.raises(Resolver404):
        RouteTable([path("", include(HIGHER)), path("", include(LOWER))]).resolve(address)


def test_an_instance_comes_with_those_around_it_in_one_statement(cast):
    shot = make_shot(project=cast.project)
    statement = PreparedInstance(Entity, "entity_type", "parent__project")
    statement.fetch(shot.pk)
    with CaptureQueriesContext(connection) as asked:
        found = statement.fetch(str(shot.pk))
        names = (found.entity_type.name, found.parent and found.parent.project.name)
    assert len(asked) == 1
    assert found == shot
    assert names == (shot.entity_type.name, shot.parent and shot.parent.project.name)
    assert {f.attname: getattr(found, f.attname) for f in Entity._meta.concrete_fields} == {
        f.attname: getattr(Entity.objects.get(pk=shot.pk), f.attname) for f in Entity._meta.concrete_fields
    }
    assert statement.fetch(uuid4()) is None


@pytest.mark.parametrize("count", [1, 2, 3, 5, 9])
def test_rows_of_any_number_of_ids_come_once_each(db, count):
    made = [make_department(name=f"Department {number}").pk for number in range(count)]
    make_department(name="Another")
    names, rows = PreparedForMany(lambda pks: Department.objects.filter(pk__in=pks).values("id")).fetch(made)
    assert names == ["id"]
    assert sorted(pk for (pk,) in rows) == sorted(made)
