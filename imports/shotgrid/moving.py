"""Bringing over a site: page by page, each whole or not at all, in the order in which things refer to each other."""

from typing import Any

from django.db import DatabaseError

from core.api.exceptions import database_sentence
from core.errors import Refusal
from core.progress import advanced
from core.transactions import whole_step
from imports.rules.records import Origin
from imports.rules.sheets.base import REFUSED, UPDATED
from imports.rules.shotgrid.assets import AssetImport, cast_children
from imports.rules.shotgrid.base import PageReport
from imports.rules.shotgrid.kinds import IMPORTS
from imports.shotgrid.entries import prepared
from imports.shotgrid.kinds import KINDS, Kind
from imports.shotgrid.sources import Source
from people.models import Person


class Move:
    """One run. What a run that was killed has stored stays; the next one finds it by its ShotGrid ids and goes on from there."""

    def __init__(self, source: Source, *, by: Person, origin: Origin | None, project: str | None, kinds: set[str] | None) -> None:
        self.source, self.by, self.origin, self.kinds = source, by, origin, kinds
        self.project = source.production(project) if project else None
        self.reports: dict[str, PageReport] = {}
        self.children: dict[int, list[int]] = {}

    def run(self) -> dict[str, PageReport]:
        """Brings over everything that is wanted; what became of it, by kind. Raises SourceFailed."""
        for kind in KINDS:
            if self.kinds is not None and kind.name not in self.kinds:
                continue
            self.reports[kind.name] = PageReport()
            for page in self.source.pages(kind, self.project):
                self.take([prepared(kind, entry) for entry in page], kind)
                advanced(kind.name, len(page))
            if kind.route == "assets":
                self.cast()
        return self.reports

    def take(self, page: list[Any], kind: Kind) -> None:
        """Imports a page. Where the database refuses it, its entries go one by one, so that the others get in."""
        importer = IMPORTS[kind.route](by=self.by, lenient=True)
        if isinstance(importer, AssetImport):
            importer.casts = False
        report = self.reports[kind.name]
        try:
            with whole_step():
                found = importer.run(page, origin=self.origin)
        except (Refusal, DatabaseError) as failure:
            if len(page) > 1:
                for entry in page:
                    self.take([entry], kind)
                return
            words = failure.message if isinstance(failure, Refusal) else database_sentence(failure)
            report.counts[REFUSED] += 1
            report.remarks.append(f"{kind.name} {page[0].get('id', '?') if isinstance(page[0], dict) else '?'} refused: {words}")
            return
        report.add(found)
        if isinstance(importer, AssetImport):
            for parent, children in importer.children.items():
                self.children.setdefault(parent, []).extend(children)

    def cast(self) -> None:
        """Casts assets in assets, once all of them are there: one parent's children may stand on several pages."""
        with whole_step():
            changed = cast_children(self.children, by=self.by)
        self.reports["Asset"].counts[f"castings {UPDATED}"] += changed
