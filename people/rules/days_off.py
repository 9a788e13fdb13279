"""Days off: entering them, and who may know of them."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet

from core.errors import REFERENCED, RowRefused, WrongParameter
from core.rules import create_row, update_row
from core.transactions import whole_step
from people.models import DayOff, Person
from people.permissions import department_ids

OVERLAP = "Day off already exists for this period"


def refuse_overlap(person_id: Any, start: Any, end: Any, *, but: Any = None) -> None:
    """Holds the person's row, so that no second period is entered meanwhile. Raises WrongParameter where one overlaps."""
    if not Person.objects.select_for_update().filter(pk=person_id).exists():
        raise RowRefused(REFERENCED)
    if DayOff.objects.filter(person_id=person_id, date__lte=end, end_date__gte=start).exclude(pk=but).exists():
        raise WrongParameter(OVERLAP)


def clear_time_spents(day_off: DayOff) -> None:
    """Nobody works on a day off: what was logged for the period goes."""
    if day_off.person is not None:
        day_off.person.time_spents.filter(date__gte=day_off.date, date__lte=day_off.end_date).delete()


@whole_step()
def enter_day_off(values: Mapping[str, Any], *, by: Person) -> DayOff:
    """Enter a period off for a person. Raises WrongParameter when it overlaps another."""
    refuse_overlap(values["person_id"], values["date"], values["end_date"])
    day_off = create_row(DayOff, values, relations={}, by=by)
    clear_time_spents(day_off)
    return day_off


@whole_step()
def change_day_off(day_off: DayOff, values: Mapping[str, Any], *, by: Person) -> DayOff:
    """Change a period off. Raises WrongParameter when it then overlaps another."""
    after = {name: values.get(name, getattr(day_off, name)) for name in ("person_id", "date", "end_date")}
    if after["person_id"] is not None:
        refuse_overlap(after["person_id"], after["date"], after["end_date"], but=day_off.pk)
    day_off = update_row(day_off, values, relations={}, by=by)
    clear_time_spents(day_off)
    return day_off


def projects_as(person: Person, role: str) -> "QuerySet[Any]":
    """The productions in whose team the person has this role, as a subquery."""
    in_role = Q(role=role) | Q(role__isnull=True) if person.role == role else Q(role=role)
    return person.team_links.filter(in_role).values("project_id")


def people_managed_by(person: Person) -> "QuerySet[Person]":
    """Whose days off the person knows with the reason: everybody's for a studio manager, else their own and their teams'."""
    if person.is_admin:
        return Person.objects.all()
    return Person.objects.filter(Q(pk=person.pk) | Q(team_links__project_id__in=projects_as(person, "manager")))


def people_supervised_by(person: Person) -> "QuerySet[Person]":
    """Whose days off the person knows without the reason: their teams', of their departments where they have any."""
    people = Person.objects.filter(team_links__project_id__in=projects_as(person, "supervisor"))
    departments = department_ids(person)
    return people.filter(departments__in=departments) if departments else people


def knows_reason(viewer: Person, person_id: Any) -> bool | None:
    """Whether the viewer may read why a person is off; None when they may not know at all."""
    if people_managed_by(viewer).filter(pk=person_id).exists():
        return True
    return False if people_supervised_by(viewer).filter(pk=person_id).exists() else None
