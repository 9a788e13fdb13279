"""What the commands for sheets share: finding what the command line names."""

from typing import Any

from django.core.management.base import CommandError

from core.api.converters import is_uuid
from people.models import Person
from production.models import Project


def person_acting(email: str | None) -> Person:
    """The person of an address, or the oldest active studio manager. Raises CommandError."""
    people = Person.objects.filter(active=True).order_by("created_at", "id")
    person = people.filter(email__iexact=email).first() if email else people.filter(role="admin", is_bot=False).first()
    if person is None:
        raise CommandError(f"There is nobody with the address {email}." if email else "The studio has no studio manager.")
    return person


def row_named(model: type, name: str | None, words: str, **within: Any) -> Any:
    """The row of a name or id. Raises CommandError where there is none, or more than one."""
    if not name:
        raise CommandError(f"Say which {words}.")
    rows = model.objects.filter(**within)  # type: ignore[attr-defined]
    found = list(rows.filter(pk=name) if is_uuid(name) else rows.filter(name=name))
    if len(found) != 1:
        raise CommandError(
            f"There is no {words} {name!r}." if not found else f"There are several of the {words} {name!r}: give its id."
        )
    return found[0]


def production(name: str | None) -> Project:
    """The production of a name or id. Raises CommandError."""
    found: Project = row_named(Project, name, "production (--project)")
    return found
