"""Importing a sheet: every line is read and checked first, then all is stored in one transaction, or nothing."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

from core.errors import Refusal
from core.progress import advanced
from core.projection import Projection, Row, chunks
from core.sql import CHUNK
from core.transactions import whole_step
from imports.rules.records import Origin, record_import
from imports.sheets.reading import Line, LineRefused, Sheet, read_sheet
from people.models import Person

UNCHANGED = "It is like that already."
CREATED, UPDATED, SKIPPED, REFUSED = "created", "updated", "skipped", "refused"


@dataclass
class Report:
    """What became of each line, or would."""

    ignored_columns: list[str] = field(default_factory=list)
    lines: list[Row] = field(default_factory=list)
    instances: list[Any] = field(default_factory=list)

    def note(self, line: Line, outcome: str, message: str | None = None, instance: Any = None) -> None:
        """Writes down what became of a line."""
        self.lines.append({"line_number": line.number, "outcome": outcome, "message": message})
        self.instances.append(instance)

    def note_change(self, line: Line, changes: Iterable[str], instance: Any = None) -> None:
        """Writes down what a line changes of something that is there: columns, or task types; without any it is skipped."""
        words = dict.fromkeys(name.removesuffix("_id").replace("_", " ") for name in sorted(changes))
        if words:
            self.note(line, UPDATED, f"Changes {', '.join(words)}.", instance)
        else:
            self.note(line, SKIPPED, UNCHANGED, instance)

    @property
    def totals(self) -> dict[str, int]:
        """The number of lines by what became of them."""
        counts = Counter(entry["outcome"] for entry in self.lines)
        return {outcome: counts[outcome] for outcome in (CREATED, UPDATED, SKIPPED, REFUSED)}

    @property
    def payload(self) -> Row:
        """The report as clients of a dry run see it."""
        return {**self.totals, "ignored_columns": self.ignored_columns, "lines": self.lines}


class SheetImport:
    """One kind of sheet. A subclass says which columns it reads, plans a line, and stores what all lines planned.

    Planning reads and decides; it stores nothing, so that a dry run is the same import without its end.
    """

    reader: ClassVar[Projection | None] = None
    called: ClassVar[str]
    project_id: Any = None

    def __init__(self, *, by: Person, update: bool = False) -> None:
        self.by, self.update = by, update
        self.report = Report()

    def run(self, content: bytes, *, dry_run: bool = False, origin: Origin | None = None) -> Report:
        """Imports the bytes of a CSV file, and writes down where they came from. Raises a refusal that names the line; then
        nothing is stored.

        A dry run stores nothing either; it goes on after a line that is refused, and says so in the report.
        """
        sheet = read_sheet(content)
        with whole_step():
            self.prepare(sheet)
            read = self.names_read()
            sheet.refuse_doubles(read)
            self.report.ignored_columns = list(dict.fromkeys(name for name in sheet.columns if name not in read))
            for line in sheet.lines:
                self.plan_or_note(line, dry_run)
                advanced("lines", 1)
            if not dry_run:
                self.store()
                if origin is not None:
                    record_import(f"CSV: {self.called}", origin, counts=self.report.totals, by=self.by, project_id=self.project_id)
        return self.report

    def plan_or_note(self, line: Line, dry_run: bool) -> None:
        """Plans a line; its refusal gets the number of the line, or is noted in a dry run."""
        try:
            self.plan(line)
        except Refusal as refusal:
            if not dry_run:
                raise LineRefused(refusal.message, line.number) from refusal
            self.report.note(line, REFUSED, refusal.message)

    def prepare(self, sheet: Sheet) -> None:
        """Reads what the lines may refer to, in a fixed number of statements, and locks what they decide about."""
        raise NotImplementedError

    def names_read(self) -> set[str]:
        """The columns that are read where the file has them."""
        raise NotImplementedError

    def plan(self, line: Line) -> None:
        """Decides what a line does, and notes it in the report. Raises a refusal."""
        raise NotImplementedError

    def store(self) -> None:
        """Stores what was planned, with its events."""
        raise NotImplementedError

    def rows(self) -> Iterator[Row | None]:
        """What the lines stored or found, as clients see it, in the order of the file; nothing but a null each without `reader`."""
        if self.reader is None:
            return iter([None] * len(self.report.lines))
        return shown_rows(self.reader, [instance.pk for instance in self.report.instances])


def shown_rows(reader: Projection, ids: list[Any]) -> Iterator[Row]:
    """Rows by their ids, read by thousands."""
    for chunk in in_chunks(ids):
        yield from reader.some(chunk, relations=False)


def in_chunks(ids: Iterable[Any]) -> Iterator[list[Any]]:
    """Ids in lists that one statement takes."""
    return chunks(list(ids), CHUNK)
