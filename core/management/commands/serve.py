"""Starts the studio's server."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from core.serving import prepare_studio_apart, serve


class Command(BaseCommand):
    """`manage.py serve`: makes the studio ready, then serves API, real-time channel, back-office and jobs on one port."""

    help = "Migrate, write the default data, make the administrator, and serve everything on one port."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Host, port, processes; whether jobs run here."""
        parser.add_argument("--host", default=settings.HOST, help="address to listen on (HOST, %(default)s)")
        parser.add_argument("--port", type=int, default=settings.PORT, help="port to listen on (PORT, %(default)s)")
        parser.add_argument(
            "--processes", type=int, default=settings.API_PROCESSES, help="processes that answer (API_PROCESSES, %(default)s)"
        )
        parser.add_argument("--no-worker", action="store_true", help="leave the jobs to `manage.py work`")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepares the studio and serves it until a signal says stop."""
        made = prepare_studio_apart()
        if made:
            self.stdout.write(self.style.WARNING(f"Administrator {made[0]} with the password {made[1]}: it is shown only now."))
        self.stdout.write(
            f"Callboard {settings.VERSION} at http://{options['host']}:{options['port']} with the data in {settings.DATA_DIR}"
        )
        self.stdout.flush()
        # With Redis the queue is there too, and `manage.py work` takes from it.
        with_jobs = not options["no_worker"] and not settings.REDIS_URL
        serve(options["host"], options["port"], processes=options["processes"], with_jobs=with_jobs)
