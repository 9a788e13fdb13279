"""Removes what nobody reads any more."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tasks.rules.cleaning import remove_old


class Command(BaseCommand):
    """`manage.py remove_old_data [--days 90]`; it can be run every night."""

    help = "Remove old events, login logs, notifications (read or not) and finished jobs, of all productions."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How old."""
        parser.add_argument("--days", type=int, default=90, help="keep what is younger (%(default)s)")
        parser.add_argument("--dry-run", action="store_true", help="only count")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints how many rows of each kind went."""
        if options["days"] < 1:
            raise CommandError("--days must be at least 1.")
        for name, count in remove_old(timedelta(days=options["days"]), dry_run=options["dry_run"]).items():
            self.stdout.write(f"{count:>9,} {name}")
        self.stdout.write("Nothing was removed." if options["dry_run"] else f"Removed what was older than {options['days']} days.")
