"""The event log and the real-time channel."""

from events.models.clock import EventClock
from events.models.events import ApiEvent
from events.models.stamps import ProductionStamp

__all__ = [
    "ApiEvent",
    "EventClock",
    "ProductionStamp",
]
