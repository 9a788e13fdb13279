"""Brings over a ShotGrid site, or one production of it."""

from argparse import ArgumentParser
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from core.management.progress import progress_bars
from imports.command_line import person_acting
from imports.rules.records import COMMAND, Origin
from imports.rules.sheets.base import REFUSED
from imports.rules.shotgrid.base import OUTCOMES, PageReport
from imports.shotgrid.kinds import BY_NAME
from imports.shotgrid.moving import Move
from imports.shotgrid.sources import Folder, Site, Source, SourceFailed

MOST_REMARKS = 50
NO_SITE = (
    "Say where ShotGrid is: SHOTGRID_URL, SHOTGRID_SCRIPT_NAME and SHOTGRID_API_KEY in the environment, or --from-folder FOLDER."
)


class Command(BaseCommand):
    """`manage.py import_shotgun [--from-folder FOLDER] [--project NAME] [--dry-run]`; a second run of the same changes nothing."""

    help = "Bring over a ShotGrid site through its API, or from JSON files of its pages. It may be killed and run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where from, what, and by whom."""
        parser.add_argument("--from-folder", type=Path, metavar="FOLDER", help="files such as Shot.json instead of a site")
        parser.add_argument("--url", help="the site's address; SHOTGRID_URL otherwise")
        parser.add_argument("--project", metavar="NAME", help="one production alone, by its name at ShotGrid")
        parser.add_argument("--only", nargs="+", choices=list(BY_NAME), metavar="TYPE", help="these types of entries alone")
        parser.add_argument("--by", metavar="EMAIL", help="who imports; by default the oldest studio manager")
        parser.add_argument("--dry-run", action="store_true", help="do everything, say what would be, and keep nothing of it")
        parser.add_argument("--all-remarks", action="store_true", help=f"print more than {MOST_REMARKS} remarks of each type")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints what became of the entries of each type; fails where some were refused."""
        person = person_acting(options["by"])
        try:
            source = self.source(options)
            with progress_bars(self.stderr), transaction.atomic() if options["dry_run"] else nullcontext():
                move = self.move(source, person, options)
                reports = move.run()
                if options["dry_run"]:
                    transaction.set_rollback(True)
        except SourceFailed as failure:
            raise CommandError(str(failure)) from failure
        self.print_reports(reports, options)

    def move(self, source: Source, person: Any, options: dict[str, Any]) -> Move:
        """The run that the command line asks for."""
        where = options["from_folder"].name if options["from_folder"] else options["url"] or settings.SHOTGRID_URL
        kinds = set(options["only"]) if options["only"] else None
        return Move(source, by=person, origin=Origin(COMMAND, where[-255:]), project=options["project"], kinds=kinds)

    def source(self, options: dict[str, Any]) -> Source:
        """The folder or the site. Raises CommandError, SourceFailed."""
        if options["from_folder"]:
            return Folder(options["from_folder"])
        url = options["url"] or settings.SHOTGRID_URL
        if not (url and settings.SHOTGRID_SCRIPT_NAME and settings.SHOTGRID_API_KEY):
            raise CommandError(NO_SITE)
        return Site(url, settings.SHOTGRID_SCRIPT_NAME, settings.SHOTGRID_API_KEY)

    def print_reports(self, reports: dict[str, PageReport], options: dict[str, Any]) -> None:
        """Remarks on entries that were not stored, then the totals."""
        for report in reports.values():
            shown = report.remarks if options["all_remarks"] else report.remarks[:MOST_REMARKS]
            for remark in shown:
                self.stdout.write(remark)
            if len(report.remarks) > len(shown):
                self.stdout.write(f"… and {len(report.remarks) - len(shown)} more (--all-remarks)")
        for name, report in reports.items():
            extra = [word for word in report.counts if word not in OUTCOMES and report.counts[word]]
            totals = ", ".join(f"{report.counts[word]} {word}" for word in (*OUTCOMES, *extra))
            self.stdout.write(f"{name}: {totals}")
        if options["dry_run"]:
            self.stdout.write("Nothing was stored.")
        if refused := sum(report.counts[REFUSED] for report in reports.values()):
            raise CommandError(f"{refused} entries were refused.")
