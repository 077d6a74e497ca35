"""The driver for eventlet under gunicorn: the request's greenthread reads until the end."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from typing import TYPE_CHECKING, Any

import eventlet
from eventlet import hubs

from .driver import Environ, Job, Unsupported

if TYPE_CHECKING:
    from .outlet import Outlet
    from .websocket import WebSocket

logger = logging.getLogger("rendezvous.transport")


class EventletDriver:
    """One greenthread reads, a second one writes while there is a backlog."""

    def take(self, environ: Environ) -> tuple[socket.socket, Callable[[], None] | None]:
        green = environ.get("gunicorn.socket")
        raw: Any = getattr(green, "fd", None)  # the non-blocking socket inside a GreenSocket
        if not hasattr(raw, "recv") or hasattr(raw, "context"):
            raise Unsupported("no plain socket in the environ (TLS has to end in front of us)")
        return raw, None

    def leave(self, environ: Environ) -> tuple[()]:
        raise StopIteration  # how gunicorn's workers are told to let go of a request

    def run(self, websocket: WebSocket) -> None:
        while not websocket.gone:
            try:
                hubs.trampoline(websocket.socket.fileno(), read=True)
            except OSError:
                break
            if not websocket.gone:
                websocket.serve()

    def flush_soon(self, outlet: Outlet) -> None:
        eventlet.spawn_n(self._write_out, outlet)

    def _write_out(self, outlet: Outlet) -> None:
        while outlet.flush():
            try:
                hubs.trampoline(outlet.socket.fileno(), write=True)
            except OSError:
                return

    def dispose(self, outlet: Outlet) -> None:
        """Wake the reader with an end of stream: two greenthreads must not close one socket."""
        with suppress(OSError):
            outlet.socket.shutdown(socket.SHUT_RDWR)

    def defer(self, job: Job) -> None:
        eventlet.spawn_n(_call, job)

    def breathe(self) -> None:
        eventlet.sleep(0)

    def timeout(self, seconds: float) -> AbstractContextManager[object]:
        quietly: AbstractContextManager[object] = eventlet.Timeout(seconds, False)
        return quietly


def _call(job: Job) -> Any:
    try:
        return job()
    except Exception:
        logger.exception("a connection's service failed")
