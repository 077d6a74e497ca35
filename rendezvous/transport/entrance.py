"""A TCP connection that has not said yet what it wants: no greenlet waits for it."""

from __future__ import annotations

import socket
from time import monotonic
from typing import TYPE_CHECKING, Any

from .opening import MOST_BYTES, read_opening

if TYPE_CHECKING:
    from .server import Server


class Entrance:
    """Reads once. A WebSocket is opened at once, everything else goes on to pywsgi.

    `busy`, `watcher` and `serve` are what the driver asks of what it serves.
    """

    __slots__ = ("_server", "address", "busy", "since", "socket", "watcher")

    def __init__(self, sock: socket.socket, address: Any, server: Server) -> None:
        self.socket: socket.socket | None = sock
        self.address = address
        self.since = monotonic()
        self.busy = False
        self.watcher: Any = None
        self._server = server

    def serve(self) -> None:
        """See what has come first."""
        sock = self.socket
        if sock is None:
            return
        try:
            data = sock.recv(MOST_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.close()
            return
        self._let_go()
        environ = read_opening(data)
        if environ is None or not self._server.open_websocket(environ, sock, self.address):
            self._server.serve_http(sock, self.address, data, self.since)

    def close(self) -> None:
        """Nothing has come, and nothing is to come; without effect once something has."""
        sock = self.socket
        if sock is not None:
            self._let_go()
            sock.close()
            self._server.release(self.address[0])

    def _let_go(self) -> None:
        self.watcher.stop()
        self.watcher.close()
        self.watcher = self.socket = None
        self._server.entrances.discard(self)
