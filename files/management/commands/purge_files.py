"""`manage.py purge_files`: removes stored files that no row stands for."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand

from files.rules.purging import purge


class Command(BaseCommand):
    """Removes stored files whose preview, attachment, avatar or working file is gone."""

    help = "Remove stored files that belong to deleted rows, or whose upload was cut off."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument("--hours", type=int, default=24, help="leave alone what was written since")
        parser.add_argument("--dry-run", action="store_true", help="only say what would go")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints each file that goes, and how many."""
        count = 0
        for name in purge(older_than=timedelta(hours=options["hours"]), dry_run=options["dry_run"]):
            self.stdout.write(name)
            count += 1
        self.stdout.write(f"{count} {'would be removed' if options['dry_run'] else 'removed'}.")
