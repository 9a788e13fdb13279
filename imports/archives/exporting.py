"""Writing a production into an archive."""

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson

from core.progress import advanced
from core.sql import CHUNK
from files.rules.purging import OWNERS
from files.storage import BLOCK, key, storage_of
from imports.archives.container import ArchiveWriter, writing
from imports.archives.parts import OWN, PARTS, STUDIO_PARTS, Model, Part, by_name
from imports.archives.rows import RowForm
from imports.archives.snapshot import snapshot
from production.models import Project

ID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@dataclass
class Summary:
    """How much an archive holds; `left_out` counts what refers to rows of other productions, by model."""

    rows: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    files: int = 0
    size: int = 0


class Export:
    """One production on its way into an archive."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.summary = Summary()
        self.own: dict[Model, set[str]] = {}
        self.mentioned: set[bytes] = set()
        self.owners: dict[Model, list[str]] = {}

    def write(self, archive: ArchiveWriter | None, *, with_files: bool = True) -> Summary:
        """Write rows, then files, then the manifest; without an archive, only count what there would be."""
        with snapshot():
            for part in PARTS:
                rows = part.model._base_manager.filter(part.rows(self.project.pk))
                self.own[part.model] = {str(pk) for pk in rows.order_by().values_list("pk", flat=True)}
            for part in PARTS:
                self.add_rows(archive, part.model, self.lines_of(part))
            self.add_studio(archive)
        if with_files:
            self.add_files(archive)
        if archive is not None:
            archive.close({"id": str(self.project.pk), "name": self.project.name}, dict(self.summary.left_out))
        return self.summary

    def add_rows(self, archive: ArchiveWriter | None, model: Model, lines: Iterator[bytes]) -> None:
        """Write the rows of a model."""

        def counted() -> Iterator[bytes]:
            for line in lines:
                self.summary.rows[model.__name__] += 1
                advanced(str(model._meta.verbose_name_plural), 1)
                yield line + b"\n"

        if archive is None:
            deque(counted(), maxlen=0)
        else:
            member = archive.add(by_name(model), counted(), shrink=True)
            member["rows"] = self.summary.rows[model.__name__]

    def lines_of(self, part: Part) -> Iterator[bytes]:
        """The production's rows of a model, the oldest first, without what leads to other productions."""
        form = RowForm(part.reader)
        queryset = part.model._base_manager.filter(part.rows(self.project.pk)).order_by("created_at", "pk")
        for row in part.reader.rows(queryset, relations=bool(form.lists), only=form.names):
            line = orjson.dumps(row)
            cut = self.cut(form, orjson.loads(line))
            if cut is None:
                self.summary.left_out[part.model.__name__] += 1
                continue
            line = orjson.dumps(cut)
            self.mentioned.update(ID.findall(line))
            self.note_owner(part.model, cut["id"])
            yield line

    def cut(self, form: RowForm, row: dict[str, Any]) -> dict[str, Any] | None:
        """The row without references to other productions; nothing where it makes no sense without them."""
        for name, model in form.keys.items():
            if row[name] is not None and model in OWN and row[name] not in self.own[model]:
                if not form.columns[name][0]:
                    return None
                row[name] = None
        for name, many in form.lists.items():
            if many.related_model in OWN:
                row[name] = [pk for pk in row[name] if pk in self.own[many.related_model]]
        return row

    def add_studio(self, archive: ArchiveWriter | None) -> None:
        """Write the rows of the studio that were mentioned, and those that they mention in turn."""
        wanted = {pk.decode() for pk in self.mentioned} - set().union(*self.own.values())
        lines: dict[Model, dict[str, bytes]] = {part.model: {} for part in STUDIO_PARTS}
        while wanted:
            found: dict[str, bytes] = {}
            for part in STUDIO_PARTS:
                new = dict(self.studio_rows(RowForm(part.reader), wanted))
                lines[part.model] |= new
                found |= new
            known = {pk for rows in lines.values() for pk in rows}
            wanted = {pk.decode() for line in found.values() for pk in ID.findall(line)} - known
        for part in STUDIO_PARTS:
            for pk in lines[part.model]:
                self.note_owner(part.model, pk)
            self.add_rows(archive, part.model, iter(lines[part.model].values()))

    def studio_rows(self, form: RowForm, ids: set[str]) -> Iterator[tuple[str, bytes]]:
        """Those of the ids that are rows of a model, with their lines."""
        for chunk in in_chunks(ids):
            rows = form.model._base_manager.filter(pk__in=chunk).order_by("created_at", "pk")
            for row in form.reader.rows(rows, relations=bool(form.lists), only=form.names):
                yield row["id"], orjson.dumps(row)

    def note_owner(self, model: Model, pk: str) -> None:
        """Keeps the id of a row that may have files."""
        if any(model in models for prefixes in OWNERS.values() for models in prefixes.values()):
            self.owners.setdefault(model, []).append(pk)

    def stored_files(self) -> Iterator[tuple[str, str, str]]:
        """The files of the rows that were written, as far as they are stored: bucket, prefix and id."""
        for bucket, prefixes in OWNERS.items():
            storage = storage_of(bucket)
            for prefix, models in prefixes.items():
                for pk in (pk for model in models for pk in self.owners.get(model, ())):
                    if storage.exists(key(prefix, pk)):
                        yield bucket, prefix, pk

    def add_files(self, archive: ArchiveWriter | None) -> None:
        """Write the stored files. One that is removed meanwhile stays away, as its row would by now."""
        for bucket, prefix, pk in self.stored_files():
            if archive is None:
                self.summary.files += 1
                continue
            try:
                source = storage_of(bucket).open(key(prefix, pk), "rb")
            except FileNotFoundError:
                continue
            with source:
                member = archive.add(f"files/{bucket}/{prefix}/{pk}", source.chunks(BLOCK), shrink=False)
            self.summary.files += 1
            self.summary.size += member["size"]
            advanced("files", 1)


def in_chunks(ids: Iterable[str]) -> Iterator[list[UUID]]:
    """Ids in lists that one statement takes."""
    found = sorted(ids)
    for start in range(0, len(found), CHUNK):
        yield [UUID(pk) for pk in found[start : start + CHUNK]]


def export_production(project: Project, path: Path, *, with_files: bool = True) -> Summary:
    """Write a production into a new archive. Raises OSError where it can't be written."""
    with writing(path) as archive:
        return Export(project).write(archive, with_files=with_files)


def count_production(project: Project, *, with_files: bool = True) -> Summary:
    """What an archive of the production would hold."""
    return Export(project).write(None, with_files=with_files)
