"""Importing a page of ShotGrid's entries: all are read and checked, then stored together, or none is."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from pydantic import ValidationError

from core.errors import Refusal
from core.models import now
from core.projection import Projection, Row
from core.transactions import hold, whole_step
from imports.rules.records import Origin, record_import
from imports.rules.sheets.base import CREATED, REFUSED, SKIPPED, UPDATED, in_chunks
from imports.rules.shotgrid.entries import Entry
from people.models import Person

UNCHANGED = "unchanged"
OUTCOMES = (CREATED, UPDATED, UNCHANGED, SKIPPED, REFUSED)
BATCH = 500
NOT_A_LIST = "An array of ShotGrid entries is expected."


class EntryRefused(Refusal):
    """An entry can't be stored, and so nothing of its page is; `entry` is its place in the page, from 0."""

    def __init__(self, message: str, number: int) -> None:
        super().__init__(message, entry=number)


class Skipped(Exception):
    """An entry is passed over; the text says why."""


@dataclass
class PageReport:
    """What became of the entries of a page. `instances` are the rows of those that were not passed over, in order."""

    counts: Counter[str] = field(default_factory=Counter)
    remarks: list[str] = field(default_factory=list)
    instances: list[Any] = field(default_factory=list)

    def add(self, other: "PageReport") -> None:
        """Takes over what another page came to, without its rows."""
        self.counts += other.counts
        self.remarks += other.remarks


class PageImport:
    """One kind of entries. A subclass reads what they refer to, plans each entry, and stores what was planned.

    With `lenient`, an entry that is refused is passed over and told in the report, for whoever brings over a whole site.
    """

    kind: ClassVar[str]
    model: ClassVar[type[Model]]
    reader: ClassVar[Projection]
    entry: ClassVar[type[Entry]]

    def __init__(self, *, by: Person, lenient: bool = False) -> None:
        self.by, self.lenient = by, lenient
        self.report = PageReport()
        self.created: list[Any] = []
        self.created_ids: set[Any] = set()
        self.changed: dict[Any, tuple[Any, set[str]]] = {}

    def run(self, page: Any, *, origin: Origin | None = None) -> PageReport:
        """Imports a page. Raises a refusal that names the entry; then nothing is stored."""
        if not isinstance(page, list):
            raise Refusal(NOT_A_LIST)
        entries = list(self.read(page))
        with whole_step():
            if entries:
                # What is found or made by its ShotGrid id is decided by one import after the other.
                hold("shotgrid")
                self.prepare([entry for _, entry in entries])
                for number, entry in entries:
                    self.plan_or_note(number, entry)
                self.store()
            if origin is not None and (self.report.counts[CREATED] or self.report.counts[UPDATED]):
                counts = {outcome: self.report.counts[outcome] for outcome in (CREATED, UPDATED, SKIPPED)}
                record_import(f"ShotGrid: {self.kind}", origin, counts=counts, by=self.by)
        return self.report

    def read(self, page: Sequence[Any]) -> Iterator[tuple[int, Any]]:
        """The entries that have what they need, each with its place in the page."""
        for number, value in enumerate(page):
            try:
                yield number, self.entry.model_validate(value)
            except ValidationError as failure:
                self.pass_over(number, value, failure)

    def pass_over(self, number: int, value: Any, failure: ValidationError) -> None:
        """Skips an entry that lacks keys. Raises EntryRefused for one whose values are wrong."""
        errors = failure.errors(include_url=False, include_context=False, include_input=False)
        wrong = [e for e in errors if e["type"] != "missing" or e["loc"][0] in self.entry.needed]
        first = (wrong or errors)[0]
        words = f"{'.'.join(map(str, first['loc']))}: {first['msg']}" if first["loc"] else first["msg"]
        if wrong:
            self.refuse(number, value, words)
        else:
            self.skip(value, words)

    def plan_or_note(self, number: int, entry: Any) -> None:
        """Plans an entry and counts what comes of it."""
        try:
            instance = self.plan(entry)
        except Skipped as reason:
            self.skip(entry, str(reason))
        except Refusal as refusal:
            self.refuse(number, entry, refusal.message)
        else:
            self.report.instances.append(instance)

    def skip(self, entry: Any, reason: str) -> None:
        """Notes that an entry is passed over."""
        self.report.counts[SKIPPED] += 1
        self.report.remarks.append(f"{self.kind} {id_of(entry)} skipped: {reason}")

    def refuse(self, number: int, entry: Any, reason: str) -> None:
        """Notes that an entry is refused, or raises EntryRefused."""
        if not self.lenient:
            raise EntryRefused(f"Entry {number} (ShotGrid id {id_of(entry)}): {reason}", number)
        self.report.counts[REFUSED] += 1
        self.report.remarks.append(f"{self.kind} {id_of(entry)} refused: {reason}")

    # What kinds of entries say

    def prepare(self, entries: list[Any]) -> None:
        """Reads what the entries may refer to, in a number of statements that does not depend on theirs, and holds it."""
        raise NotImplementedError

    def plan(self, entry: Any) -> Any:
        """The row of an entry, new or changed, not stored yet. Raises Skipped or a refusal."""
        raise NotImplementedError

    def store(self) -> None:
        """Stores what was planned."""
        self.store_rows()

    # What they share

    def make(self, **values: Any) -> Any:
        """A new row, not stored yet."""
        instance: Any = self.model(**values)
        instance.updated_at = instance.created_at
        self.created.append(instance)
        self.created_ids.add(instance.pk)
        self.report.counts[CREATED] += 1
        return instance

    def change(self, instance: Any, **values: Any) -> Any:
        """Sets on a row what is different, and counts it once."""
        different = {name: value for name, value in values.items() if getattr(instance, name) != value}
        for name, value in different.items():
            setattr(instance, name, value)
        if instance.pk in self.created_ids:
            return instance
        if different:
            self.touch(instance, *different)
        elif instance.pk not in self.changed:
            self.report.counts[UNCHANGED] += 1
        return instance

    def touch(self, instance: Any, *names: str) -> None:
        """Remembers a stored row as changed in these columns."""
        if instance.pk in self.created_ids:
            return
        if instance.pk not in self.changed:
            self.changed[instance.pk] = (instance, set())
            self.report.counts[UPDATED] += 1
        self.changed[instance.pk][1].update(names)

    def store_rows(self) -> None:
        """Stores new and changed rows, some hundreds by each statement."""
        manager: Any = self.model._base_manager
        manager.bulk_create(self.created, batch_size=BATCH)
        rows = [instance for instance, _ in self.changed.values()]
        names = {name for _, changed in self.changed.values() for name in changed}
        for row in rows:
            row.updated_at = now()
        if rows:
            manager.bulk_update(rows, sorted({*names, "updated_at"}), batch_size=BATCH)

    def rows(self) -> Iterator[Row]:
        """The rows as clients see them."""
        for chunk in in_chunks([instance.pk for instance in self.report.instances]):
            yield from self.reader.some(chunk, relations=False)


def id_of(entry: Any) -> Any:
    """The ShotGrid id of an entry, read or not; a question mark where it has none."""
    found = entry.get("id", "?") if isinstance(entry, dict) else getattr(entry, "id", "?")
    return found if isinstance(found, int) else "?"


def found(queryset: Any, column: str, values: Iterable[Any]) -> Iterator[Any]:
    """The rows whose column has one of the values, the oldest first, by some thousands."""
    wanted = {value for value in values if value is not None}
    for chunk in in_chunks(wanted):
        # Rows that are locked on the way are locked in the order in which everybody else does.
        rows = queryset.filter(**{f"{column}__in": chunk}).order_by("pk")
        yield from sorted(rows, key=lambda row: (row.created_at, row.pk))


def by_shotgun_id(queryset: Any, ids: Iterable[Any]) -> dict[Any, Any]:
    """The rows of some ShotGrid ids; of several of one id the oldest."""
    rows: dict[Any, Any] = {}
    for row in found(queryset, "shotgun_id", ids):
        rows.setdefault(row.shotgun_id, row)
    return rows


def held(queryset: Any) -> "QuerySet[Any]":
    """Rows that nobody else changes until the step ends."""
    return queryset.select_for_update(of=("self",), no_key=True)


def found_or_made(model: Any, colors: Mapping[str, str]) -> tuple[dict[str, Any], list[Any]]:
    """The rows of some unique names, those made in these colours that were missing; and which of them are new."""
    there = {row.name: row for row in found(model.objects, "name", colors)}
    missing = [model(name=name, color=color) for name, color in colors.items() if name not in there]
    if missing:
        model.objects.bulk_create(missing, ignore_conflicts=True)
        there |= {row.name: row for row in found(model.objects, "name", [row.name for row in missing])}
    made = {row.pk for row in missing}
    return there, [row for row in there.values() if row.pk in made]
