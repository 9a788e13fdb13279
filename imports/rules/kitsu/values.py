"""Reading the values of rows that another server sent: one small function per kind of column."""

import math
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db import models

from core.api.converters import is_uuid
from core.api.values import as_date, as_datetime, as_integer
from core.errors import Refusal
from core.fields import NOT_A_COLOR, CodeField, ColorField, is_color

Parser = Callable[[Any], Any]
BIGGEST = 2**63 - 1


class Unfit(Exception):
    """A value, or a row as a whole, that can't be stored: the name of the column, and why."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}" if field else reason)
        self.field, self.reason = field, reason


def as_text(value: Any, longest: int | None) -> str:
    """A text that fits its column; numbers are stored as their text."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("this must be a text")
    text = str(value)
    if "\x00" in text:
        raise ValueError("this holds a NUL character")
    if longest is not None and len(text) > longest:
        raise ValueError(f"this is longer than {longest} characters")
    return text


def as_color(value: Any) -> str:
    """A colour."""
    if not is_color(value):
        raise ValueError(NOT_A_COLOR)
    return str(value)


def as_truth(value: Any) -> bool:
    """A JSON boolean."""
    if not isinstance(value, bool):
        raise ValueError("this must be true or false")
    return value


def as_number(value: Any) -> float:
    """A finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("this must be a number")
    return float(value)


def as_id(value: Any) -> UUID:
    """An id."""
    if not is_uuid(value):
        raise ValueError("this must be an id")
    return UUID(value)


def as_ids(value: Any) -> list[UUID]:
    """A list of ids, or of objects with an id; null is an empty one. What occurs twice counts once."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise ValueError("this must be a list of ids")
    return list(dict.fromkeys(as_id(item.get("id") if isinstance(item, dict) else item) for item in value))


def whole(smallest: int, largest: int) -> Parser:
    """A whole number within these bounds."""
    refusal = Refusal(f"this must be a whole number from {smallest} to {largest}")
    return lambda value: as_integer(value, refusal, smallest, largest)


def one_of(codes: list[str]) -> Parser:
    """One of a few codes."""
    known, words = frozenset(codes), "this must be one of " + ", ".join(codes)

    def read(value: Any) -> str:
        if not isinstance(value, str) or value not in known:
            raise ValueError(words)
        return value

    return read


def shaped(shape: Callable[[Any], bool] | None) -> Parser:
    """JSON of a column's shape."""
    words = "this must be " + (getattr(shape, "__doc__", None) or "JSON").rstrip(".").replace("A ", "a ", 1)

    def read(value: Any) -> Any:
        if shape is not None and not shape(value):
            raise ValueError(words)
        return value

    return read


def moment(value: Any) -> datetime:
    """A moment as naive UTC."""
    return as_datetime(value, Refusal("this must be a moment such as 2026-02-03T10:00:00"))


def day(value: Any) -> date:
    """A day."""
    return as_date(value, Refusal("this must be a day such as 2026-02-03"))


@cache
def parser_for(column: "models.Field[Any, Any]") -> Parser:
    """What reads the values of a column. It raises ValueError or Refusal with the reason in words."""
    kinds: list[tuple[Any, Callable[[], Parser]]] = [
        (CodeField, lambda: one_of([code for code, _ in column.choices or []])),
        (ColorField, lambda: as_color),
        ((models.ForeignKey, models.UUIDField), lambda: as_id),
        (models.BooleanField, lambda: as_truth),
        (models.BigIntegerField, lambda: whole(-BIGGEST, BIGGEST)),
        (models.IntegerField, lambda: whole(-(2**31), 2**31 - 1)),
        (models.FloatField, lambda: as_number),
        (models.DateTimeField, lambda: moment),
        (models.DateField, lambda: day),
        (models.JSONField, lambda: shaped(getattr(column, "shape", None))),
    ]
    make = next((make for kind, make in kinds if isinstance(column, kind)), None)
    return make() if make else lambda value: as_text(value, column.max_length)


def read_value(name: str, parse: Parser, value: Any) -> Any:
    """The value of a column. Raises Unfit with the column's name."""
    try:
        return parse(value)
    except ValueError as error:
        raise Unfit(name, str(error)) from None
    except Refusal as refusal:
        raise Unfit(name, refusal.message) from None
