"""A projection says which JSON fields a model answers, and reads them without building model instances."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any
from uuid import UUID

import orjson
from django.db import models
from django.db.models import Expression

from core.sql import column_expression, related_ids

Row = dict[str, Any]
CHUNK = 2000


class Projection:
    """Which fields of a model clients see: lists, single reads, events and the API's schema all derive from it.

    `relations` are lists of ids, read only when asked for. `hidden` columns are never read. `computed` are further fields
    by name, each an expression; `embedded` likewise, but already JSON text. `type` is the object's `type`, by default the
    model's name, or the name of a computed field.
    """

    def __init__(
        self,
        model: type[models.Model],
        *,
        type: str | None = None,
        relations: Sequence[str] = (),
        hidden: Iterable[str] = (),
        computed: dict[str, Expression] | None = None,
        embedded: dict[str, Expression] | None = None,
    ) -> None:
        self.model = model
        self.type = type or model.__name__
        self.relations = tuple(relations)
        hidden = set(hidden)
        self.columns: dict[str, Any] = {f.attname: f for f in model._meta.concrete_fields if f.attname not in hidden}
        self.computed = computed or {}
        self.embedded = embedded or {}

    @property
    def fields(self) -> tuple[str, ...]:
        """The names that every answer has, in order; relations come on demand."""
        return (*self.columns, *self.computed, *self.embedded)

    def query(self, queryset: Any, *, relations: bool = False, only: set[str] | None = None, **extra: Expression) -> Any:
        """The queryset as rows of plain values; `extra` expressions are selected beside the fields, for checks."""
        plain, named = [], dict(extra)
        for name, field in self.columns.items():
            if only is None or name in only or name == "id":
                expression = column_expression(field)
                if expression is None:
                    plain.append(name)
                else:
                    named["_" + name] = expression
        wanted = {**self.computed, **self.embedded}
        named |= {"_" + name: expression for name, expression in wanted.items() if only is None or name in only}
        if relations:
            named |= {"_" + name: related_ids(self.model, name) for name in self.relations if only is None or name in only}
        return queryset.values(*plain, **named)

    def shape(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Rows of `query` in the form that clients see."""
        raw = {name for name, field in self.columns.items() if isinstance(field, models.JSONField)}
        raw |= {*self.relations, *self.embedded}
        type_from = "_type" if self.type in self.computed else None
        fixed = self.type
        moves: list[tuple[str, str, bool]] | None = None
        for row in rows:
            if moves is None:
                moves = [(key, key[1:], key[1:] in raw) for key in row if key[0] == "_" and key[1:] not in ("",)]
            for key, name, is_json in moves:
                value = row.pop(key)
                row[name] = orjson.Fragment(value) if is_json and value is not None else value
            if type_from is None:
                row["type"] = fixed
            else:
                row["type"] = row.pop(fixed)
            yield row

    def rows(self, queryset: Any, *, relations: bool = False, only: set[str] | None = None) -> Iterator[Row]:
        """Every row of the queryset in one SQL statement, fetched by and by."""
        query = self.query(queryset, relations=relations, only=only)
        return self.shape(query.iterator(chunk_size=CHUNK))

    def one(self, pk: UUID | str, *, relations: bool = True) -> Row:
        """One row by its id. Raises the model's DoesNotExist."""
        query = self.query(self.model._base_manager.filter(pk=pk), relations=relations)
        for row in self.shape(query[:1]):
            return row
        raise self.model.DoesNotExist(f"no {self.model.__name__} {pk}")

    def some(self, pks: Sequence[UUID | str], *, relations: bool = True) -> list[Row]:
        """Rows by their ids, in the order of the ids; unknown ids are left out."""
        found = {row["id"]: row for row in self.rows(self.model._base_manager.filter(pk__in=pks), relations=relations)}
        return [found[str(pk)] for pk in pks if str(pk) in found]


def chunks(rows: Iterable[Row], size: int = CHUNK) -> Iterator[list[Row]]:
    """The rows in lists of at most `size`."""
    iterator = iter(rows)
    while chunk := list(islice(iterator, size)):
        yield chunk
