"""Removes what signing in left behind."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from people.rules.cleaning import clear_spent_tokens, end_every_session


class Command(BaseCommand):
    """`manage.py clear_auth_tokens [--all]`; without --all nobody notices."""

    help = "Remove ended sessions and spent or expired codes and tokens; with --all everybody has to sign in again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How much."""
        parser.add_argument("--all", action="store_true", help="end every session; tokens of bots and scripts stay good")
        parser.add_argument("--dry-run", action="store_true", help="only count")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints how many there were of each kind."""
        if options["all"] and not options["dry_run"]:
            self.stdout.write(f"{end_every_session()} sessions ended.")
        for name, count in clear_spent_tokens(dry_run=options["dry_run"]).items():
            self.stdout.write(f"{count:>9,} {name}")
        self.stdout.write("Nothing was removed." if options["dry_run"] else "Removed.")
