"""The event log and the real-time channel."""

from events.models.events import ApiEvent

__all__ = [
    "ApiEvent",
]
