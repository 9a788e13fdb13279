"""`manage.py check_ready`: whether this server can do its work."""

import sys
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def database() -> str:
    """The database answers."""
    connection.ensure_connection()
    return connection.vendor


def migrations() -> str:
    """It has all tables."""
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        raise RuntimeError(f"{len(missing)} migrations are missing: run `manage.py migrate`")
    return "all applied"


def studio() -> str:
    """The studio has its configuration and somebody who manages it."""
    people: Any = get_user_model()._default_manager
    if not people.filter(role="admin", active=True, is_bot=False).exists():
        raise RuntimeError("nobody is a studio manager: run `manage.py create_admin`")
    return "managed"


def storage() -> str:
    """Files can be written and removed."""
    name = "check-00000000-0000-4000-8000-000000000000"
    for bucket in ("pictures", "movies", "files"):
        storages[bucket].save(name, ContentFile(b"ready?"))
        storages[bucket].delete(name)
    return settings.FS_BACKEND


def shared_cache() -> str:
    """Redis answers, where there is one."""
    if not settings.REDIS_URL:
        return "none is needed"
    cache.set("ready", 1, 5)
    if cache.get("ready") != 1:
        raise RuntimeError("it forgets at once")
    return "answers"


CHECKS: dict[str, Callable[[], str]] = {
    "database": database,
    "migrations": migrations,
    "studio": studio,
    "storage": storage,
    "redis": shared_cache,
}


class Command(BaseCommand):
    """Tries everything that a server needs, each with what is wrong; for containers and monitoring."""

    help = "Check database, migrations, configuration, storage and Redis; the exit code is 1 when one of them fails."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def handle(self, *args: Any, **options: Any) -> None:
        """One line a check."""
        self.stdout.write(f"Callboard {settings.VERSION}")
        failures = 0
        for name, is_good, words in self.results():
            failures += not is_good
            self.stdout.write(f"{'ok    ' if is_good else 'FAILED'}  {name}: {words}")
        if failures:
            sys.exit(1)

    def results(self) -> Iterator[tuple[str, bool, str]]:
        """What each check found."""
        for name, check in CHECKS.items():
            try:
                yield name, True, check()
            except Exception as failure:
                yield name, False, str(failure).strip() or type(failure).__name__
