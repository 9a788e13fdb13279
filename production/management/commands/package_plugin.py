"""Packs a plugin."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.errors import Refusal
from production.plugins.loading import load_plugin
from production.plugins.packages import pack


class Command(BaseCommand):
    """`manage.py package_plugin FOLDER`: a zip file that `install_plugin` takes."""

    help = "Try a plugin and pack it into a zip file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which plugin, and where to."""
        parser.add_argument("path", type=Path, help="the plugin's folder")
        parser.add_argument("--output", type=Path, metavar="FILE", help="by default <id>-<version>.zip here")
        parser.add_argument("--force", action="store_true", help="write over a file that is there")

    def handle(self, *args: Any, **options: Any) -> None:
        """Packs it."""
        try:
            manifest = load_plugin(options["path"]).manifest
            goal = options["output"] or Path(f"{manifest.id}-{manifest.version}.zip")
            if goal.exists() and not options["force"]:
                raise CommandError(f"{goal} is there already: --force writes over it.")
            pack(options["path"], goal)
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        except OSError as error:
            raise CommandError(f"{error}.") from error
        self.stdout.write(f"{goal} holds {manifest.name} {manifest.version}.")
