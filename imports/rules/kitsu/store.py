"""Storing rows of another server in batches: a constant number of statements each, with the ids that they have there."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import DataError, IntegrityError, transaction
from django.db.models import Q

from assets.rules.creation import temporal_type
from core.errors import BROKEN_RULE, DUPLICATE, REQUIRED
from core.models import now
from imports.rules.kitsu.kinds import Kind
from imports.rules.kitsu.links import Links
from imports.rules.kitsu.values import Unfit, as_id, as_ids, read_value

BATCH = 1000
Entry = dict[str, Any]


@dataclass
class Refused:
    """A row that can't be stored: its number in what was sent, from 1, its id as it was sent, the column, the reason.

    One that `waits` lacks a row of its own kind, which may come with a later batch; `sent` is the entry itself.
    """

    number: int
    id: Any
    field: str
    reason: str
    waits: bool = False
    sent: Any = None

    def __str__(self) -> str:
        return (
            f"Row {self.number} ({self.id}): {self.field}: {self.reason}"
            if self.field
            else f"Row {self.number} ({self.id}): {self.reason}"
        )


class Waiting(Unfit):
    """A reference leads to a row of the same kind that is not here, or not yet."""


@dataclass
class Line:
    """One entry on its way: its values by column, its relation lists, and the row that it becomes."""

    number: int
    sent: Entry
    pk: Any = None
    is_new: bool = True
    values: Entry = field(default_factory=dict)
    links: dict[str, list[UUID]] = field(default_factory=dict)
    row: Any = None
    differs: bool = False
    lists_here: dict[str, list[UUID]] = field(default_factory=dict)
    values_here: Entry = field(default_factory=dict)

    def refused(self, fault: Unfit) -> Refused:
        """Why this entry is not stored."""
        pk = self.sent.get("id") if isinstance(self.sent, dict) else None
        return Refused(self.number, pk, fault.field, fault.reason, isinstance(fault, Waiting), self.sent)


@dataclass
class Outcome:
    """What became of the entries: the lines stored, in order, and those refused. `unknown` counts keys that no column has."""

    lines: list[Line] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    unknown: Counter[str] = field(default_factory=Counter)

    @property
    def new(self) -> int:
        """How many rows were not here before."""
        return sum(line.is_new for line in self.lines)

    @property
    def changed(self) -> int:
        """How many rows were here, and were otherwise."""
        return sum(line.differs and not line.is_new for line in self.lines)


class Rows:
    """Rows of one kind on their way in.

    With `exact` they are kept as they are there: dates included, keys that this server does not know left out. With `dry`
    nothing is written. `assumed` holds the rows, by model and id with their production, that count as being here
    though they are not, since a dry run has stored none.
    """

    def __init__(
        self, kind: Kind, *, exact: bool = False, dry: bool = False, assumed: dict[Any, dict[UUID, Any]] | None = None
    ) -> None:
        self.kind, self.exact, self.dry = kind, exact, dry
        self.assumed: dict[Any, dict[UUID, Any]] = {} if assumed is None else assumed
        self.types: dict[str, Any] = {}
        self.unknown: Counter[str] = Counter()

    def store(self, entries: Iterable[Any], first: int = 1) -> Outcome:
        """Stores what fits of one batch, inside the transaction of the caller; `first` is the number of its first entry."""
        outcome = Outcome(unknown=self.unknown)
        lines = [Line(number, sent) for number, sent in enumerate(entries, first)]
        lines = list(self.fitting(lines, self.identify, outcome))
        here = self.here(lines)
        lines = list(self.fitting(lines, lambda line: self.read(line, here), outcome))
        for name in self.kind.references:
            lines = list(self.fitting(lines, self.reference_check(name, lines), outcome))
        links = Links(self.kind, lines, exact=self.exact, dry=self.dry, assumed=self.assumed)
        lines = list(self.fitting(lines, links.check, outcome))
        for line in lines:
            self.compose(line, here)
        outcome.lines = self.write(lines, outcome)
        links.write(outcome.lines)
        if self.dry:
            self.assumed.setdefault(self.kind.model, {}).update(
                {line.pk: getattr(line.row, "project_id", None) for line in outcome.lines}
            )
        return outcome

    def fitting(self, lines: list[Line], check: Any, outcome: Outcome) -> Iterator[Line]:
        """The lines that pass a check; the others are refused."""
        for line in lines:
            try:
                check(line)
            except Unfit as fault:
                outcome.refused.append(line.refused(fault))
            else:
                yield line

    def identify(self, line: Line) -> None:
        """Finds by which id, or other key, the entry is known. Raises Unfit."""
        if not isinstance(line.sent, dict):
            raise Unfit("", "this must be an object")
        for name in ("id", *self.kind.insists):
            if name not in line.sent and (name != "id" or self.kind.key == ("id",)):
                raise Unfit(name, "this is missing")
        if "id" in line.sent:
            line.pk = read_value("id", as_id, line.sent["id"])
        for name in self.kind.key:
            if name != "id":
                line.values[name] = read_value(name, as_id, line.sent.get(name))

    def key_of(self, line: Line) -> Any:
        """What the entry's row is known by here."""
        return line.pk if self.kind.key == ("id",) else tuple(line.values[name] for name in self.kind.key)

    def here(self, lines: list[Line]) -> dict[Any, Any]:
        """The rows that are here already, by their key; locked until the transaction ends. One statement."""
        condition = Q(pk__in={line.pk for line in lines if line.pk})
        if self.kind.key != ("id",):
            condition |= Q(**{f"{name}__in": {line.values[name] for line in lines} for name in self.kind.key})
        rows = self.kind.model._base_manager.order_by().filter(condition)
        rows = rows if self.dry else rows.select_for_update()
        if self.kind.key == ("id",):
            return {row.pk: row for row in rows}
        return {tuple(getattr(row, name) for name in self.kind.key): row for row in rows}

    def type_id(self, name: str) -> Any:
        """The id of an entity type that always exists."""
        if name not in self.types:
            self.types[name] = str(temporal_type(name).pk)
        return self.types[name]

    def read(self, line: Line, here: dict[Any, Any]) -> None:
        """Makes values of the entry's JSON, and finds the row that it changes. Raises Unfit."""
        kind = self.kind
        line.row = here.get(self.key_of(line))
        line.is_new = line.row is None
        entry = kind.translate(line.sent, line.is_new, self.type_id) if kind.translate else line.sent
        for name, value in entry.items():
            if name in ("id", "type") or name in kind.dropped:
                continue
            if name in kind.links:
                line.links[name] = read_value(name, as_ids, value)
            elif name not in kind.columns:
                if line.is_new and not self.exact:
                    raise Unfit(name, f"'{name}' is an invalid keyword argument for {kind.model.__name__}")
                self.unknown[name] += 1
            elif value is not None:
                found = read_value(name, kind.parsers[name], value)
                # The API tells whole seconds, though some of its routes let fractions through.
                line.values[name] = found.replace(microsecond=0) if self.exact and isinstance(found, datetime) else found
            elif kind.columns[name].null:
                line.values[name] = None
            elif not kind.columns[name].has_default():
                raise Unfit(name, REQUIRED)
            elif not line.is_new:
                line.values[name] = kind.columns[name].get_default()
        for name in kind.required if line.is_new else ():
            if name not in line.values:
                raise Unfit(name, "this is missing")
        if line.is_new:  # a later entry of the same id changes what this one makes
            line.row = here[self.key_of(line)] = kind.model(**({"pk": line.pk} if line.pk else {}))
        line.pk = line.row.pk

    def reference_check(self, name: str, lines: list[Line]) -> Any:
        """A check that the ids in a column lead to rows, of the same production where they must. One statement."""
        model, kind = self.kind.references[name], self.kind
        wanted = {line.values[name] for line in lines if line.values.get(name)}
        if not wanted:
            return lambda line: None
        placed = name in kind.alongside
        columns = ("pk", "project_id") if placed else ("pk",)
        known = {row[0]: row[-1] for row in model._base_manager.order_by().filter(pk__in=wanted).values_list(*columns)}
        known |= {pk: place for pk, place in self.assumed.get(model, {}).items() if pk in wanted}
        if model is kind.model:
            known |= {line.pk: self.place(line) for line in lines}

        def check(line: Line) -> None:
            value = line.values.get(name)
            if value is None:
                return
            if value not in known:
                if name not in kind.lenient:
                    raise (Waiting if model is kind.model else Unfit)(name, f"there is no {model._meta.verbose_name} {value} here")
                del line.values[name]
            elif placed and known[value] != self.place(line):
                raise Unfit(name, f"the {model._meta.verbose_name} {value} belongs to another production")

        return check

    def place(self, line: Line) -> Any:
        """The production that the row will be in."""
        return line.values.get("project_id", getattr(line.row, "project_id", None))

    def compose(self, line: Line, here: dict[Any, Any]) -> None:
        """Puts the values into the row, and notes whether it is otherwise then."""
        if not self.exact and self.kind.dated_now:
            line.values["updated_at"] = now()
        changed = [name for name, value in line.values.items() if getattr(line.row, name) != value]
        if changed and not line.is_new and not self.exact and "updated_at" not in line.values:
            line.values["updated_at"] = now()
        if self.dry and not line.is_new:
            line.values_here = {name: getattr(line.row, name) for name in line.values}
        for name, value in line.values.items():
            setattr(line.row, name, value)
        line.differs = bool(changed)

    def write(self, lines: list[Line], outcome: Outcome) -> list[Line]:
        """Writes the rows that are new or otherwise, all by one statement; the lines that the database took."""
        rows = {line.pk: line.row for line in lines if line.is_new or line.differs}
        if self.dry or not rows:
            return lines
        columns = [name.name for name in self.kind.columns.values() if not name.primary_key]
        try:
            with transaction.atomic():
                self.kind.model._base_manager.bulk_create(
                    rows.values(), update_conflicts=True, unique_fields=["id"], update_fields=columns
                )
        except (IntegrityError, DataError, OverflowError) as error:
            if len(lines) == 1:
                outcome.refused.append(lines[0].refused(Unfit("", reason_of(error))))
                return []
            middle = len(lines) // 2
            return [*self.write(lines[:middle], outcome), *self.write(lines[middle:], outcome)]
        return lines


def reason_of(error: Exception) -> str:
    """Why the database refuses a row, with the values that are there already."""
    diagnosis = getattr(error.__cause__, "diag", None)
    if getattr(error.__cause__, "pgcode", None) == "23505":
        return f"{DUPLICATE} {diagnosis.message_detail or ''}".strip()  # type: ignore[union-attr]
    if str(error).startswith("UNIQUE constraint failed: "):
        return f"{DUPLICATE} ({str(error).removeprefix('UNIQUE constraint failed: ')})"
    name = getattr(diagnosis, "constraint_name", None)
    return f"{BROKEN_RULE} ({name})" if name else f"{BROKEN_RULE} ({error})" if "CHECK" in str(error) else BROKEN_RULE


def batches(entries: list[Any]) -> Iterator[tuple[int, list[Any]]]:
    """The entries in batches, each with the number of its first."""
    for start in range(0, len(entries), BATCH):
        yield start + 1, entries[start : start + BATCH]
