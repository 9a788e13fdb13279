"""The links of a production, or of a template, with their options: the one place where they are stored, ranked and dropped."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from core.models import now
from core.transactions import whole_step
from people.models import Person
from production.rules.announcements import announce_owner
from production.rules.formats import HIGH, LOW, check_bitrates


def hold_owner(owner: Any) -> Any:
    """The production or template as it is now, held until the step ends: whoever else changes its links waits.

    Raises its DoesNotExist when it has gone meanwhile.
    """
    return type(owner)._default_manager.select_for_update(of=("self",)).get(pk=owner.pk)


def owner_name(model: Any) -> str:
    """The column of a link that leads to its owner."""
    return "project_template" if hasattr(model, "project_template_id") else "project"


@whole_step()
def store_link(link: Any, values: Mapping[str, Any], *, by: Person) -> Any:
    """Store a new link, or the given columns of one. Raises WrongParameter for bitrates that make no sense."""
    for name, value in values.items():
        if name not in (HIGH, LOW):
            setattr(link, name, value)
    owner = getattr(link, owner_name(type(link)))
    if {HIGH, LOW} & set(values):
        check_bitrates(values, link, owner)
        for name in {HIGH, LOW} & set(values):
            setattr(link, name, values[name])
    if link._state.adding:
        link.save(force_insert=True)
    elif values:
        link.save(update_fields=list(values))
    announce_owner(owner, by=by)
    return link


@whole_step()
def put_link(owner: Any, model: Any, keys: Mapping[str, Any], values: Mapping[str, Any], *, by: Person) -> Any:
    """Link what the keys say with the given options, or give the linked one these; equal requests at once make one link."""
    name = owner_name(model)
    held = hold_owner(owner)
    link = model.objects.filter(**{name: held}, **keys).first() or model(**{name: held}, **keys)
    return store_link(link, values, by=by)


@whole_step()
def drop_link(link: Any, *, by: Person) -> None:
    """Take a link away."""
    pk, owner = link.pk, getattr(link, owner_name(type(link)))
    link.delete()
    link.pk = pk
    announce_owner(owner, by=by)


def rank(model: Any, rows: Mapping[str, Any], ids: Iterable[str]) -> list[UUID]:
    """Give the rows of these ids their place among them as their priority; unknown ids only take theirs. Answers rows' ids."""
    ordered = []
    for place, pk in enumerate(ids, 1):
        row = rows.get(str(pk).lower())
        if row is not None:
            row.priority, row.updated_at = place, now()
            ordered.append(row)
    model.objects.bulk_update(ordered, ["priority", "updated_at"])
    return [row.pk for row in ordered]
