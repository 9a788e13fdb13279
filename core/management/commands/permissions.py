"""Prints who may do what."""

from itertools import groupby
from typing import Any

from django.core.management.base import BaseCommand

from core.api.routes import api_routes


class Command(BaseCommand):
    """`manage.py permissions`: the checks that the views declare, for whom each holds, and the routes that it guards."""

    help = "Print every check, for whom it holds, and the routes that it guards."

    def handle(self, *args: Any, **options: Any) -> None:
        """The routes by check; one line a route."""
        routes = sorted(api_routes(), key=lambda route: (str(route.check), route.path, route.method))
        for name, guarded in groupby(routes, key=lambda route: str(route.check)):
            listed = list(guarded)
            check = listed[0].check
            self.stdout.write(self.style.MIGRATE_HEADING(f"{name}: {check.meaning if check else 'nobody'}"))
            for route in listed:
                self.stdout.write(f"    {route.method}\t{route.path}\t{route.view.__name__}.{route.action}")
        self.stdout.write(self.style.SUCCESS(f"{len(routes)} routes"))
