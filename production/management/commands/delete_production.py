"""`manage.py delete_production`: deletes a closed production with all that it holds."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.api.converters import is_uuid
from core.errors import Refusal
from core.management.progress import progress_bars
from people.models import Person
from production.models import Project
from production.rules.projects import delete_project, refuse_open


class Command(BaseCommand):
    """Deletes at once what the API leaves to a job. `export_production` keeps it for later."""

    help = "Delete a closed production with its entities, tasks, comments and files' records, wholly or not at all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which production."""
        parser.add_argument("production", help="its name or id")
        parser.add_argument("--yes", action="store_true", help="do not ask")
        parser.add_argument("--dry-run", action="store_true", help="only say how much there is")
        parser.add_argument("--by", metavar="EMAIL", help="who deletes; by default the oldest studio manager")

    def handle(self, *args: Any, **options: Any) -> None:
        """Asks, deletes, and says so."""
        name = options["production"]
        projects = Project.objects.select_related("project_status")
        project = projects.filter(**({"pk": name} if is_uuid(name) else {"name": name})).first()
        if project is None:
            raise CommandError(f"There is no production {name!r}.")
        person = self.person(options["by"])
        held = f"“{project.name}” with {project.entities.count():,} entities and {project.tasks.count():,} tasks"
        try:
            refuse_open(project)
            if options["dry_run"]:
                self.stdout.write(f"{held} would be deleted.")
                return
            if not options["yes"] and input(f"Delete {held}? Type its name: ") != project.name:
                raise CommandError("Nothing was deleted.")
            with progress_bars(self.stderr):
                delete_project(project, force=True, by=person)
        except Refusal as refusal:
            raise CommandError(f"{refusal.message}.") from refusal
        self.stdout.write(f"{held} was deleted.")

    def person(self, email: str | None) -> Person:
        """Who deletes. Raises CommandError."""
        people = Person.objects.filter(active=True).order_by("created_at", "id")
        found = people.filter(email__iexact=email).first() if email else people.filter(role="admin", is_bot=False).first()
        if found is None:
            raise CommandError("There is nobody to act for: say --by.")
        return found
