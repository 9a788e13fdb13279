"""Columns of sheets: each resolves its cell, cleans it, and assigns the value to the row in the making."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import isfinite
from typing import Any

from core.api.values import LARGEST, SMALLEST
from core.errors import Refusal
from imports.sheets.reading import Line
from imports.sheets.writing import shown

MISSING = "A columns is missing: '{name}'"
INVALID = "A value is invalid: {detail}"
YES, NO = ("y", "yes", "t", "true", "on", "1"), ("n", "no", "f", "false", "off", "0")


def invalid(detail: Any) -> Refusal:
    """The refusal of a cell that makes no sense."""
    return Refusal(INVALID.format(detail=detail))


@dataclass
class Draft:
    """What a line says about one row: columns to set and keys of its metadata, each with the cell that it came from.

    `unset` holds the cells by which exports show that a key has no value, where that is no empty one.
    """

    line: Line
    values: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    unset: dict[str, str] = field(default_factory=dict)

    def changes(self, row: Any) -> dict[str, Any]:
        """The columns of a stored row that the line sets to something else."""
        return {name: value for name, value in self.values.items() if not self.says(name, getattr(row, name), value)}

    def merged(self, data: Mapping[str, Any] | None) -> dict[str, Any]:
        """Metadata of a stored row with what the line sets to something else."""
        known = dict(data or {})
        return known | {key: value for key, value in self.data.items() if not self.says(key, known.get(key), value)}

    def says(self, name: str, present: Any, value: Any) -> bool:
        """The line says what is there: the same value, or the cell that an export shows for it."""
        if present == value:
            return True
        cell = self.cells.get(name)
        return cell is not None and (cell == shown(present) or (present in (None, "") and cell == self.unset.get(name)))


class Column:
    """One column of a sheet; its first filled `names` counts. A line without a required column is refused."""

    required = False

    def __init__(self, *names: str, into: str, required: bool = False, in_data: bool = False) -> None:
        self.names, self.into, self.required, self.in_data = names, into, required, in_data

    def cell(self, line: Line) -> str | None:
        """What the line has in this column, or None where the file has no such column. Raises a refusal where it must."""
        found = [line.cells[name] for name in self.names if name in line.cells]
        if self.required and not found:
            raise Refusal(MISSING.format(name=self.names[0]))
        return next((cell for cell in found if cell.strip()), found[0] if found else None)

    def read(self, draft: Draft) -> None:
        """Puts the value of the cell into the row; what is absent changes nothing."""
        cell = self.cell(draft.line)
        if cell is not None and (cell.strip() or self.takes_blank):
            self.assign(draft, cell, self.clean(cell))

    takes_blank = False

    def clean(self, cell: str) -> Any:
        """The value that a cell stands for. Raises a refusal where it stands for none."""
        return cell

    def assign(self, draft: Draft, cell: str, value: Any) -> None:
        """Puts a value where it belongs."""
        (draft.data if self.in_data else draft.values)[self.into] = value
        draft.cells[self.into] = cell


class TextColumn(Column):
    """Text as it is, an empty one too; `longest` is what the database takes."""

    takes_blank = True

    def __init__(self, *names: str, longest: int | None = None, **options: Any) -> None:
        super().__init__(*names, **options)
        self.longest = longest

    def clean(self, cell: str) -> str:
        """The text. Raises a refusal where it is too long."""
        if self.longest is not None and len(cell) > self.longest:
            raise invalid(f"{self.names[0]}: longer than {self.longest} characters")
        return cell


class NumberColumn(Column):
    """A whole number."""

    smallest, largest = SMALLEST, LARGEST

    def clean(self, cell: str) -> int:
        """The number. Raises a refusal where it is none that fits."""
        try:
            found = int(cell)
        except ValueError as error:
            raise self.refusal(cell, error) from None
        if not self.smallest <= found <= self.largest:
            raise self.refusal(cell, ValueError(f"{self.names[0]}: {cell}"))
        return found

    def refusal(self, cell: str, error: ValueError) -> Refusal:
        """What is said of a cell that is no such number."""
        return invalid(str(error)[:200])


class FrameColumn(NumberColumn):
    """A number of frames, or of one."""

    def refusal(self, cell: str, error: ValueError) -> Refusal:
        """Names the value that it was to be."""
        return Refusal(f"{self.into} must be an integer, got '{cell[:80]}'")


class DecimalColumn(Column):
    """A number, not below zero."""

    def clean(self, cell: str) -> float:
        """The number. Raises a refusal where it is none."""
        try:
            found = float(cell)
        except ValueError as error:
            raise invalid(str(error)[:200]) from None
        if not isfinite(found) or not 0 <= found <= LARGEST:
            raise invalid(f"{self.names[0]}: {cell[:80]}")
        return found


class DayColumn(Column):
    """A day, as YYYY-MM-DD."""

    def clean(self, cell: str) -> datetime:
        """The day at midnight. Raises a refusal where it is none."""
        try:
            return datetime.strptime(cell.strip(), "%Y-%m-%d")
        except ValueError as error:
            raise invalid(str(error)[:200]) from None


def truth_of(cell: str, name: str) -> bool:
    """What a word for yes or no says. Raises a refusal for any other."""
    word = cell.strip().lower()
    if word not in (*YES, *NO):
        raise invalid(f"{name}: {cell[:80]}")
    return word in YES
