"""Writes a production into an archive."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.management.progress import progress_bars
from core.words import slug
from imports.archives.exporting import Summary, count_production, export_production
from imports.command_line import production


class Command(BaseCommand):
    """`manage.py export_production NAME [FILE]`; what is written is one moment of the production."""

    help = "Write one production with its rows and files into an archive, which import_production brings in again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which production, where to, and how much of it."""
        parser.add_argument("production", help="its name or id")
        parser.add_argument("file", type=Path, nargs="?", help="by default <name>.callboard.zip in this folder")
        parser.add_argument("--without-files", action="store_true", help="leave pictures, movies and attachments out")
        parser.add_argument("--force", action="store_true", help="write over a file that is there")
        parser.add_argument("--dry-run", action="store_true", help="write nothing, only count")

    def handle(self, *args: Any, **options: Any) -> None:
        """Writes the archive and prints what is in it."""
        project = production(options["production"])
        if options["dry_run"]:
            self.print_summary(count_production(project, with_files=not options["without_files"]))
            self.stdout.write("(nothing was written)")
            return
        path: Path = options["file"] or Path(f"{slug(project.name)}.callboard.zip")
        if path.exists() and not options["force"]:
            raise CommandError(f"{path} is there already. Say --force to write over it.")
        try:
            with progress_bars(self.stderr):
                summary = export_production(project, path, with_files=not options["without_files"])
        except OSError as error:
            raise CommandError(f"{path} can't be written: {error.strerror or error}.") from error
        self.print_summary(summary)
        self.stdout.write(f"{path}: {path.stat().st_size:,} bytes")

    def print_summary(self, summary: Summary) -> None:
        """The numbers by model."""
        for name, count in summary.rows.items():
            if count:
                self.stdout.write(f"{count:>9,} {name}")
        for name, count in summary.left_out.items():
            self.stdout.write(f"{count:>9,} {name} left out: they lead to other productions")
        self.stdout.write(f"{summary.rows.total():>9,} rows, {summary.files:,} files")
