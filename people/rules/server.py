"""What the server does about itself."""

from events.emit import emit


def send_test_event() -> None:
    """Send an event without content to everybody connected, by which one sees that events arrive."""
    emit("main:test", {}, stored=False)
