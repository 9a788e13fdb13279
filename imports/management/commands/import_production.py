"""Brings in a production out of an archive."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.errors import Refusal
from core.management.progress import progress_bars
from imports.archives.importing import Summary, import_production
from imports.archives.matching import BY_NAME, NEW
from imports.command_line import person_acting
from imports.rules.records import COMMAND, Origin

FOUND = {BY_NAME: "is the studio's own of that name", NEW: "is new to the studio"}


class Command(BaseCommand):
    """`manage.py import_production FILE [--as NAME] [--dry-run]`; all of it is stored, or nothing."""

    help = "Bring in a production that export_production wrote, wholly or not at all. Its rows keep their ids."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which archive, under which name, and by whom."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--as", dest="name", metavar="NAME", help="make it a copy of this name, all rows with new ids")
        parser.add_argument("--by", metavar="EMAIL", help="who imports; by default the oldest studio manager")
        parser.add_argument("--dry-run", action="store_true", help="check everything and say what would be; store nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints how the archive's people and configuration were found, then the numbers of rows by model."""
        person = person_acting(options["by"])
        given = {"name": options["name"], "dry_run": options["dry_run"]}
        try:
            origin = Origin.of_file(COMMAND, options["file"])
            with progress_bars(self.stderr):
                summary = import_production(options["file"], by=person, origin=origin, **given)
        except Refusal as refusal:
            raise CommandError(f"{refusal.message} Nothing was stored.") from refusal
        except OSError as error:
            raise CommandError(f"{options['file']} can't be read: {error.strerror or error}.") from error
        self.print_summary(summary, options["dry_run"])

    def print_summary(self, summary: Summary, dry_run: bool) -> None:
        """People and configuration that were not known by their ids, then the totals."""
        for how, words in FOUND.items():
            for model, name in summary.matching.of(how):
                self.stdout.write(f"{model} “{name}” {words}.")
        self.stdout.write(f"{summary.matching.found_by_id} rows of the studio were known by their ids.")
        for name, count in summary.rows.items():
            self.stdout.write(f"{count:>9,} {name}")
        told = " (nothing was stored)" if dry_run else ""
        self.stdout.write(f"{summary.rows.total():>9,} rows, {summary.files:,} files of “{summary.production}”{told}")
