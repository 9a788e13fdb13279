"""`manage.py storage_use`: how much the stored files of each production weigh."""

from typing import Any

from django.core.management.base import BaseCommand
from django.template.defaultfilters import filesizeformat

from files.rules.usage import stored_use
from production.models import Project


class Command(BaseCommand):
    """Counts every stored file and says what each production holds, the largest first."""

    help = "Count the stored files of each production, every variant included."

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints a line for each production, one for what belongs to none, and the sum."""
        found = stored_use()
        names = dict(Project.objects.order_by().values_list("pk", "name"))
        for project_id, size in sorted(found.items(), key=lambda item: -item[1]):
            self.stdout.write(f"{filesizeformat(size):>12}  {names.get(project_id, '(no production)')}")  # type: ignore[arg-type]
        self.stdout.write(f"{filesizeformat(sum(found.values())):>12}  in all")
