"""Bringing a production in out of an archive, wholly or not at all."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

import orjson
from django.contrib.auth.hashers import make_password
from django.db import DataError, IntegrityError

from core.errors import Refusal
from core.progress import advanced
from core.projection import Row
from core.rules import announce
from core.sql import CHUNK
from core.transactions import hold, whole_step
from events.emit import emit
from imports.archives.checking import Check, rows_of
from imports.archives.container import Archive, ArchiveRefused, reading
from imports.archives.files import Placed, place_files
from imports.archives.matching import Matching, match
from imports.archives.parts import OF_STUDIO, PARTS, STUDIO_PARTS, Model
from imports.archives.rows import Decoded, RowForm
from imports.rules.records import Origin, record_import
from imports.rules.sheets.persons import claim_seats
from people.models import Person
from production.models import Project

ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
BATCH = 500
LONGEST_NAME = 80
HERE_ALREADY = "The production is here already, as “{name}”. Say --as NAME to make a copy of it with ids of its own."
NAME_TAKEN = "There is a production named “{name}” already. Say --as NAME to bring this one in under another, with ids of its own."
ROWS_TAKEN = "The studio has rows of {model} with the archive's ids, in another production. Say --as NAME to make a copy of them."
MOVED = "The studio changed while the archive was read: nothing was stored. Try again."


class OnlyPlanned(Exception):
    """A dry run is over."""


@dataclass
class Summary:
    """What came in, or would: rows by model, files, and how the archive's rows of the studio were found here."""

    production: str = ""
    rows: Counter[str] = field(default_factory=Counter)
    files: int = 0
    matching: Matching = field(default_factory=Matching)


class Import:
    """One archive on its way in. With `name` the production becomes a copy of that name, all its rows with new ids."""

    def __init__(self, archive: Archive, *, by: Person, name: str | None = None) -> None:
        self.archive, self.by, self.name = archive, by, name
        self.summary = Summary()
        self.ids: dict[str, str] = {}

    def run(self, origin: Origin, *, dry_run: bool) -> Summary:
        """Check everything, place the files, then store all rows in one step. Raises a refusal; then nothing is stored.

        A dry run does the same but for the files, and takes all of it back.
        """
        self.contents = Check(self.archive).run()
        if self.name is not None:
            own = (pk for part in PARTS for pk in self.contents.ids[part.model])
            self.ids = {pk: str(uuid4()) for pk in own}
        matching = match(self.contents.studio)
        self.refuse_clashes()
        placed = Placed()
        try:
            if not dry_run:
                place_files(self.archive, self.ids, self.owners(matching), placed)
            self.store(matching, origin, dry_run=dry_run)
        except OnlyPlanned:
            pass
        except (IntegrityError, DataError) as error:
            placed.take_back()
            raise ArchiveRefused(f"The rows don't fit together, or clash with those of the studio: {error}".strip()) from error
        except BaseException:
            placed.take_back()
            raise
        self.summary.files = placed.count if not dry_run else sum(1 for _ in self.archive.files())
        return self.summary

    def owners(self, matching: Matching) -> set[str]:
        """The ids of the archive whose files are wanted: the production's own rows, and what the studio lacks."""
        return set().union(*(self.contents.ids[part.model] for part in PARTS), matching.new_ids())

    def refuse_clashes(self) -> None:
        """Raises a refusal where the production's name or its rows are here already."""
        project = self.contents.project
        name = self.name or project["name"]
        if self.name is None and (present := Project.objects.filter(pk=project["id"]).first()) is not None:
            raise Refusal(HERE_ALREADY.format(name=present.name))
        if Project.objects.filter(name=name).exists():
            raise Refusal(NAME_TAKEN.format(name=name))
        if self.name is None:
            for part in PARTS:
                for chunk in in_chunks(self.contents.ids[part.model]):
                    if part.model._base_manager.filter(pk__in=chunk).exists():
                        raise Refusal(ROWS_TAKEN.format(model=part.model.__name__))

    @whole_step()
    def store(self, seen: Matching, origin: Origin, *, dry_run: bool) -> None:
        """Store all rows, with what tells of them. Raises OnlyPlanned at the end of a dry run."""
        hold("people")
        hold("archives")
        matching = match(self.contents.studio)
        if matching.verdict != seen.verdict:
            raise Refusal(MOVED)
        self.refuse_clashes()
        self.ids |= matching.ids
        self.summary.matching = matching
        self.summary.production = self.name or self.contents.project["name"]
        for studio_part in STUDIO_PARTS:
            self.add_to_studio(studio_part.model, matching.new.get(studio_part.model.__name__, []))
        for part in PARTS:
            form = RowForm(part.reader)
            self.insert(form, (form.decode(self.renamed(row, part.model)) for row in rows_of(self.archive, part.model)))
        project_id = UUID(self.ids.get(str(self.contents.project["id"]), str(self.contents.project["id"])))
        emit("project:new", {"project_id": project_id}, by=self.by)
        record_import("Archive of a production", origin, counts=self.summary.rows, by=self.by, project_id=project_id)
        if dry_run:
            raise OnlyPlanned

    def renamed(self, row: Row, model: Model) -> Row:
        """A row with the studio's ids instead of the archive's, wherever it has them; in a copy, what must be single is empty."""
        if self.ids:
            text = ID.sub(lambda found: self.ids.get(found[0], found[0]), orjson.dumps(row).decode())
            row = orjson.loads(text)
        if self.name is not None:
            single = (column for column in model._meta.concrete_fields if column.unique and column.null)
            row |= {column.attname: None for column in single if column.attname in row}
            if model is Project:
                row["name"] = self.name
        return row

    def add_to_studio(self, model: Model, rows: list[Decoded]) -> None:
        """Store rows that the studio lacks."""
        if model is Person:
            for row in rows:
                take_on(row)
            claim_seats(sum(is_seated(row) for row in rows))
        self.insert(RowForm(OF_STUDIO[model].reader), iter(rows))
        for row in rows:
            announce(model(**row.values), "new", by=self.by, stem=OF_STUDIO[model].stem)

    def insert(self, form: RowForm, rows: Iterator[Decoded]) -> None:
        """Store rows of a model with their lists, by hundreds."""
        batch: list[Decoded] = []
        for row in rows:
            batch.append(row)
            if len(batch) == BATCH:
                self.insert_batch(form, batch)
                batch = []
        self.insert_batch(form, batch)

    def insert_batch(self, form: RowForm, rows: list[Decoded]) -> None:
        """Store some rows with their lists."""
        if not rows:
            return
        form.model._base_manager.bulk_create([form.model(**row.values) for row in rows])
        for name, many in form.lists.items():
            through, here, there = many.remote_field.through, many.m2m_field_name(), many.m2m_reverse_field_name()
            links = [through(**{f"{here}_id": row.pk, f"{there}_id": other}) for row in rows for other in row.lists.get(name, ())]
            through._base_manager.bulk_create(links, batch_size=BATCH)
        self.summary.rows[form.model.__name__] += len(rows)
        advanced(str(form.model._meta.verbose_name_plural), len(rows))


def take_on(row: Decoded) -> None:
    """Somebody new has no password until they are invited, and is nobody's studio manager here."""
    row.values["password"] = make_password(None)
    if row.values.get("role") == "admin":
        row.values["role"] = "manager"


def is_seated(row: Decoded) -> bool:
    """The person counts towards the studio's limit of people."""
    values = row.values
    return values.get("active") is not False and not values.get("is_bot") and not values.get("is_guest")


def in_chunks(ids: set[str]) -> Iterator[list[str]]:
    """Ids in lists that one statement takes."""
    found = sorted(ids)
    return (found[start : start + CHUNK] for start in range(0, len(found), CHUNK))


def checked_name(name: str | None) -> str | None:
    """A name for a production. Raises a refusal for one that is empty or too long."""
    if name is not None and not (0 < len(name.strip()) <= LONGEST_NAME and "\x00" not in name):
        raise Refusal(f"A production's name has 1 to {LONGEST_NAME} characters.")
    return name and name.strip()


def import_production(path: Path, *, by: Person, origin: Origin, name: str | None = None, dry_run: bool = False) -> Summary:
    """Bring in the production of an archive. Raises a refusal that says what stands against it; then nothing is stored."""
    name = checked_name(name)
    with reading(path) as archive:
        return Import(archive, by=by, name=name).run(origin, dry_run=dry_run)
