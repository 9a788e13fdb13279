"""The way of events through Redis, for studios with processes on several machines."""

from typing import Any

import socketio

from events.realtime import NAMESPACE, PATIENCE, Delivery

REDIS_CHANNEL = "callboard-events"


class ThroughRedis(socketio.RedisManager):  # type: ignore[misc]
    """Processes anywhere hold the sockets, and all listen to one channel of Redis."""

    def __init__(self, url: str) -> None:
        options = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE}
        super().__init__(url, channel=REDIS_CHANNEL, write_only=True, redis_options=options)

    def is_open(self) -> bool:
        """Always, as far as can be told from here."""
        return True

    def send(self, deliveries: list[Delivery]) -> None:
        """Publishes every event, in order."""
        for delivery in deliveries:
            self.emit(delivery.name, delivery.payload, namespace=NAMESPACE, room=delivery.rooms)

    def _publish(self, data: Any) -> None:
        """Publishes at once or raises, instead of trying again and writing a line of its own to the log."""
        if self.redis is None:
            self._redis_connect()
        self.redis.publish(self.channel, self.json.dumps(data))
