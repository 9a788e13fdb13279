"""`manage.py clear_orphaned_files`: removes stored files that no row stands for."""

import sys
from argparse import ArgumentParser
from datetime import timedelta
from itertools import chain
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat

from files.rules.purging import purge, sweep


class Command(BaseCommand):
    """Removes stored files whose preview, attachment, avatar or working file is gone, and what a kill left half-written."""

    help = "Remove stored files that belong to deleted rows, or whose upload was cut off."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument("--hours", type=int, default=24, help="leave alone what was written since (%(default)s)")
        parser.add_argument("--dry-run", action="store_true", help="only say what would go")
        parser.add_argument("--check", action="store_true", help="like --dry-run, and exit with 1 when something would go")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints each file that goes, how many, and their size."""
        if options["hours"] < 1:
            raise CommandError("--hours must be at least 1: uploads under way have no row yet.")
        count = weight = 0
        dry_run = options["dry_run"] or options["check"]
        how: dict[str, Any] = {"older_than": timedelta(hours=options["hours"]), "dry_run": dry_run}
        for name, size in chain(purge(**how), sweep(**how)):
            self.stdout.write(name)
            count, weight = count + 1, weight + size
        self.stdout.write(f"{count} files {'would be removed' if dry_run else 'removed'}, {filesizeformat(weight)}.")
        if options["check"] and count:
            sys.exit(1)
