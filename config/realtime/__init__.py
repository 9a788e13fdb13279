"""The real-time channel: Socket.IO on the server's own port, namespace /events."""
