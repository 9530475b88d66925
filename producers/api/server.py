"""A running HTTP server around the app, in a thread of its own; port 0 takes a free one.

Refuses to believe X-Forwarded-* of anybody but the proxies it was told of.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network

import uvicorn
from fastapi import FastAPI

GRACE_SECONDS = 5


class HttpServer:
    """Bound at once, so that a taken port is an error here and not in the thread."""

    def __init__(self, app: FastAPI, host: str, port: int, proxies: Iterable[IPv4Network | IPv6Network] = ()) -> None:
        self._app = app
        self._socket = _bound(host, port)
        self.host = host
        self.port: int = self._socket.getsockname()[1]
        config = uvicorn.Config(
            app, log_config=None, access_log=False, server_header=False, lifespan="on", ws="none",
            timeout_graceful_shutdown=GRACE_SECONDS, h11_max_incomplete_event_size=65_536,
            forwarded_allow_ips=[str(each) for each in proxies],
        )  # fmt: skip
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, name="http", daemon=True)

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    def start(self) -> None:
        """Returns when requests are answered, or raises if the app could not start."""
        self._thread.start()
        while not self._server.started:
            self._thread.join(0.005)
            if not self._thread.is_alive():
                raise RuntimeError(f"The HTTP server on {self.url} did not start; the log says why.")

    def stop(self) -> None:
        """Answers what was begun, then ends."""
        self._server.should_exit = True
        self._app.state.door.feed.close()
        self._thread.join(GRACE_SECONDS + 5)

    def _run(self) -> None:
        self._server.run(sockets=[self._socket])


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    found.bind((host, port))
    return found
