"""What the server does about itself."""

from typing import Any

from django.conf import settings
from django.db import DatabaseError

from events.emit import emit
from people.rules.organisation import seated_people

# Settings of work that is sent to a scheduler of its own, which this server does not do.
ELSEWHERE = ("nomad_host", "nomad_normalize_job", "nomad_playlist_job", "nomad_tile_job")


def send_test_event() -> None:
    """Send an event without content to everybody connected, by which one sees that events arrive."""
    emit("main:test", {}, stored=False)


def configuration_check() -> dict[str, Any]:
    """The settings that administrators look after, each as the environment says it and as this process goes by it, and how many
    people take a seat, or None while the database is away."""
    names = {"user_limit": "USER_LIMIT", "default_timezone": "DEFAULT_TIMEZONE", "default_locale": "DEFAULT_LOCALE"}
    found: dict[str, Any] = {name: said_and_done(getattr(settings, variable)) for name, variable in names.items()}
    found |= {name: said_and_done(None) for name in ELSEWHERE}
    try:
        found["active_users"] = seated_people().count()
    except DatabaseError:
        found["active_users"] = None
    return found


def said_and_done(value: Any) -> dict[str, Any]:
    """A setting of the environment, read at the start, and the text of the value in force, under the name that clients know."""
    return {"env": value, "redis": None if value is None else str(value)}
