"""A server in a thread of the test process, for ASGI applications of which a test wants to see the inside."""

import http.client
import socket
import threading
from typing import Any

import uvicorn


class Quiet(uvicorn.Server):
    """A server that leaves signals to the test run."""

    def install_signal_handlers(self) -> None:
        """None of its own."""


class Answering:
    """A running server of one application."""

    def __init__(self, application: Any) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        config = uvicorn.Config(application, lifespan="off", log_config=None, access_log=False, timeout_graceful_shutdown=1)
        self.server = Quiet(config)
        self.thread = threading.Thread(target=self.server.run, args=([self.listener],), daemon=True)
        self.thread.start()

    def connect(self) -> http.client.HTTPConnection:
        """A client."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)

    def plain(self) -> socket.socket:
        """A bare connection that takes little at a time."""
        line = socket.socket()
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        line.settimeout(10)
        line.connect(("127.0.0.1", self.port))
        return line

    def stop(self) -> None:
        """Ends it."""
        self.server.should_exit = True
        self.thread.join(5)
        self.listener.close()
