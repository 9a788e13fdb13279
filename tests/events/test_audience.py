"""Who receives an event."""

from dataclasses import dataclass, field
from typing import Any

from events.realtime import ADMINS, STUDIO, Delivery, deliveries_of, person_room
from tests.makers import join_team, make_person, make_project


@dataclass
class Event:
    name: str = "task:update"
    payload: dict = field(default_factory=dict)
    heard_in: Any = None
    person_ids: list | None = None


def test_an_event_without_a_production_is_for_everybody(db):
    assert deliveries_of([Event(payload={"n": 1})]) == [Delivery("task:update", {"n": 1}, [STUDIO])]


def test_an_event_of_a_production_is_for_its_team_and_studio_managers(cast, django_assert_num_queries):
    other, stranger = make_project(), make_person()
    join_team(other, stranger)
    with django_assert_num_queries(2):
        first, second, third = deliveries_of([Event(heard_in=pk) for pk in (cast.project.pk, other.pk, cast.project.pk)])
    team = {person_room(cast.of(role).pk) for role in ("admin", "manager", "supervisor", "user", "client", "vendor")}
    assert set(first.rooms) == set(third.rooms) == {ADMINS, *team}
    assert set(second.rooms) == {ADMINS, person_room(stranger.pk)}


def test_a_personal_event_is_for_its_persons(cast, django_assert_num_queries):
    with django_assert_num_queries(0):
        personal, nobodys = Event(person_ids=["a"], heard_in=cast.project.pk), Event(person_ids=[])
        assert deliveries_of([personal, nobodys]) == [Delivery("task:update", {}, ["person:a"])]
