"""`manage.py check_storage`: whether the storage has what the records promise."""

import sys
from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.api.converters import is_uuid
from files.rules.presence import missing_objects
from files.storage import key
from production.models import Project


class Command(BaseCommand):
    """Looks for the files of ready previews, attachments and avatars. What belongs to nothing is clear_orphaned_files' business."""

    help = "Tell which stored files are missing; the exit code is 1 when one is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument("--project", help="only the previews of one production, by name or id")
        parser.add_argument("--list", action="store_true", help="name every missing file, not only their numbers")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints the missing files by kind."""
        counts: Counter[str] = Counter()
        for bucket, prefix, pk in missing_objects(self.project_id(options["project"])):
            counts[f"{bucket}/{prefix}"] += 1
            if options["list"]:
                self.stdout.write(f"{bucket}/{key(prefix, pk)}")
        for kind, count in sorted(counts.items()):
            self.stdout.write(f"{kind}: {count} missing")
        if counts:
            sys.exit(1)
        self.stdout.write("Every file is there.")

    def project_id(self, name: str | None) -> Any:
        """The production asked for. Raises CommandError."""
        if name is None:
            return None
        found = Project.objects.filter(**({"pk": name} if is_uuid(name) else {"name": name})).values_list("pk", flat=True).first()
        if found is None:
            raise CommandError(f"There is no production {name!r}.")
        return found
