"""The order of exported rows."""

from typing import Any

from django.db import connection
from django.db.models import F, Value
from django.db.models.functions import Coalesce, Collate


def by_code_point(text: Any) -> Collate:
    """A text to sort by, in the order of code points whatever the database's language."""
    return Collate(text, "C" if connection.vendor == "postgresql" else "BINARY")


def blanks_first(*paths: str) -> list[Any]:
    """Sorts by texts, of which a missing one counts as empty."""
    return [by_code_point(Coalesce(F(path), Value(""))).asc() for path in paths]


def nulls_last(*paths: str) -> list[Any]:
    """Sorts by texts, missing ones at the end."""
    return [by_code_point(F(path)).asc(nulls_last=True) for path in paths]
