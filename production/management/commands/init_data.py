"""`manage.py init_data`: the configuration that a new studio starts with."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from production.rules.defaults import DOMAINS, install_defaults


class Command(BaseCommand):
    """Stores default statuses, entity types, departments, task types and task statuses; run again, it adds what is missing."""

    help = "Store the default configuration of a studio. It can be run again: it adds only what is missing by name."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The kind of studio."""
        parser.add_argument("--domain", choices=sorted(DOMAINS), default="3d", help="the kind of studio (3d by default)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Stores the rows and prints how many are new."""
        for kind, number in install_defaults(options["domain"]).items():
            self.stdout.write(f"{number} new {kind}")
