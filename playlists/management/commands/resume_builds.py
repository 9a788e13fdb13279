"""`manage.py resume_builds`: takes up builds of playlists whose worker was killed."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from playlists.rules.recovery import resume_builds


class Command(BaseCommand):
    """Has movies of playlists made anew whose worker was killed, and ends as failed what was asked for more than a day ago."""

    help = "Take up builds of playlists that were cut off, or mark them as failed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument(
            "--minutes", type=int, default=-(-settings.JOB_QUEUE_TIMEOUT // 60), help="leave alone what was touched since"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints how many there were."""
        done = resume_builds(older_than=timedelta(minutes=options["minutes"]))
        self.stdout.write(f"{done['resumed']} taken up, {done['failed']} marked as failed.")
