"""`manage.py resume_previews`: takes up previews whose worker was killed."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from files.rules.recovery import resume


class Command(BaseCommand):
    """Encodes movies anew whose worker was killed, and marks as broken what can't be taken up."""

    help = "Take up previews whose upload or encoding was cut off, or mark them as broken."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument(
            "--minutes", type=int, default=-(-settings.JOB_QUEUE_TIMEOUT // 60), help="leave alone what was touched since"
        )
        parser.add_argument("--give-up", action="store_true", help="mark all of them as broken")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints how many there were."""
        done = resume(older_than=timedelta(minutes=options["minutes"]), give_up=options["give_up"])
        self.stdout.write(f"{done['resumed']} taken up, {done['broken']} marked as broken.")
