"""Reading single values that clients sent, leniently where the API is lenient. Each raises the refusal that it is given."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from core.api.converters import is_uuid
from core.errors import Refusal

SMALLEST, LARGEST = -(2**31), 2**31 - 1


def parsed(value: Any, refusal: Refusal) -> datetime:
    """An ISO 8601 moment, or a day at midnight, as it is written."""
    if not isinstance(value, str):
        raise refusal
    try:
        return datetime.fromisoformat(value.strip())
    except ValueError:
        raise refusal from None


def as_datetime(value: Any, refusal: Refusal) -> datetime:
    """An ISO 8601 moment, or a day at midnight, as naive UTC."""
    found = parsed(value, refusal)
    try:
        return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found
    except OverflowError:
        raise refusal from None


def as_date(value: Any, refusal: Refusal) -> date:
    """An ISO 8601 day; a moment is cut to the day that is written in it, whatever its time zone."""
    return parsed(value, refusal).date()


def as_integer(value: Any, refusal: Refusal, smallest: int = SMALLEST, largest: int = LARGEST) -> int:
    """A whole number, also as text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str) or isinstance(value, str) and "_" in value:
        raise refusal
    try:
        found = int(value)
    except (ValueError, OverflowError):
        raise refusal from None
    if isinstance(value, float) and found != value or not smallest <= found <= largest:
        raise refusal
    return found


def as_uuid(value: Any, refusal: Refusal) -> UUID:
    """An id in the 8-4-4-4-12 form, any letter case."""
    if not is_uuid(value):
        raise refusal
    return UUID(value)


def is_true(value: str | None) -> bool:
    """The query string's `true`, in any letter case; everything else is false."""
    return value is not None and value.lower() == "true"
