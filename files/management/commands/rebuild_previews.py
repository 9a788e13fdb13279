"""`manage.py rebuild_previews`: makes pictures, tiles and metadata of previews anew."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from PIL import Image

from core.api.converters import is_uuid
from core.errors import Refusal
from core.management.progress import progress_bars
from core.progress import advanced
from files import storage
from files.models import PreviewFile
from files.names import MOVIE_EXTENSIONS
from files.rules.regeneration import MovieBroken, NothingLeft, rebuild
from files.storage import PICTURES

WORKS = ("pictures", "tiles", "metadata")
UNREADABLE = (MovieBroken, NothingLeft, Refusal, OSError, ValueError, Image.DecompressionBombError)


class Command(BaseCommand):
    """Rebuilds what is asked for, of ready previews of open productions; it can be run twice."""

    help = "Make thumbnails, tiles and metadata (size, duration) of ready pictures and movies anew; say which."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What, and of which previews."""
        parser.add_argument("--pictures", action="store_true", help="previews and thumbnails")
        parser.add_argument("--tiles", action="store_true", help="the tiles that show a movie's frames while one moves over it")
        parser.add_argument("--metadata", action="store_true", help="width, height, size in bytes, duration")
        parser.add_argument("--missing-tiles", action="store_true", help="tiles of those movies alone that have none")
        parser.add_argument("--project", help="one production, open or not, by name or id")
        parser.add_argument("--entity", metavar="ID", help="one entity")
        parser.add_argument("--limit", type=int, help="the newest so many")
        parser.add_argument("--dry-run", action="store_true", help="only count")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints how many were rebuilt; those that can't be are named, and make the exit code 1."""
        works = {name: options[name] or (name == "tiles" and options["missing_tiles"]) for name in WORKS}
        if not any(works.values()):
            raise CommandError("Say what to rebuild: --pictures, --tiles, --metadata or --missing-tiles.")
        previews = list(self.previews(options))
        failed = 0
        with progress_bars(self.stderr, {"previews": len(previews)}):
            for preview in [] if options["dry_run"] else previews:
                try:
                    rebuild(preview, **works)
                except UNREADABLE as failure:
                    failed += 1
                    self.stderr.write(f"{preview.pk}: {str(failure) or 'its file is gone'}")
                advanced("previews", 1)
        done = len(previews) - failed
        self.stdout.write(f"{done} previews would be rebuilt." if options["dry_run"] else f"{done} rebuilt, {failed} failed.")
        if failed:
            sys.exit(1)

    def previews(self, options: dict[str, Any]) -> Any:
        """The previews asked for, the newest first."""
        found = PreviewFile.objects.filter(status="ready").filter(Q(extension="png") | Q(extension__in=MOVIE_EXTENSIONS))
        name, entity = options["project"], options["entity"]
        if name:
            found = found.filter(**({"task__project": name} if is_uuid(name) else {"task__project__name": name}))
        else:
            found = found.filter(task__project__project_status__name="Open")
        if entity:
            if not is_uuid(entity):
                raise CommandError("--entity takes an id.")
            found = found.filter(task__entity=entity)
        rows = found.order_by("-created_at", "pk")
        if options["missing_tiles"]:
            movies = rows.filter(extension__in=MOVIE_EXTENSIONS)
            without = [preview for preview in movies.iterator() if not storage.is_stored(PICTURES, "tiles", preview.pk)]
            return without[: options["limit"]]
        return rows[: options["limit"]]
