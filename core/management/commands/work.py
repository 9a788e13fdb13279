"""Runs jobs in a process of their own."""

import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from core.jobs import JobThread, Lookout

GRACE_SECONDS = 30


class Command(BaseCommand):
    """`manage.py work`: takes jobs from the database's queue, or from Redis where REDIS_URL is set, until a signal says stop."""

    help = "Run jobs, besides or instead of those that `manage.py serve` runs itself."

    def handle(self, *args: Any, **options: Any) -> None:
        """Works until a signal says stop; the job under way is finished, or else put back."""
        self.stdout.write("Working.")
        self.stdout.flush()
        if settings.REDIS_URL:
            Lookout().start()
            call_command(
                "rqworker",
                *settings.JOB_QUEUES,
                job_class="django_tasks_rq.Job",
                with_scheduler=True,
                verbosity=options["verbosity"],
            )
            return
        ending = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: ending.set())
        jobs = JobThread()
        jobs.start()
        ending.wait()
        jobs.stop(GRACE_SECONDS)
