"""What a WebSocket needs from the concurrency library under it, and the choice of one."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from .outlet import Outlet
    from .websocket import WebSocket

Environ = dict[str, Any]
Job = Callable[[], object]


class Unsupported(Exception):
    """This WSGI server does not let us have the socket of a request."""


class Driver(Protocol):
    """Waits for sockets and runs application code; one implementation for each library."""

    def take(self, environ: Environ) -> tuple[socket.socket, Callable[[], None] | None]:
        """Take the request's socket over, non-blocking, with what to call once it is closed.

        Raises Unsupported.
        """

    def run(self, websocket: WebSocket) -> None:
        """Call `websocket.serve` whenever there is something to read, until it is disposed of."""

    def leave(self, environ: Environ) -> tuple[()]:
        """What the WSGI application returns (or raises) once its socket has been taken over."""

    def flush_soon(self, outlet: Outlet) -> None:
        """Call `outlet.flush` before long, and again until it says that nothing is left."""

    def dispose(self, outlet: Outlet) -> None:
        """Stop watching and close the socket."""

    def defer(self, job: Job) -> None:
        """Run `job` soon, outside the caller's greenlet, where it may block."""

    def breathe(self) -> None:
        """Look at all sockets, and serve whoever can be served, before going on."""

    def timeout(self, seconds: float) -> AbstractContextManager[object]:
        """Leave the block quietly after `seconds`."""


def driver_for(async_mode: str) -> Driver:
    """The driver for an Engine.IO async mode; raises ValueError if there is none."""
    if async_mode == "gevent":
        # Imported here, because each installation has only one of the two libraries.
        from .on_gevent import GeventDriver  # noqa: PLC0415

        return GeventDriver()
    if async_mode == "eventlet":
        from .on_eventlet import EventletDriver  # noqa: PLC0415

        return EventletDriver()
    raise ValueError(f"the transport works on gevent or eventlet, not on {async_mode!r}")
