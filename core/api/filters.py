"""Filters of the query string: every column and relation that a projection shows, by equality or by a JSON list."""

import math
from datetime import date, datetime
from typing import Any

import django_filters
import orjson
from django import forms
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from core.api.converters import is_uuid
from core.api.parsers import NUL
from core.api.values import as_date, as_datetime, as_integer
from core.errors import BAD_FORMAT, Refusal, WrongParameter
from core.projection import Projection

TRUE = {"y", "yes", "t", "true", "on", "1"}
FALSE = {"n", "no", "f", "false", "off", "0"}
RESERVED = {"page", "limit", "relations", "fields"}


class ColumnFilter(django_filters.Filter):
    """Equality with a column; a value that starts with `[` is a JSON list and means one of."""

    field_class = forms.CharField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, strip=False, **kwargs)

    def clean(self, value: str) -> Any:
        """The value as the column has it."""
        return value

    def filter(self, qs: Any, value: str) -> Any:
        """Narrows the queryset. Raises a refusal for a value that can't be one of the column's."""
        value = self.parent.data[self.parent_name]
        if NUL in value:
            raise Refusal(BAD_FORMAT)
        if value.startswith("["):
            return qs.filter(**{f"{self.field_name}__in": [self.clean(item) for item in self.members(value)]})
        return qs.filter(**{self.field_name: self.clean(value)})

    def members(self, value: str) -> list[str]:
        """The texts of a JSON list; nulls match nothing."""
        try:
            items = orjson.loads(value)
        except orjson.JSONDecodeError:
            items = None
        if not isinstance(items, list):
            raise WrongParameter(f"Malformed list filter for field {self.parent_name}.")
        return [item if isinstance(item, str) else orjson.dumps(item).decode() for item in items if item is not None]


class NameFilter(ColumnFilter):
    """A name, in any letter case; the caller's `%` and `_` are wildcards. Never a list."""

    def filter(self, qs: Any, value: str) -> Any:
        """Narrows the queryset."""
        value = self.parent.data[self.parent_name]
        if NUL in value:
            raise Refusal(BAD_FORMAT)
        return qs.filter(**{f"{self.field_name}__ilike": value})


class UuidFilter(ColumnFilter):
    """An id; there is no way to ask for null."""

    def clean(self, value: str) -> str:
        """The id."""
        if value == "":
            raise Refusal(BAD_FORMAT)
        if not is_uuid(value):
            raise WrongParameter(f"Invalid UUID value: {value}")
        return value


class RelationFilter(UuidFilter):
    """Rows whose list contains this id."""

    def filter(self, qs: Any, value: str) -> Any:
        """Narrows the queryset."""
        return qs.filter(**{self.field_name: self.clean(self.parent.data[self.parent_name])})


class BooleanFilter(ColumnFilter):
    """True or false in any of the spellings that the API takes."""

    def clean(self, value: str) -> bool:
        """The truth value."""
        folded = value.lower()
        if folded not in TRUE | FALSE:
            raise WrongParameter(f"Invalid boolean value: {value}")
        return folded in TRUE


class IntegerFilter(ColumnFilter):
    """A whole number that fits the column."""

    def clean(self, value: str) -> int:
        """The number."""
        return as_integer(value, Refusal(BAD_FORMAT))


class FloatFilter(ColumnFilter):
    """A number."""

    def clean(self, value: str) -> float:
        """The number."""
        try:
            found = math.nan if "_" in value else float(value)
        except ValueError:
            found = math.nan
        if not math.isfinite(found):
            raise Refusal(BAD_FORMAT)
        return found


class DateFilter(ColumnFilter):
    """A day."""

    def clean(self, value: str) -> date:
        """The day."""
        return as_date(value, Refusal(BAD_FORMAT))


class DateTimeFilter(ColumnFilter):
    """A moment, compared with its microseconds."""

    def clean(self, value: str) -> datetime:
        """The moment as naive UTC."""
        return as_datetime(value, Refusal(BAD_FORMAT))


class NothingFilter(ColumnFilter):
    """A column that can't be compared with a text."""

    def filter(self, qs: Any, value: str) -> Any:
        """Refuses."""
        raise Refusal(BAD_FORMAT)


KINDS: list[tuple[type[models.Field], type[ColumnFilter]]] = [
    (models.ForeignKey, UuidFilter),
    (models.UUIDField, UuidFilter),
    (models.BooleanField, BooleanFilter),
    (models.IntegerField, IntegerFilter),
    (models.FloatField, FloatFilter),
    (models.DateTimeField, DateTimeFilter),
    (models.DateField, DateFilter),
    (models.JSONField, NothingFilter),
]


class ResourceFilterSet(django_filters.FilterSet):
    """Filters by whatever columns the query string names; only those are built, so that a long model costs nothing."""

    def __init__(self, data: Any = None, queryset: Any = None, *, request: Any = None, prefix: Any = None) -> None:
        first = {name: data.getlist(name)[0] for name in data} if data else {}
        known: dict[str, Any] = vars(type(self))["base_filters"]
        self.base_filters = {name: column for name, column in known.items() if name in first}
        super().__init__(first, queryset, request=request, prefix=prefix)
        for name, column in self.filters.items():
            column.parent_name = name

    def is_valid(self) -> bool:
        """Each filter checks its own value and raises its own refusal, in the API's words, so no form is built."""
        return True

    @property
    def qs(self) -> Any:
        """The rows that all filters leave, AND-ed."""
        queryset = self.queryset
        for column in self.filters.values():
            queryset = column.filter(queryset, None)
        return queryset


def filter_for(name: str, column: models.Field) -> ColumnFilter:
    """The filter that suits a column."""
    if name == "name":
        return NameFilter(field_name=name)
    for kind, filter_class in KINDS:
        if isinstance(column, kind):
            return filter_class(field_name=name)
    return ColumnFilter(field_name=name)


def filterset_for(reader: Projection, *, without: set[str] | None = None, **more: ColumnFilter) -> type[ResourceFilterSet]:
    """The filterset of what a projection shows: its columns, its relation lists, and `more` by name."""
    declared: dict[str, Any] = {}
    for name, column in reader.columns.items():
        if name not in RESERVED and name not in (without or ()):
            declared[name] = filter_for(name, column)
    for name in reader.relations:
        lookup = name
        try:
            reader.model._meta.get_field(name)
        except FieldDoesNotExist:
            continue
        declared[name] = RelationFilter(field_name=lookup)
    declared.update(more)
    meta = type("Meta", (), {"model": reader.model, "fields": []})
    return type(f"{reader.model.__name__}FilterSet", (ResourceFilterSet,), {"Meta": meta, **declared})
