"""The real-time channel: Socket.IO on namespace /events."""

from typing import Any


def broadcast(emissions: list[Any]) -> None:
    """Send events to the connected people who may see them."""
