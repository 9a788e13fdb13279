"""Counts castings and ready assets anew."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from production.models import Project
from tasks.rules.cleaning import open_productions, recount_castings


class Command(BaseCommand):
    """`manage.py recount_castings`; it can be run twice."""

    help = "Count anew what is cast in the shots of all open productions, and how many assets are ready for their tasks."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which productions."""
        parser.add_argument("--project", help="the name of one production, open or not")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints the number of shots."""
        projects = Project.objects.filter(name=options["project"]) if options["project"] else open_productions()
        self.stdout.write(f"{recount_castings(projects)} shots counted anew.")
