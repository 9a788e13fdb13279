"""`manage.py copy_storage`: carries stored files from the local folder into the object storage, or back."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.management.progress import progress_bars
from core.progress import advanced
from files.rules.purging import stored_sizes
from files.storage import BUCKETS, FolderStorage, storage_of


class Command(BaseCommand):
    """Copies what the other side lacks, or has in another size; nothing is removed, and it can be run again after a kill."""

    help = "Copy stored files from PREVIEW_FOLDER into the storage of FS_BACKEND=s3; with --back the other way round."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which way."""
        parser.add_argument("--back", action="store_true", help="from the object storage into the folder")
        parser.add_argument("--dry-run", action="store_true", help="only count")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints how many files were copied."""
        if settings.FS_BACKEND != "s3":
            raise CommandError("FS_BACKEND is not s3: there is but one storage.")
        copied = present = 0
        with progress_bars(self.stderr):
            for bucket in BUCKETS:
                folder: Any = FolderStorage(location=str(settings.PREVIEW_FOLDER / bucket))
                remote: Any = storage_of(bucket)
                here, there = {name: size for name, _, size in folder.objects()}, dict(stored_sizes(bucket))
                source, goal, wanted, known = (remote, folder, there, here) if options["back"] else (folder, remote, here, there)
                for name, size in wanted.items():
                    if known.get(name) == size:
                        present += 1
                        continue
                    if not options["dry_run"]:
                        with source.open(name, "rb") as file:
                            goal.save(name, file)
                    copied += 1
                    advanced("files", 1)
        self.stdout.write(f"{copied} files {'would be ' if options['dry_run'] else ''}copied, {present} were there already.")
