"""The event log and the real-time channel."""

from typing import Any

from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "events"
    verbose_name = "Events"

    def ready(self) -> None:
        from core.signals import row_written

        row_written.connect(emit_row_written, dispatch_uid="events.emit_row_written")


def emit_row_written(sender: Any, *, event: str, payload: dict[str, Any], project_id: Any, by: Any, **kwargs: Any) -> None:
    """Announces what the generic routes wrote."""
    from events.emit import emit

    emit(event, payload, project_id=project_id, by=by)
