"""What every room shares."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "Core"

    def ready(self) -> None:
        from core import sql  # noqa: F401 lookups and SQLite's functions must be known before the first connection
