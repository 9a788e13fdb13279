"""Makes the search index anew."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from assets.search.index import build_index


class Command(BaseCommand):
    """`manage.py reset_search_index`; it can be run twice."""

    help = "Make the search index anew, with all entities and people. Searches find nothing less meanwhile."

    def handle(self, *args: Any, **options: Any) -> None:
        """Makes the index, and tells how much is in it."""
        self.stdout.write(f"{build_index(connection)} entities and people can be found.")
