"""Installs a plugin."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.errors import Refusal
from production.rules.plugins import install_plugin


class Command(BaseCommand):
    """`manage.py install_plugin FOLDER|ZIP|https://…`; running servers take it up when they are started anew."""

    help = "Install a plugin, or a newer version of it, wholly or not at all. Its code runs with all rights of the server."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which plugin."""
        parser.add_argument("source", help="a plugin's folder, a zip file of one, or the https address of such a file")
        parser.add_argument("--force", action="store_true", help="put it in the place of the same or a newer version")

    def handle(self, *args: Any, **options: Any) -> None:
        """Installs it."""
        try:
            manifest = install_plugin(options["source"], force=options["force"])
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"{manifest.name} {manifest.version} ({manifest.id}) is installed. Restart the server and its workers.")
