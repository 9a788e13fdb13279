"""Arrivals of people at their desks, as pipeline tools tell them."""

from datetime import date, datetime
from typing import Any

from django.db.models import Q

from core.rules import announce
from core.transactions import whole_step
from people.models import DesktopLoginLog, Person


@whole_step()
def note_arrival(person: Person, moment: datetime, *, by: Person) -> DesktopLoginLog:
    """Note that a person sat down at their desk; their last presence moves with it, never back."""
    log = DesktopLoginLog.objects.create(person=person, date=moment)
    day = moment.date()
    later = Q(last_presence__isnull=True) | Q(last_presence__lt=day)
    if Person.objects.filter(later, pk=person.pk).update(last_presence=day):
        announce(person, "update", by=by)
    return log


def presence_table(first: date, days: int) -> list[list[Any]]:
    """A row for each active person with `X` on the days of their arrivals in the month; a header of day numbers on top."""
    people = Person.objects.filter(active=True, is_guest=False, preview_project=None).order_by("first_name", "last_name", "id")
    end = first.replace(day=days)
    arrivals = DesktopLoginLog.objects.filter(date__date__gte=first, date__date__lte=end).values_list("person_id", "date")
    present = {(person_id, moment.day) for person_id, moment in arrivals}
    numbers = range(1, days + 1)
    rows = [[person.full_name, *("X" if (person.pk, day) in present else "" for day in numbers)] for person in people]
    return [[str(first.year), *numbers], *rows]
