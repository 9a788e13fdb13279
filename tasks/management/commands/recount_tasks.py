"""Works statuses, dates and retakes of tasks out anew."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.api.converters import is_uuid
from core.management.progress import progress_bars
from core.progress import advanced
from production.models import Project
from tasks.models import Task
from tasks.rules.cleaning import recount_tasks


class Command(BaseCommand):
    """`manage.py recount_tasks --project NAME`; it can be run twice."""

    help = "Work out statuses, dates, retakes and durations of a production's tasks anew from their comments and time spents."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which production."""
        parser.add_argument("--project", required=True, help="the production's name or id")
        parser.add_argument("--dry-run", action="store_true", help="change nothing, only count")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints how many tasks were different."""
        name = options["project"]
        project = Project.objects.filter(**({"pk": name} if is_uuid(name) else {"name": name})).first()
        if project is None:
            raise CommandError(f"There is no production {name!r}.")
        ids = list(Task.objects.order_by("pk").filter(project=project).values_list("pk", flat=True))
        changed = 0
        with progress_bars(self.stderr, {"tasks": len(ids)}):
            for _, is_changed in recount_tasks(ids, dry_run=options["dry_run"]):
                changed += is_changed
                advanced("tasks", 1)
        told = "would change" if options["dry_run"] else "changed"
        self.stdout.write(f"{changed} of {len(ids)} tasks {told}.")
