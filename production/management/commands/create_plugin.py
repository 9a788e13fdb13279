"""Writes the plugin that one begins with."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.errors import Refusal
from production.plugins.manifest import checked
from production.plugins.skeleton import write_skeleton


class Command(BaseCommand):
    """`manage.py create_plugin PATH --id ID`: a folder of that id with a manifest, a route, a handler of events and a page."""

    help = "Write a small plugin to begin with."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where, and what its manifest says."""
        parser.add_argument("path", type=Path, help="the folder in which the plugin's own is made")
        parser.add_argument("--id", required=True, help="letters, digits, - and _; also the folder's name")
        parser.add_argument("--name", help="what people call it (the id)")
        parser.add_argument("--description", default="", help="what it is for")
        # Django's own --version would print its version.
        parser.add_argument("--plugin-version", dest="release", default="0.1.0", help="(%(default)s)")
        parser.add_argument("--maintainer", default="Studio <studio@example.com>", help="Name <mail> (%(default)s)")
        parser.add_argument("--website", default="", help="an address")
        parser.add_argument("--license", default="MIT", help="by its SPDX name (%(default)s)")
        parser.add_argument("--frontend", action="store_true", help="with a page for the studio in the web client")

    def handle(self, *args: Any, **options: Any) -> None:
        """Writes it."""
        values = {name: options[name] for name in ("id", "name", "description", "release", "maintainer", "website", "license")}
        values["name"] = values["name"] or values["id"]
        values = {"version" if name == "release" else name: value for name, value in values.items() if value}
        try:
            folder = options["path"] / checked(values).id
            write_skeleton(folder, values, with_pages=options["frontend"])
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"{folder} is a plugin to begin with: `manage.py install_plugin {folder}`.")
