"""Imports a cut: an EDL, OTIO or XML file of an editing program."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assets.models import Entity
from assets.querysets import EPISODE
from core.errors import Refusal
from imports.command_line import person_acting, production, row_named
from imports.rules.records import COMMAND, Origin
from imports.rules.sheets.base import REFUSED
from imports.rules.timelines.cuts import CutImport, CutReport


class Command(BaseCommand):
    """`manage.py import_otio FILE --project NAME [--episode NAME] [--dry-run]`; the second run of the same changes nothing."""

    help = "Import the clips of a cut as shots with their frames, wholly or not at all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What is imported, where, and by whom."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--project", help="the production's name or id")
        parser.add_argument("--episode", help="the episode's name or id; TV shows need one")
        parser.add_argument("--naming-convention", metavar="TEMPLATE", help="how clips are called, with ${sequence_name} and so on")
        parser.add_argument("--ignore-case", action="store_true", help="compare names of shots that are there in any letter case")
        parser.add_argument("--by", metavar="EMAIL", help="who imports; by default the oldest studio manager")
        parser.add_argument("--dry-run", action="store_true", help="store nothing, say what would be")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints what became of the clips; refused ones one by one."""
        importer = self.importer(options)
        try:
            content = options["file"].read_bytes()
            origin = Origin.of_bytes(COMMAND, content, options["file"].name)
            report = importer.run(content, options["file"].name, dry_run=options["dry_run"], origin=origin)
        except OSError as error:
            raise CommandError(f"{options['file']} can't be read: {error.strerror}.") from error
        except Refusal as refusal:
            raise CommandError(f"{refusal.message} Nothing was stored.") from refusal
        self.print_report(report, options["dry_run"])

    def importer(self, options: dict[str, Any]) -> CutImport:
        """The import that the command line asks for. Raises CommandError."""
        project = production(options["project"])
        within = {"project": project, "entity_type__name": EPISODE}
        episode = row_named(Entity, options["episode"], "episode (--episode)", **within) if options["episode"] else None
        return CutImport(
            project.pk,
            by=person_acting(options["by"]),
            episode_id=str(episode.pk) if episode is not None else None,
            convention=options["naming_convention"],
            match_case=not options["ignore_case"],
        )

    def print_report(self, report: CutReport, dry_run: bool) -> None:
        """The totals, after the clips that were refused."""
        for clip in report.clips:
            if clip["outcome"] == REFUSED:
                self.stdout.write(f"{clip['clip']}: {clip['message']}")
        totals = ", ".join(f"{count} {outcome}" for outcome, count in report.totals.items())
        self.stdout.write(totals + (" (nothing was stored)" if dry_run else ""))
        if dry_run and report.totals[REFUSED]:
            raise CommandError("The file would be refused.")
