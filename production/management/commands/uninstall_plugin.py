"""Removes a plugin."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.errors import Refusal
from production.rules.plugins import uninstall_plugin


class Command(BaseCommand):
    """`manage.py uninstall_plugin ID`; running servers go on with its code until they are started anew."""

    help = "Remove a plugin's folder and row."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which plugin."""
        parser.add_argument("plugin_id", metavar="ID")

    def handle(self, *args: Any, **options: Any) -> None:
        """Removes it."""
        try:
            uninstall_plugin(options["plugin_id"])
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"{options['plugin_id']} is removed. Restart the server and its workers.")
