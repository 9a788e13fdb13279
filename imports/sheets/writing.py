"""Writing a sheet: rows of values as CSV that no spreadsheet takes for formulas."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any

from core.sql import CHUNK
from core.words import slug

# A cell that a spreadsheet would run as a formula. A sign before digits alone runs nothing: telephone numbers stay as they are.
FORMULA = re.compile(r"'*[=+\-@\t\r]")
HARMLESS = re.compile(r"[+-][\d .()]+")
SUSPECT = frozenset("'=+-@\t\r")
GUARDED = re.compile(r"'+[=+\-@\t\r]")
Cells = Iterable[Any]


def guarded(value: Any) -> Any:
    """A cell's value; a text that a spreadsheet would run gets a quote before it."""
    if isinstance(value, str) and value[:1] in SUSPECT and FORMULA.match(value) and not HARMLESS.fullmatch(value):
        return "'" + value
    return value


def bared(cell: str) -> str:
    """The text of a cell without the quote that `guarded` put before it."""
    return cell[1:] if GUARDED.match(cell) else cell


def shown(value: Any) -> str:
    """A value as a cell shows it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def file_name(*parts: str) -> str:
    """The name of an exported file."""
    return f"kitsu_{slug(' '.join(parts), '_')}.csv"


def pieces(rows: Iterable[Cells]) -> Iterator[tuple[bytes, int]]:
    """The text of a sheet by thousands of rows, each piece with the number of its rows."""
    iterator = iter(rows)
    while chunk := list(islice(iterator, CHUNK)):
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=";").writerows([guarded(value) for value in row] for row in chunk)
        yield text.getvalue().encode(), len(chunk)


def sheet_bytes(header: Cells, rows: Iterable[Cells]) -> Iterator[bytes]:
    """The text of a sheet, piece by piece."""
    return (piece for piece, _ in pieces(chain([header], rows)))
