"""`manage.py renormalize_movies`: encodes movies anew from what was uploaded."""

import sys
from argparse import ArgumentParser
from collections import Counter
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.api.converters import is_uuid
from core.management.progress import progress_bars
from core.models import now
from core.progress import advanced
from files.models import PreviewFile
from files.names import MOVIE_EXTENSIONS
from files.rules.regeneration import renormalize


class Command(BaseCommand):
    """Encodes the chosen movies one after the other in this process, the oldest first. It needs their uploaded files: those of
    broken ones are kept, those of ready ones where PREVIEW_SAVE_SOURCE_FILE is on."""

    help = "Encode movies anew from their uploaded files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which."""
        parser.add_argument("--preview-file", nargs="*", default=[], metavar="ID", help="these previews")
        parser.add_argument("--all-broken", action="store_true")
        parser.add_argument("--all-missing", action="store_true")
        parser.add_argument("--project", help="of one production, by name or id")
        parser.add_argument("--days", type=int, help="made within so many days")
        parser.add_argument("--dry-run", action="store_true", help="only count")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints how many ended in which status; the exit code is 1 where one is not ready."""
        previews = self.previews(options)
        if not previews:
            raise CommandError("No preview fits.")
        if options["dry_run"]:
            self.stdout.write(f"{len(previews)} movies would be encoded.")
            return
        ended: Counter[str] = Counter()
        with progress_bars(self.stderr, {"movies": len(previews)}):
            for preview in previews:
                ended[renormalize(preview)] += 1
                advanced("movies", 1)
        self.stdout.write(", ".join(f"{count} {status}" for status, count in sorted(ended.items())))
        if set(ended) != {"ready"}:
            sys.exit(1)

    def previews(self, options: dict[str, Any]) -> list[PreviewFile]:
        """The movies asked for. Raises CommandError."""
        ids = options["preview_file"]
        statuses = [status for status in ("broken", "missing") if options[f"all_{status}"]]
        if not (ids or statuses):
            raise CommandError("Say which: --preview-file, --all-broken or --all-missing.")
        if not all(map(is_uuid, ids)):
            raise CommandError("--preview-file takes ids.")
        found = PreviewFile.objects.filter(extension__in=MOVIE_EXTENSIONS, original_name__isnull=False)
        found = found.filter(pk__in=ids) if ids else found.filter(status__in=statuses)
        if name := options["project"]:
            found = found.filter(**({"task__project": name} if is_uuid(name) else {"task__project__name": name}))
        if options["days"] is not None:
            found = found.filter(created_at__gte=now() - timedelta(days=options["days"]))
        return list(found.select_related("task").order_by("created_at", "pk"))
