"""Lists the plugins."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from production.rules.plugins import known_plugins

SHORT = ("plugin_id", "name", "version", "maintainer_name", "license", "state")
LONG = (*SHORT, "maintainer_email", "website", "frontend_project_enabled", "frontend_studio_enabled", "description")
FILTERS = {"plugin_id": "plugin_id", "name": "name", "maintainer": "maintainer_name", "license": "license"}


class Command(BaseCommand):
    """`manage.py list_plugins`: rows and folders, with what does not fit together."""

    help = "List the plugins that are installed, and what is wrong with them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which, and in what form."""
        parser.add_argument("--format", choices=("table", "json"), default="table")
        parser.add_argument("--verbose", action="store_true", help="all columns in the table")
        parser.add_argument("--filter-field", choices=sorted(FILTERS))
        parser.add_argument("--filter-value", help="a part of the field's value, in any letter case")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints them."""
        field, value = options["filter_field"], options["filter_value"]
        if (field is None) != (value is None):
            raise CommandError("--filter-field and --filter-value go together.")
        plugins = known_plugins()
        if field is not None:
            plugins = [row for row in plugins if value.casefold() in str(row[FILTERS[field]] or "").casefold()]
        if options["format"] == "json":
            self.stdout.write(json.dumps(plugins, indent=2, ensure_ascii=False))
        elif plugins:
            self.print_table(LONG if options["verbose"] else SHORT, plugins)
        else:
            self.stdout.write("No plugins found matching the criteria.")

    def print_table(self, columns: tuple[str, ...], plugins: list[dict[str, Any]]) -> None:
        """A line for each, below the names of the columns."""
        cells = [
            list(columns),
            *([" ".join(str(row[name] if row[name] is not None else "").split()) for name in columns] for row in plugins),
        ]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        for line in cells:
            self.stdout.write("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
