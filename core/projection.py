"""A projection says which JSON fields a model answers, and reads them without building model instances."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from itertools import chain, islice
from typing import Any, TypeVar
from uuid import UUID

from django.db import models
from django.db.models import QuerySet
from orjson import Fragment

from core.sql import CHUNK, Prepared, PreparedForMany, Selectable, column_expression, listed_values_of, related_ids

Row = dict[str, Any]
T = TypeVar("T")


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
        computed: dict[str, Selectable] | None = None,
        embedded: dict[str, Selectable] | None = None,
    ) -> None:
        self.model = model
        self.type = type or model.__name__
        self.relations = tuple(relations)
        hidden = set(hidden)
        self.columns: dict[str, Any] = {f.attname: f for f in model._meta.concrete_fields if f.attname not in hidden}
        self.computed = computed or {}
        self.embedded = embedded or {}
        self.json_text = {name for name, field in self.columns.items() if isinstance(field, models.JSONField)}
        self.json_text |= {*self.relations, *self.embedded}

    @property
    def fields(self) -> tuple[str, ...]:
        """The names that every answer has, in order; relations come on demand."""
        return (*self.columns, *self.computed, *self.embedded)

    @cache  # noqa: B019 projections live as long as the program
    def selection(self, relations: bool, only: frozenset[str] | None) -> tuple[list[str], dict[str, Any]]:
        """What to select: columns that go out as they are, and expressions by name with `_` before it."""
        wanted = [name for name in self.columns if only is None or name in only or name == "id"]
        found = {name: column_expression(self.columns[name]) for name in wanted}
        plain = [name for name, expression in found.items() if expression is None]
        named = {"_" + name: expression for name, expression in found.items() if expression is not None}
        more = {**self.computed, **self.embedded}
        named |= {"_" + name: more[name] for name in more if only is None or name in only or name == self.type}
        if relations:
            named |= {"_" + name: related_ids(self.model, name) for name in self.relations if only is None or name in only}
        return plain, named

    def query(self, queryset: Any, *, relations: bool = False, only: set[str] | None = None, **extra: Selectable) -> Any:
        """The queryset as rows of plain values; `extra` expressions are selected beside the fields, for checks."""
        plain, named = self.selection(relations, None if only is None else frozenset(only))
        return queryset.values(*plain, **extra, **named)

    def shape(self, rows: "QuerySet[Any] | Iterable[Row]") -> Iterator[Row]:
        """Rows of `query` in the form that clients see."""
        if isinstance(rows, QuerySet):
            return self.shape_values(*listed_values_of(rows))
        source = iter(rows)
        first = next(source, None)
        if first is None:
            return iter(())
        return self.shape_values(list(first), (tuple(row.values()) for row in chain((first,), source)))

    def shape_values(self, names: list[str], values: Iterable[tuple[Any, ...]]) -> Iterator[Row]:
        """The same from rows of bare values: the names are worked out once, each row is made in one go."""
        keys = [name.removeprefix("_") for name in names]
        written = [key for key in keys if key in self.json_text]
        constant: tuple[str, ...] = (self.type,)
        if self.type in self.computed:
            keys, constant = ["type" if key == self.type else key for key in keys], ()
        else:
            keys.append("type")
        for value in values:
            row = dict(zip(keys, value + constant, strict=True))
            for key in written:
                text = row[key]
                if text is not None:
                    row[key] = Fragment(text)
            yield row

    def rows(self, queryset: Any, *, relations: bool = False, only: set[str] | None = None) -> Iterator[Row]:
        """Every row of the queryset in one SQL statement, fetched by and by."""
        return self.shape(self.query(queryset, relations=relations, only=only))

    def by_id(self, pk: UUID | str, *, relations: bool = True, base: bool = False, **extra: Selectable) -> Row | None:
        """One row by its id, or None; `extra` as for `query`, `base` for rows that the model's lists hide.

        The statement is compiled once and kept: reading single rows is what clients do most.
        """
        return next(self.shape_values(*self.statement(relations, base, tuple(extra.items())).fetch(pk)), None)

    @cache  # noqa: B019 projections live as long as the program
    def statement(self, relations: bool, base: bool, extra: tuple[tuple[str, Selectable], ...]) -> Prepared:
        """The statement that reads one row."""
        manager = self.model._base_manager if base else self.model._default_manager
        return Prepared(lambda pk: self.query(manager.order_by().filter(pk=pk), relations=relations, **dict(extra)))

    def one(self, pk: UUID | str, *, relations: bool = True) -> Row:
        """One row by its id. Raises the model's DoesNotExist."""
        row = self.by_id(pk, relations=relations, base=True)
        if row is None:
            raise self.model.DoesNotExist(f"no {self.model.__name__} {pk}")
        return row

    def some(self, pks: Collection[UUID | str], *, relations: bool = True) -> list[Row]:
        """Rows by their ids, in the order of the ids; unknown ids are left out."""
        if not pks:
            return []
        found = {row["id"]: row for row in self.shape_values(*self.statement_for_some(relations).fetch(pks))}
        return [found[str(pk)] for pk in pks if str(pk) in found]

    @cache  # noqa: B019 projections live as long as the program
    def statement_for_some(self, relations: bool) -> PreparedForMany:
        """The statement that reads rows by their ids."""
        manager = self.model._base_manager
        return PreparedForMany(lambda pks: self.query(manager.order_by().filter(pk__in=pks), relations=relations))


def chunks(rows: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """The rows, or whatever else, in lists of at most `size`."""
    iterator = iter(rows)
    while chunk := list(islice(iterator, size)):
        yield chunk
