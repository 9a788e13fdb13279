"""Input of the generic routes: one serializer per model, made from its columns, refusing what the database could not keep."""

import math
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from django.db import models
from rest_framework import serializers

from core.api.parsers import NUL
from core.api.values import as_date, as_datetime, as_integer, as_uuid
from core.errors import BAD_FORMAT, REQUIRED, RowRefused, WrongParameter
from core.fields import CodeField, ColorField, is_color

NEVER_WRITTEN = {"id", "created_at", "updated_at"}
BIGGEST = 2**63 - 1


class TextColumn(serializers.CharField):
    """A text; numbers are stored as their text."""

    def to_internal_value(self, data: Any) -> str:
        """The text. Raises RowRefused when it does not fit the column."""
        if isinstance(data, bool) or not isinstance(data, str | int | float):
            raise RowRefused(BAD_FORMAT)
        text = str(data)
        if NUL in text or (self.max_length is not None and len(text) > self.max_length):
            raise RowRefused(BAD_FORMAT)
        return text

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """Null stays null; an empty text is a text."""
        return None if data is None else self.to_internal_value(data)


class ColorColumn(TextColumn):
    """A colour, `#RGB` or `#RRGGBB`, or an empty text."""

    def to_internal_value(self, data: Any) -> str:
        """The colour. Raises RowRefused for any other text."""
        if not is_color(data):
            raise RowRefused(BAD_FORMAT)
        return super().to_internal_value(data)


class CodeColumn(serializers.ChoiceField):
    """One of the column's codes."""

    def to_internal_value(self, data: Any) -> str:
        """The code. Raises RowRefused for any other."""
        if not isinstance(data, str) or data not in self.choices:
            raise RowRefused(BAD_FORMAT)
        return data

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """Null stays null."""
        return None if data is None else self.to_internal_value(data)


class BooleanColumn(serializers.BooleanField):
    """A JSON boolean, or 0 or 1; texts are refused."""

    def to_internal_value(self, data: Any) -> bool:
        """The truth value."""
        if not isinstance(data, int) or data not in (0, 1):
            raise RowRefused(BAD_FORMAT)
        return bool(data)


class IntegerColumn(serializers.IntegerField):
    """A number that fits 32 bits; what is not whole is rounded, halves away from zero."""

    smallest, largest = -(2**31), 2**31 - 1

    def to_internal_value(self, data: Any) -> int:
        """The number."""
        if isinstance(data, float) and math.isfinite(data):
            data = int(Decimal(data).to_integral_value(ROUND_HALF_UP))
        return as_integer(data, RowRefused(BAD_FORMAT), self.smallest, self.largest)


class BigIntegerColumn(IntegerColumn):
    """The same with 64 bits."""

    smallest, largest = -BIGGEST, BIGGEST


class FloatColumn(serializers.FloatField):
    """A finite number."""

    def to_internal_value(self, data: Any) -> float:
        """The number."""
        try:
            found = math.nan if isinstance(data, bool | list | dict) or "_" in str(data) else float(data)
        except (ValueError, OverflowError):
            found = math.nan
        if not math.isfinite(found):
            raise RowRefused(BAD_FORMAT)
        return found


class DateTimeColumn(serializers.DateTimeField):
    """A moment in ISO 8601, kept as naive UTC."""

    def to_internal_value(self, data: Any) -> Any:
        """The moment."""
        return as_datetime(data, date_refusal(self, data))


class DateColumn(serializers.DateField):
    """A day in ISO 8601; a moment is cut to its day."""

    def to_internal_value(self, data: Any) -> Any:
        """The day."""
        return as_date(data, date_refusal(self, data))


def date_refusal(field: serializers.Field, data: Any) -> Any:
    """An update names the field whose date can't be read; everything else gives the database's sentence."""
    if field.root.instance is not None and isinstance(data, str) and data:
        return WrongParameter(f"Invalid date format for '{field.field_name}': '{data}'. Expected an ISO 8601 date or datetime.")
    return RowRefused(BAD_FORMAT)


class UuidColumn(serializers.UUIDField):
    """An id; whether it leads anywhere is the database's to say."""

    def to_internal_value(self, data: Any) -> UUID:
        """The id."""
        return as_uuid(data, RowRefused(BAD_FORMAT))


class JsonColumn(serializers.JSONField):
    """JSON of the column's shape."""

    def __init__(self, *, shape: Any = None, **kwargs: Any) -> None:
        self.shape = shape
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> Any:
        """The value itself."""
        if self.shape is not None and not self.shape(data):
            raise RowRefused(BAD_FORMAT)
        return data


class IdListColumn(serializers.ListField):
    """A relation: a list of ids or of objects with an `id`; null empties it."""

    child = serializers.UUIDField()

    def run_validation(self, data: Any = serializers.empty) -> list[UUID]:
        """The ids."""
        if data is None:
            return []
        if not isinstance(data, list):
            raise RowRefused(BAD_FORMAT)
        refusal = RowRefused(BAD_FORMAT)
        return [as_uuid(item.get("id") if isinstance(item, dict) else item, refusal) for item in data]


COLUMNS: list[tuple[type[models.Field], type[serializers.Field]]] = [
    (CodeField, CodeColumn),
    (ColorField, ColorColumn),
    (models.ForeignKey, UuidColumn),
    (models.UUIDField, UuidColumn),
    (models.BooleanField, BooleanColumn),
    (models.BigIntegerField, BigIntegerColumn),
    (models.IntegerField, IntegerColumn),
    (models.FloatField, FloatColumn),
    (models.DateTimeField, DateTimeColumn),
    (models.DateField, DateColumn),
    (models.JSONField, JsonColumn),
]


def serializer_field(column: models.Field) -> serializers.Field:
    """The input field that suits a column."""
    options: dict[str, Any] = {"required": False, "allow_null": True}
    kind = next((field for column_class, field in COLUMNS if isinstance(column, column_class)), TextColumn)
    if kind is CodeColumn:
        options["choices"] = column.choices
    elif kind is JsonColumn:
        options["shape"] = getattr(column, "shape", None)
    elif issubclass(kind, TextColumn):
        options["max_length"] = column.max_length
    return kind(**options)


def is_required(column: models.Field) -> bool:
    """The column takes no null and has no default."""
    return not column.null and not column.has_default()


class RowSerializer(serializers.Serializer):
    """What a client may write of a model. Creation refuses unknown keys, an update ignores them.

    `Meta.model` and `Meta.relations` say what there is; `Meta.protected` names what an update leaves alone. After
    `is_valid()`, `validated_data` holds the columns and `related` the relation lists.
    """

    class Meta:
        """Filled in per model by `serializer_for`."""

        model: type[models.Model]
        columns: dict[str, models.Field] = {}
        relations: tuple[str, ...] = ()
        protected: frozenset[str] = frozenset()
        ignored: frozenset[str] = frozenset()

    def get_fields(self) -> dict[str, serializers.Field]:
        """The fields that the body names; all of them when there is no body, as for the API's schema."""
        meta = self.Meta
        sent = getattr(self, "initial_data", None)
        fields: dict[str, serializers.Field] = {}
        for name, column in meta.columns.items():
            if name not in NEVER_WRITTEN and (sent is None or name in sent):
                fields[name] = serializer_field(column)
        for name in meta.relations:
            if sent is None or name in sent:
                fields[name] = IdListColumn(required=False, allow_null=True)
        return fields

    def to_internal_value(self, data: dict[str, Any]) -> dict[str, Any]:
        """The values by column. Raises RowRefused or WrongParameter in the API's words."""
        meta, creating = self.Meta, self.instance is None
        dropped = NEVER_WRITTEN | meta.ignored | (frozenset() if creating else meta.protected | {"project_id"})
        values: dict[str, Any] = {}
        for name, sent in data.items():
            if name in dropped:
                continue
            field = self.fields.get(name)
            if field is None:
                if creating:
                    raise RowRefused(f"'{name}' is an invalid keyword argument for {meta.model.__name__}")
                continue
            value = field.run_validation(sent)
            column = meta.columns.get(name)
            if value is None and column is not None:
                if creating and column.has_default():
                    continue
                if not column.null:
                    raise RowRefused(REQUIRED)
            values[name] = value
        if creating and any(is_required(c) and n not in values and n not in self.supplied for n, c in meta.columns.items()):
            raise RowRefused(REQUIRED)
        return values

    @property
    def supplied(self) -> set[str]:
        """Required columns that the server itself fills in."""
        return NEVER_WRITTEN | set(self.context.get("supplied", ()))

    @property
    def columns(self) -> dict[str, Any]:
        """The values that belong to columns."""
        return {name: value for name, value in self.validated_data.items() if name not in self.Meta.relations}

    @property
    def related(self) -> dict[str, list[UUID]]:
        """The relation lists that were sent."""
        return {name: value for name, value in self.validated_data.items() if name in self.Meta.relations}


def serializer_for(
    model: type[models.Model], *, relations: tuple[str, ...] = (), protected: Any = (), ignored: Any = ()
) -> type[RowSerializer]:
    """The input serializer of a model: `protected` columns are not updated, `ignored` ones never written."""
    meta = type(
        "Meta",
        (),
        {
            "model": model,
            "columns": {f.attname: f for f in model._meta.concrete_fields},
            "relations": relations,
            "protected": frozenset(protected),
            "ignored": frozenset(ignored),
        },
    )
    return type(
        f"{model.__name__}Input", (RowSerializer,), {"Meta": meta, "__doc__": f"What may be written of a {model.__name__}."}
    )
