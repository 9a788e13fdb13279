"""Every event of the catalogue, set off through the API: its name, its payload, whether it is kept, and who hears it."""

import pytest

from events.catalogue import ARRIVALS, CATALOGUE, Event
from events.models import ApiEvent
from events.realtime import ADMINS, STUDIO, deliveries_of, person_room, team_rooms
from tests.cast import ROLES, gather
from tests.events.acts import entities, files, generic, productions, studio, tasks
from tests.events.acts.form import Told
from tests.events.acts.ground import Ground

BY_HAND = "written by hand"
# What long jobs tell while they run; the tests of their rooms run them.
OF_JOBS = ("build-job:new", "build-job:update", "build-job:delete", "preview-file:progress", "project:delete-progress")
ROOMS = {"tasks": tasks, "entities": entities, "files": files, "productions": productions, "studio": studio, "generic": generic}
ACTS = [pytest.param(act, id=f"{room} {act.name}") for room, module in ROOMS.items() for act in module.ACTS]
EVENTS = {told for module in ROOMS.values() for act in module.ACTS for told in act.told}


@pytest.fixture(scope="module")
def kept_ground(kept):
    """The studio, furnished once."""
    return Ground(gather())


@pytest.fixture
def ground(kept_ground, db, monkeypatch):
    kept_ground.begin()
    monkeypatch.setattr("events.emit.broadcast", kept_ground.heard.extend)
    return kept_ground


def audience(rooms, team):
    """Who hears a delivery, in the table's words."""
    if rooms == [STUDIO]:
        return "studio"
    if set(rooms) == team:
        return "team"
    if ADMINS in rooms:
        return "other"
    return "person" if len(rooms) == 1 else "managers"


@pytest.mark.parametrize("act", ACTS)
def test_an_act_tells_what_the_table_says(ground, act, django_capture_on_commit_callbacks):
    if act.first:
        act.first(ground)
    team = set(team_rooms(ground.named["project"]))
    before = list(ApiEvent.objects.values_list("pk", flat=True))
    ground.heard.clear()
    with django_capture_on_commit_callbacks(execute=True):
        answer = act.do(ground)
    assert getattr(answer, "status_code", 200) < 300, answer.content
    team |= set(team_rooms(ground.named["project"]))
    heard = [(e, audience(d.rooms, team)) for e in ground.heard for d in deliveries_of([e])]
    assert [str(Told(e.name, frozenset(e.payload), e.stored, who)) for e, who in heard] == [str(told) for told in act.told]
    project_id = ground.named["project"]
    assert all(e.payload.get("project_id", project_id) == project_id for e in ground.heard) or "projects" in act.name
    stored = ApiEvent.objects.exclude(pk__in=before).exclude(name=BY_HAND).order_by("created_at")
    assert list(stored.values_list("id", "name", "data")) == [(e.id, e.name, e.payload) for e in ground.heard if e.stored]


def test_the_catalogue_has_what_the_table_has_and_nothing_more():
    forms = [form for name in CATALOGUE for form in CATALOGUE[name] if form not in ARRIVALS and name not in OF_JOBS]
    unknown = [str(told) for told in EVENTS if not any(is_told(form, told) for form in forms)]
    never = [form for form in forms if not any(is_told(form, told) for told in EVENTS)]
    assert (unknown, never) == ([], [])


def is_told(form: Event, told: Told) -> bool:
    """What the table expects has that form."""
    return form.name == told.name and form.fits(dict.fromkeys(told.keys), stored=told.stored)


def test_whoever_sees_nothing_of_a_production_hears_nothing_of_it(ground):
    rooms = set(team_rooms(ground.named["project"]))
    team = {person_room(ground.cast.of(role).pk) for role in ROLES}
    assert rooms == {ADMINS, *team} and person_room(ground.outsider.pk) not in rooms
