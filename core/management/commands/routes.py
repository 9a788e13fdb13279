"""Prints the route table."""

from typing import Any

from django.core.management.base import BaseCommand

from core.api.routes import api_routes


class Command(BaseCommand):
    """`manage.py routes`: method, path, view and action, who may, and where it is written."""

    help = "Print every route of the API with its view, its check and its place in the code."

    def handle(self, *args: Any, **options: Any) -> None:
        """One line a route."""
        routes = api_routes()
        for route in routes:
            line = (route.method, route.path, f"{route.view.__name__}.{route.action}", str(route.check), route.place)
            self.stdout.write("\t".join(line))
        self.stdout.write(self.style.SUCCESS(f"{len(routes)} routes"))
