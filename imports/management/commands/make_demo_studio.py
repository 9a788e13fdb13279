"""Fills the studio with a demonstration: productions, people and work of any size."""

from argparse import ArgumentParser
from dataclasses import fields, replace
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.errors import Refusal
from imports.rules.demo_studio import SIZES, Plan, make_demo_studio


class Command(BaseCommand):
    """`make_demo_studio --size S|M|L`; single counts of the size can be changed."""

    help = "Fill the studio with a demonstration. Everybody's password is mysecretpassword, for example of admin@example.com."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """A size, and an option for each of its counts."""
        parser.add_argument("--size", choices=sorted(SIZES), default="S", help="S: 100 shots; M: 2,000; L: 10,000")
        for field in fields(Plan):
            parser.add_argument(f"--{field.name.replace('_', '-')}", type=int, metavar="N")
        parser.add_argument("--seed", type=int, default=1, metavar="N", help="the same seed and day give the same studio")
        parser.add_argument("--today", type=date.fromisoformat, metavar="YYYY-MM-DD", help="the day on which the story ends")
        parser.add_argument("--dry-run", action="store_true", help="only print how much there would be")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints the totals by table."""
        changes = {field.name: options[field.name] for field in fields(Plan) if options[field.name] is not None}
        try:
            plan = replace(SIZES[options["size"]], **changes)
            counts = make_demo_studio(plan, seed=options["seed"], today=options["today"], dry=options["dry_run"])
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        for table, count in sorted(counts.items()):
            self.stdout.write(f"{count:>9,} {table}")
        self.stdout.write(f"{counts.total():>9,} rows" + (" (nothing was stored)" if options["dry_run"] else ""))
