"""One move of a studio, or of one production: from the first list read to the last row compared."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from assets.models import EntityLink
from core.rules import wipe
from imports.kitsu.changes import changes_since
from imports.kitsu.files import FileFetcher
from imports.kitsu.journal import Journal
from imports.kitsu.moving import Mover, Tally, projects_of
from imports.kitsu.source import Source, Unreadable
from imports.kitsu.studio import LINKS, Step, plan
from imports.rules.kitsu.removal import take_away
from imports.rules.kitsu.settings import set_link_options
from imports.rules.kitsu.values import Unfit
from people.models import Person

# Clocks tick in seconds, and a change is written a moment after its date.
OVERLAP = timedelta(minutes=2)


@dataclass
class Move:
    """What is moved from where, and how. `by` finds who takes rows away here when they went there: people may get other ids."""

    source: Source
    by: Callable[[], Person | None] = lambda: None
    project: str | None = None
    files: FileFetcher | None = None
    strict: bool = False
    advance: Callable[[str, int, int], None] = lambda step, done, total: None
    on_refusal: Callable[[str, Any], None] = lambda kind, refused: None
    faults: list[str] = field(default_factory=list)
    settings_changed: int = 0
    removed: int = 0
    project_ids: list[str] = field(default_factory=list)

    @property
    def only(self) -> str | None:
        """The one production that is moved, if it is one."""
        return self.project_ids[0] if self.project else None

    def open(self) -> datetime:
        """Signs in and finds the productions; the moment by the source's clock. Raises SourceFailed."""
        moment = self.source.open()
        self.project_ids = projects_of(self.source, self.project)
        return moment

    def mover(self, *, dry: bool) -> Mover:
        """What brings rows, or compares them."""
        how = {"strict": self.strict and not dry, "advance": self.advance, "faults": self.faults}
        if not dry:
            how["on_refusal"] = self.on_refusal
        return Mover(self.source, None if dry else self.files, dry=dry, **how)  # type: ignore[arg-type]

    def bring(self, journal: Journal) -> dict[str, Tally]:
        """Brings everything, step by step; steps that the journal has are done."""
        mover = self.mover(dry=False)
        for step, project_id in plan(self.project_ids, whole=self.project is None):
            name = f"{step.name} {project_id or ''}".strip()
            if name not in journal.done and self.one_step(mover, step, project_id):
                journal.mark(name)
        self.bring_settings()
        return mover.tallies

    def compare(self) -> dict[str, Tally]:
        """What would be new here or otherwise; nothing is written."""
        mover = self.mover(dry=True)
        for step, project_id in plan(self.project_ids, whole=self.project is None):
            if not step.again:
                self.one_step(mover, step, project_id)
        self.bring_settings(dry=True)
        return mover.tallies

    def one_step(self, mover: Mover, step: Step, project_id: str | None) -> bool:
        """One step; false when its list can't be read, which is noted, unless the source has no such list at all."""
        try:
            mover.move(step, project_id)
        except Unreadable as failure:
            self.faults.append(f"{step.name}: {failure}")
            return failure.status == 404
        return True

    def bring_settings(self, *, dry: bool = False) -> None:
        """Brings what productions say of their team, task types and statuses."""
        self.settings_changed = 0
        for project_id in self.project_ids:
            try:
                told = self.source.get(f"/data/projects/{project_id}")
                team = self.source.get(f"/data/projects/{project_id}/team")
                types = told.get("task_type_links") or {
                    pk: {"priority": value} for pk, value in (told.get("task_types_priority") or {}).items()
                }
                roles = {row["id"]: {"role": row["project_role"]} for row in team if "project_role" in row}
                options = {"team": roles, "task_types": types, "task_statuses": told.get("task_statuses_link") or {}}
                for name, links in options.items():
                    self.settings_changed += set_link_options(project_id, name, links, dry=dry)
            except (Unreadable, Unfit) as failure:
                self.faults.append(f"settings of production {project_id}: {failure}")

    # What changed since

    def catch_up(self, since: datetime) -> dict[str, Tally]:
        """Brings what changed there since a moment, and takes away what went."""
        since -= OVERLAP
        mover = self.mover(dry=False)
        mover.since = since
        for step, project_id in plan(self.project_ids, whole=self.project is None):
            self.one_step(mover, step, project_id)
        changes = changes_since(self.source, since, self.only)
        for (path, pk), step in changes.read_again.items():
            self.read_again(mover, step, pk, anew=(path, pk) in changes.files_anew)
        for entity_id in changes.castings:
            self.cast_again(mover, entity_id)
        self.take_away(changes.deleted)
        self.bring_settings()
        return mover.tallies

    def read_again(self, mover: Mover, step: Step, pk: str, *, anew: bool) -> None:
        """Brings one row as it is there now, with its files."""
        try:
            row = self.source.get(f"{step.of_studio}/{pk}" if step.of_studio else f"/data/{step.kind.path}/{pk}", relations="true")
        except Unreadable as failure:
            if failure.status not in (403, 404):
                self.faults.append(f"{step.name} {pk}: {failure}")
            return
        if anew and self.files:
            self.files.fetch(step.kind.path, [row], anew=True)
        mover.bring_rows(step, [row])

    def cast_again(self, mover: Mover, entity_id: str) -> None:
        """Makes the casting of an entity what it is there."""
        rows = [row for page, _ in self.source.rows("/data/entity-links", self.faults, entity_in_id=entity_id) for row in page]
        step = next(step for step, _ in plan([], whole=True) if step.kind is LINKS)
        mover.bring_rows(step, rows)
        cast = [row["entity_out_id"] for row in rows]
        gone = EntityLink.objects.filter(entity_in=UUID(entity_id)).exclude(entity_out_id__in=cast)
        self.removed += len(gone)
        wipe(EntityLink.objects.filter(pk__in=[link.pk for link in gone]))

    def take_away(self, deleted: list[tuple[Step, str]]) -> None:
        """Takes away rows that went. Some servers tell of a deletion when they only cancel: what is still there stays."""
        by = self.by()
        for step, pk in deleted:
            if step.of_studio and self.source.ask(f"{step.of_studio}/{pk}").status_code == 200:
                continue
            if by is None:
                self.faults.append(f"{step.name} {pk}: went there, and nobody is named who may remove it here")
                continue
            outcome = take_away(step.kind.model, pk, by=by)
            self.removed += outcome is True
            if isinstance(outcome, str):
                self.faults.append(f"{step.name} {pk}: went there, but can't be removed here: {outcome}")
