"""Imports a sheet: people, or the assets, shots, edits, castings or estimations of a production."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from assets.models import Entity
from assets.querysets import EPISODE
from core.errors import Refusal
from core.management.progress import progress_bars
from imports.command_line import person_acting, production, row_named
from imports.rules.records import COMMAND, Origin
from imports.rules.sheets.base import REFUSED, Report, SheetImport
from imports.rules.sheets.kinds import ESTIMATIONS, KINDS, PERSONS, sheet_import
from imports.sheets.reading import LineRefused
from production.models import TaskType


class Command(BaseCommand):
    """`manage.py import_csv KIND FILE [--project NAME] [--update] [--dry-run]`; the second run of the same changes nothing."""

    help = "Import a CSV file, wholly or not at all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What is imported, where, and by whom."""
        parser.add_argument("kind", choices=KINDS)
        parser.add_argument("file", type=Path)
        parser.add_argument("--project", help="the production's name or id; people need none")
        parser.add_argument("--task-type", help="the task type's name or id, for estimations")
        parser.add_argument("--episode", help="the episode's name or id, for estimations of one episode")
        parser.add_argument("--by", metavar="EMAIL", help="who imports; by default the oldest studio manager")
        parser.add_argument("--update", action="store_true", help="change what is there as the file says")
        parser.add_argument("--dry-run", action="store_true", help="store nothing, say what would be")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints what became of the lines; refused ones one by one."""
        try:
            with options["file"].open("rb") as file:
                content = file.read(settings.MAX_CSV_LENGTH + 1)  # of what is longer no more than shows it
        except OSError as error:
            raise CommandError(f"{options['file']} can't be read: {error.strerror}.") from error
        try:
            origin = Origin.of_bytes(COMMAND, content, options["file"].name)
            importer = self.importer(options)
            with progress_bars(self.stderr, {"lines": content.count(b"\n")}):
                report = importer.run(content, dry_run=options["dry_run"], origin=origin)
        except LineRefused as refusal:
            raise CommandError(f"Line {refusal.line_number}: {refusal.message} Nothing was stored.") from refusal
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        self.print_report(report, options["dry_run"])

    def importer(self, options: dict[str, Any]) -> SheetImport:
        """The import that the command line asks for. Raises CommandError."""
        acting = {"by": person_acting(options["by"]), "update": options["update"]}
        if options["kind"] == PERSONS:
            return sheet_import(PERSONS, **acting)
        project = production(options["project"])
        if options["kind"] != ESTIMATIONS:
            return sheet_import(options["kind"], project.pk, **acting)
        task_type = row_named(TaskType, options["task_type"], "task type (--task-type)")
        within = {"project": project, "entity_type__name": EPISODE}
        episode = row_named(Entity, options["episode"], "episode (--episode)", **within) if options["episode"] else None
        return sheet_import(ESTIMATIONS, project.pk, task_type, episode and episode.pk, **acting)

    def print_report(self, report: Report, dry_run: bool) -> None:
        """The totals, after the lines that were refused."""
        for line in report.lines:
            if line["outcome"] == REFUSED:
                self.stdout.write(f"line {line['line_number']}: {line['message']}")
        totals = ", ".join(f"{count} {outcome}" for outcome, count in report.totals.items())
        self.stdout.write(totals + (" (nothing was stored)" if dry_run else ""))
        if dry_run and report.totals[REFUSED]:
            raise CommandError("The file would be refused.")
