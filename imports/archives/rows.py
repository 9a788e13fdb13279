"""Rows of an archive: the columns and lists of a projection, checked value by value on their way in."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from math import isfinite
from typing import Any
from uuid import UUID

from django.db import models

from core.api.converters import is_uuid
from core.api.values import LARGEST, SMALLEST, as_date, as_datetime, as_integer, as_uuid
from core.errors import Refusal
from core.fields import CodeField, JsonField
from core.projection import Projection, Row
from imports.archives.parts import Model

BIGGEST = 2**63 - 1
NO_VALUE = "{name} has a value that makes no sense: {value}"
UNKNOWN = "{name} is not known here: a newer version made the archive, or something else."


@dataclass
class Decoded:
    """A row as the database takes it: values by column, ids by list."""

    values: dict[str, Any]
    lists: dict[str, list[UUID]]

    @property
    def pk(self) -> UUID:
        """The row's id."""
        found: UUID = self.values["id"]
        return found


class RowForm:
    """How rows of one model stand in an archive: every column that its projection shows, and its lists of ids.

    What a projection answers beside these is worked out from them, and stays away.
    """

    def __init__(self, reader: Projection) -> None:
        self.reader, self.model = reader, reader.model

    @cached_property
    def lists(self) -> dict[str, Any]:
        """The lists whose links have no rows of their own in an archive, by name."""
        many: dict[str, Any] = {field.name: field for field in self.model._meta.many_to_many}
        return {
            name: many[name]
            for name in self.reader.relations
            if name in many and many[name].remote_field.through._meta.auto_created
        }

    @cached_property
    def names(self) -> set[str]:
        """All keys of a row but its type."""
        return {*self.reader.columns, *self.lists}

    @cached_property
    def keys(self) -> dict[str, Model]:
        """The columns that are references, with the model that each leads to."""
        fields = self.reader.columns.items()
        return {name: field.related_model for name, field in fields if isinstance(field, models.ForeignKey)}

    @cached_property
    def required(self) -> set[str]:
        """The columns that every row has: those that neither may be null nor have a value of their own."""
        return {name for name, field in self.reader.columns.items() if not (field.null or field.has_default())}

    @cached_property
    def columns(self) -> dict[str, tuple[bool, Callable[[Any, Refusal], Any]]]:
        """By column, whether it may be null, and what reads its values."""
        return {name: (field.null, reader_of(field)) for name, field in self.reader.columns.items()}

    def decode(self, row: Row) -> Decoded:
        """The row's values. Raises a refusal for what the columns can't take."""
        if not isinstance(row, dict) or not is_uuid(row.get("id")):
            raise Refusal(f"A row of {self.model.__name__} has no id.")
        if missing := self.required - row.keys():
            raise Refusal(f"A row of {self.model.__name__} has no {min(missing)}.")
        values, lists = {}, {}
        for name, value in row.items():
            where = f"{self.model.__name__}.{name}"
            refusal = Refusal(NO_VALUE.format(name=where, value=str(value)[:80]))
            if name in self.columns:
                is_nullable, read = self.columns[name]
                if value is None and not is_nullable:
                    raise refusal
                values[name] = None if value is None else read(value, refusal)
            elif name in self.lists:
                if not isinstance(value, list):
                    raise refusal
                lists[name] = list(dict.fromkeys(as_uuid(item, refusal) for item in value))
            elif name != "type":
                raise Refusal(UNKNOWN.format(name=where))
        return Decoded(values, lists)


def reader_of(field: Any) -> Callable[[Any, Refusal], Any]:
    """What reads the values of a column. Each raises the refusal that it is given."""
    if isinstance(field, models.ForeignKey | models.UUIDField):
        return as_uuid
    if isinstance(field, JsonField):
        return lambda value, refusal: shaped(value, field.shape, refusal)
    if isinstance(field, CodeField):
        codes = {code for code, _ in field.choices or ()}
        return lambda value, refusal: value if isinstance(value, str) and value in codes else refuse(refusal)
    for kind, read in READERS:
        if isinstance(field, kind):
            return read
    longest = field.max_length
    return lambda value, refusal: text(value, longest, refusal)


def refuse(refusal: Refusal) -> Any:
    """Raises it."""
    raise refusal


def text(value: Any, longest: int | None, refusal: Refusal) -> str:
    """A text that fits its column."""
    if not isinstance(value, str) or (longest is not None and len(value) > longest):
        raise refusal
    return value


def shaped(value: Any, shape: Callable[[Any], bool], refusal: Refusal) -> Any:
    """JSON of the column's shape."""
    return value if shape(value) else refuse(refusal)


def decimal(value: Any, refusal: Refusal) -> float:
    """A finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise refusal
    return float(value)


def truth(value: Any, refusal: Refusal) -> bool:
    """True or false."""
    return value if isinstance(value, bool) else refuse(refusal)


READERS: tuple[tuple[type, Callable[[Any, Refusal], Any]], ...] = (
    (models.BooleanField, truth),
    (models.BigIntegerField, lambda value, refusal: as_integer(value, refusal, -BIGGEST, BIGGEST)),
    (models.IntegerField, lambda value, refusal: as_integer(value, refusal, SMALLEST, LARGEST)),
    (models.FloatField, decimal),
    (models.DateTimeField, as_datetime),
    (models.DateField, as_date),
)
