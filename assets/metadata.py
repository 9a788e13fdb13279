"""Metadata that belongs to departments: vendors of other departments do not see it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from orjson import Fragment

from core.json import dumps, loads
from core.projection import Row
from people.models import Person
from production.models import MetadataDescriptor


def hidden_keys(person: Person, kind: str, project_id: Any = None) -> dict[str, set[str]]:
    """By production, the metadata keys of departments none of which is the person's. Causes one SQL statement."""
    descriptors = MetadataDescriptor.objects.order_by().filter(entity_type=kind, departments__isnull=False)
    if project_id:
        descriptors = descriptors.filter(project_id=project_id)
    own = person.departments.order_by().values("pk")
    hidden: dict[str, set[str]] = {}
    for production, key in descriptors.exclude(departments__in=own).values_list("project_id", "field_name").distinct():
        hidden.setdefault(str(production), set()).add(key)
    return hidden


def masked(rows: Iterable[Row], hidden: Mapping[str, set[str]]) -> Iterator[Row]:
    """The rows without the hidden keys of their production."""
    for row in rows:
        keys = hidden.get(row["project_id"])
        if keys and row["data"] is not None:
            row["data"] = Fragment(dumps({key: value for key, value in loads(row["data"]).items() if key not in keys}))
        yield row
