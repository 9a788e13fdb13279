"""The table of events: what it does not have can't be told, and the generic routes tell what it has."""

import pytest

from core.api.routes import api_routes
from core.api.views import ResourceViewSet
from events.catalogue import CATALOGUE, UnknownEvent
from events.emit import emit
from events.models import ApiEvent
from tests.rows import Rows


@pytest.mark.parametrize(
    ("name", "payload", "options"),
    [
        ("task:invented", {"task_id": "x"}, {}),
        ("task:assign", {}, {}),
        ("task:update", {"task_id": "x", "more": 1}, {}),
        ("task:update", {"task_id": "x"}, {"stored": False}),
        ("comment:acknowledge", {"comment_id": "x", "person_id": "y"}, {}),
        ("person:update", {"person_id": "x"}, {"project_id": "p"}),
    ],
)
def test_what_the_table_does_not_have_is_not_told(db, name, payload, options):
    with pytest.raises(UnknownEvent):
        emit(name, payload, **options)
    assert not ApiEvent.objects.exists()


def test_a_studio_s_work_does_not_stop_over_an_unknown_event(db, settings):
    settings.CHECK_EVENTS = False
    emit("task:invented", {"task_id": "x"})
    assert ApiEvent.objects.get().name == "task:invented"


def test_names_are_an_object_and_an_act():
    for name in CATALOGUE:
        stem, colon, act = name.partition(":")
        assert stem and colon and act and name == name.lower() and len(name) <= 80, name


def tables():
    """The tables whose rows the generic routes change."""
    for route in api_routes():
        if route.method == "PUT" and issubclass(route.view, ResourceViewSet) and route.action == "update":
            name = route.path.removeprefix("/data/").partition("/")[0]
            if route.path.startswith("/data/") and name != "events":
                yield pytest.param(route.view, name, id=name)


@pytest.mark.parametrize(("view", "name"), list(tables()))
def test_a_changed_row_is_told(api, cast, view, name):
    row = Rows(admin=cast.admin, project=cast.project).make(view.reader.model)
    ApiEvent.objects.all().delete()
    answer = api.put(f"/data/{name}/{row.pk}", {})
    assert answer.status_code == 200, answer.content
    told = ApiEvent.objects.filter(name__endswith=":update")
    assert str(row.pk) in [value for event in told for value in event.data.values()]
