"""Rows that stand here already under another id than the other server has for them: they take that id."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import models

from assets.models import SearchDocument
from core.api.converters import is_uuid
from core.transactions import whole_step
from imports.rules.kitsu.kinds import Kind
from people.models import Person

Entry = dict[str, Any]
# Instead of a column: whichever row there is, as of a table that has one.
ANY = "*"


def key_of(entry: Entry, columns: Iterable[str]) -> tuple[Any, ...]:
    """What a row is taken for the same by: letter case does not count."""
    values = (entry.get(name) for name in columns if name != ANY)
    return tuple(value.casefold() if isinstance(value, str) else None if value is None else str(value) for value in values)


def matches(kind: Kind, entries: Iterable[Any]) -> list[tuple[UUID, UUID]]:
    """The ids here, and those there, of rows that are the same but for their id."""
    rows = kind.model._base_manager.order_by("-created_at", "-pk")
    if issubclass(kind.model, Person):
        rows = rows.filter(is_bot=False, is_guest=False)
    columns = [name for name in kind.ours if name != ANY]
    here = {key_of(row, columns): row["pk"] for row in rows.values("pk", *columns)}
    there = {UUID(entry["id"]): entry for entry in entries if isinstance(entry, dict) and is_uuid(entry.get("id"))}
    known = set(here.values())
    found = ((here.get(key_of(entry, columns)), pk) for pk, entry in there.items() if pk not in known and not entry.get("is_bot"))
    return [(old, pk) for old, pk in found if old is not None and old not in there]


@whole_step()
def adopt(kind: Kind, entries: Iterable[Any]) -> int:
    """Give rows that stand here the ids that they have there, wherever these are referred to; how many there were."""
    if not kind.ours:
        return 0
    pairs = dict(matches(kind, entries))
    for old, pk in pairs.items():
        give_id(kind.model, old, pk)
    return len(pairs)


def give_id(model: type[models.Model], old: UUID, pk: UUID) -> None:
    """Change the id of a row, and all foreign keys that lead to it: these are checked when the transaction ends."""
    for relation in model._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one):
            field: Any = relation.field  # type: ignore[union-attr]
            field.model._base_manager.filter(**{field.attname: old}).update(**{field.attname: pk})
    if issubclass(model, Person):
        SearchDocument.objects.filter(person_id=old).update(person_id=pk)
    model._base_manager.filter(pk=old).update(id=pk)
