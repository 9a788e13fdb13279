"""Moving rows over, step by step, with a report of what became of them."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from core.api.converters import is_uuid
from core.transactions import whole_step
from events.stamps import STUDIO, touch
from imports.kitsu.files import FileFetcher
from imports.kitsu.source import Source, SourceFailed
from imports.kitsu.studio import PRODUCTIONS, Step
from imports.rules.kitsu.adoption import adopt, matches
from imports.rules.kitsu.routes import stamp
from imports.rules.kitsu.store import BATCH, Line, Outcome, Refused, Rows

SPACE = 2**128


class Stopped(Exception):
    """A row does not fit, and the person wants to hear of it at once."""


@dataclass
class Tally:
    """What became of the rows of one kind; the sums are equal where the rows are."""

    there: int = 0
    new: int = 0
    changed: int = 0
    adopted: int = 0
    refused: list[Refused] = field(default_factory=list)
    sum_there: int = 0
    sum_here: int = 0

    @property
    def here(self) -> int:
        """How many of the rows are here, counted before anything was written."""
        return self.there - self.new - len(self.refused)

    @property
    def agrees(self) -> bool:
        """Each row is here, and as it is there."""
        return not (self.new or self.changed or self.refused) and self.sum_there == self.sum_here


def digest(pk: Any, values: dict[str, Any], lists: dict[str, list[Any]]) -> int:
    """A number for a row and all that it holds; the sum of such numbers does not mind the order of the rows."""
    content = [str(pk), values, {name: sorted(map(str, ids)) for name, ids in lists.items() if ids}]
    text = orjson.dumps(content, default=str, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)
    return int.from_bytes(hashlib.blake2b(text, digest_size=16).digest())


@dataclass
class Mover:
    """Brings the rows of steps here, or with `dry` only tells what would be otherwise.

    `advance` hears of every batch: the step's name, how many rows of how many. With `since`, lists of productions' rows, which
    begin with what changed last, are read down to that moment only.
    """

    source: Source
    files: FileFetcher | None = None
    dry: bool = False
    strict: bool = False
    advance: Callable[[str, int, int], None] = lambda step, done, total: None
    on_refusal: Callable[[str, Refused], None] = lambda kind, refused: None
    tallies: dict[str, Tally] = field(default_factory=dict)
    unknown: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    assumed: dict[Any, dict[UUID, Any]] = field(default_factory=dict)
    since: datetime | None = None

    def move(self, step: Step, project_id: str | None) -> None:
        """Brings the rows of one step, page by page. Raises SourceFailed, Stopped."""
        rows = Rows(step.kind, exact=True, dry=self.dry, assumed=self.assumed if self.dry else None)
        tally = Tally() if step.again else self.tallies.setdefault(step.kind.path, Tally())
        postponed: list[Any] = []
        done, seen = 0, set()
        for page, total in self.pages(step, project_id):
            fresh = [row for row in page if not is_row(row) or row["id"] not in seen]
            seen |= {row["id"] for row in fresh if is_row(row)}
            if step.kind.ours:
                tally.adopted += len(matches(step.kind, fresh)) if self.dry else adopt(step.kind, fresh)
            postponed += self.bring(step, rows, fresh, tally, may_wait=True)
            done += len(page)
            self.advance(step.name, done, total)
            if self.is_known(step, project_id, page):
                break
        while postponed:
            waiting = postponed
            postponed = self.bring(step, rows, waiting, tally, may_wait=True)
            if len(postponed) == len(waiting):
                self.bring(step, rows, waiting, tally, may_wait=False)
                break
        self.unknown.update({f"{step.kind.path}.{name}": count for name, count in rows.unknown.items()})

    def bring_rows(self, step: Step, entries: list[Any]) -> None:
        """Brings single rows of a step."""
        rows = Rows(step.kind, exact=True)
        self.bring(step, rows, entries, self.tallies.setdefault(step.kind.path, Tally()), may_wait=False)

    def is_known(self, step: Step, project_id: str | None, page: list[Any]) -> bool:
        """All that comes after this page was last changed before `since`."""
        if self.since is None or step.studio_wide or not (project_id is None or step.by_project):
            return False
        dates = [row.get("updated_at") for row in page if isinstance(row, dict)]
        return all(isinstance(date, str) and date < self.since.isoformat(timespec="seconds") for date in dates)

    def pages(self, step: Step, project_id: str | None) -> Iterator[tuple[list[Any], int]]:
        """The rows of a step as the source has them; where rows of the studio come under other ids, all at once."""
        pages = self.read(step, project_id)
        if not step.kind.ours:
            return pages
        rows = [row for page, _ in pages for row in page]
        return iter([(rows, len(rows))])

    def read(self, step: Step, project_id: str | None) -> Iterator[tuple[list[Any], int]]:
        """The list that the step is read from."""
        query = {"with_pass_hash": "true"} if step.kind.path == "persons" else {}
        if project_id is None or step.studio_wide:
            yield from self.source.rows(step.of_studio, self.faults, **query)
        elif step.kind is PRODUCTIONS.kind:
            yield from self.source.rows(step.of_studio, self.faults, id=project_id)
        elif step.by_project:
            yield from self.source.rows(step.of_studio, self.faults, project_id=project_id)
        elif step.of_production:
            yield from self.source.rows(step.of_production.format(project_id), self.faults)
        else:
            for page, total in self.source.rows(step.of_studio, self.faults):
                yield self.belonging(step, page), total

    def belonging(self, step: Step, rows: list[Any]) -> list[Any]:
        """Those rows of a list of the studio that refer to something that is here."""
        column = step.kind.model._meta.get_field(step.through.removesuffix("_id") if step.kind.path != "chats" else "object_id")
        model: Any = column.related_model or PRODUCTIONS.kind.model._meta.get_field("entities").related_model
        wanted = {row[step.through] for row in rows if isinstance(row, dict) and is_uuid(row.get(step.through))}
        here = {str(pk) for pk in model._base_manager.filter(pk__in=wanted).values_list("pk", flat=True)}
        here |= {str(pk) for pk in self.assumed.get(model, {})} if self.dry else set()
        return [row for row in rows if isinstance(row, dict) and row.get(step.through) in here]

    def bring(self, step: Step, rows: Rows, entries: list[Any], tally: Tally, *, may_wait: bool) -> list[Any]:
        """Stores entries in batches, their files first; those that wait for a row of their own kind come back."""
        waiting: list[Any] = []
        for at in range(0, len(entries), BATCH):
            batch = entries[at : at + BATCH]
            if self.files and not self.dry:
                self.files.fetch(step.kind.path, batch)
            with whole_step():
                outcome = rows.store(batch, at + 1)
                if not self.dry:
                    self.note(step, outcome.lines)
            kept = [refused for refused in outcome.refused if not (may_wait and refused.waits)]
            waiting += [refused.sent for refused in outcome.refused if may_wait and refused.waits]
            self.count(step, outcome, kept, tally)
        return waiting

    def note(self, step: Step, lines: list[Line]) -> None:
        """Has boards read anew what changed."""
        changed = [line for line in lines if line.differs or line.is_new]
        if step.kind.production is not None:
            stamp(step.kind, changed)
        elif changed:
            touch(STUDIO)

    def count(self, step: Step, outcome: Outcome, refused: list[Refused], tally: Tally) -> None:
        """Adds a batch to the report. Raises Stopped."""
        tally.there += len(outcome.lines) + len(refused)
        tally.new += outcome.new
        tally.changed += outcome.changed
        tally.refused += refused
        if self.dry:
            for line in outcome.lines:
                tally.sum_there = (tally.sum_there + digest(line.pk, line.values, line.links)) % SPACE
                if not line.is_new:
                    tally.sum_here = (tally.sum_here + digest(line.pk, line.values_here, listed(line))) % SPACE
        for fault in refused:
            self.on_refusal(step.kind.path, fault)
            if self.strict:
                raise Stopped(f"{step.kind.path}: {fault}")


def listed(line: Line) -> dict[str, list[Any]]:
    """The relation lists of the row that is here, as far as they were sent."""
    return {name: line.lists_here.get(name, []) for name in line.links}


def is_row(row: Any) -> bool:
    """An object with an id."""
    return isinstance(row, dict) and isinstance(row.get("id"), str)


def projects_of(source: Source, name: str | None) -> list[str]:
    """The ids of the productions there, or of the one of a name or id. Raises SourceFailed."""
    rows: Iterable[Any] = (row for page, _ in source.rows("/data/projects", []) for row in page)
    known = [row for row in rows if is_row(row)]
    if name is None:
        return [row["id"] for row in known]
    found = [row["id"] for row in known if name in (row["id"], row.get("name"))]
    if not found:
        raise SourceFailed(f"There is no production {name!r} on {source.address}.")
    return found
