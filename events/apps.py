"""The event log and the real-time channel."""

from typing import Any

from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "events"
    verbose_name = "Events"

    def ready(self) -> None:
        from django_tasks.signals import task_finished

        from core.signals import row_written
        from events import handlers

        row_written.connect(emit_row_written, dispatch_uid="events.emit_row_written")
        task_finished.connect(send_events_of_job, dispatch_uid="events.send_events_of_job")
        handlers.handlers.update(handlers.load_handlers())


def emit_row_written(
    sender: Any, *, event: str, payload: dict[str, Any], project_id: Any, heard_in: Any, by: Any, **kwargs: Any
) -> None:
    """Announces what the generic routes wrote."""
    from events.emit import emit

    emit(event, payload, project_id=project_id, heard_in=heard_in, by=by)


def send_events_of_job(sender: Any, **kwargs: Any) -> None:
    """A job may run in a process of its own, which ends right after it: its events must be out by then."""
    from events.realtime import carrier

    carrier.flush()
