"""One HTTP connection of our server: pywsgi's handler with deadlines, bounds and a quiet tongue."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from gevent import pywsgi

from .on_gevent import HANDOVER
from .reading import MOST_HEADER_BYTES, DeadlineReader, TooMuch, TooSlow
from .reports import report

if TYPE_CHECKING:
    from .server import Server

logger = logging.getLogger("rendezvous.transport")

MOST_DISCARDED = 1_048_576
"""Bytes of an unread body that are read away, so that the client gets to see our answer."""


class Handover:
    """In the environ of each request, for the driver that wants to keep its socket."""

    __slots__ = ("_handler", "_release")

    def __init__(self, handler: Handler, release: Callable[[], None]) -> None:
        self._handler = handler
        self._release = release

    @property
    def socket(self) -> Any:
        return self._handler.socket

    def taken(self) -> Callable[[], None]:
        """The socket is not ours any more; returns what to call when it has been closed."""
        self._handler.taken = True
        self._handler.close_connection = True
        return self._release


class Body(pywsgi.Input):  # type: ignore[misc]  # because gevent's stubs leave Input untyped
    """A request body of which the unread rest, if it is long, is left unread."""

    __slots__ = ("handler",)

    def _discard(self) -> None:  # private in pywsgi.Input, which would read terabytes here
        self.send_100_continue_enabled = False
        left = MOST_DISCARDED
        try:
            while left > 0:
                data = self.read(16_384)
                if not data:
                    return
                left -= len(data)
        except OSError:
            pass
        self.handler.close_connection = True  # because the stream is not at the next request


class Handler(pywsgi.WSGIHandler):
    """Overrides where pywsgi reads, and where it writes to stderr."""

    server: Server
    taken = False

    def __init__(self, sock: Any, address: Any, server: Server) -> None:
        self._reader = DeadlineReader(sock)
        super().__init__(sock, address, server, rfile=io.BufferedReader(self._reader))

    def read_requestline(self) -> str:
        self._reader.allow(self.server.limits.handshake_timeout, MOST_HEADER_BYTES)
        self.server.idle.add(self)
        try:
            return super().read_requestline()
        finally:
            self.server.idle.discard(self)

    def read_request(self, raw_requestline: str) -> Any:
        accepted = super().read_request(raw_requestline)
        length = self.headers.get("content-length")
        if length is not None and not (length.isascii() and length.isdigit()):
            raise ValueError("invalid Content-Length")  # such as "+1", which int() takes
        if self.server.stopping:
            self.close_connection = True
        self._reader.allow(self.server.limits.handshake_timeout)
        return accepted

    def get_environ(self) -> dict[str, Any]:
        environ = super().get_environ()
        body = Body(
            self.rfile, self.content_length, socket=self.wsgi_input.socket,
            chunked_input=self.wsgi_input.chunked_input,
        )
        body.handler = self
        if environ["wsgi.input"] is self.wsgi_input:
            environ["wsgi.input"] = body
        self.wsgi_input = body
        address = environ.get("REMOTE_ADDR", "")
        environ[HANDOVER] = Handover(self, lambda: self.server.release(address))
        return environ

    def log_request(self) -> None:
        """No access log."""

    def log_error(self, msg: str, *args: Any) -> None:
        report("HTTP request", msg % args if args else msg)

    def _handle_client_error(self, ex: Exception) -> tuple[str, bytes]:
        # Private in WSGIHandler, where it prints stack traces for what clients do wrong.
        if isinstance(ex, TooSlow):
            return _closing("408 Request Timeout")
        report("HTTP request", f"{ex} from {self.client_address}")
        if isinstance(ex, TooMuch):
            return _closing("431 Request Header Fields Too Large")
        return _closing("400 Bad Request")

    def _log_error(self, t: Any, v: Any, tb: Any) -> None:
        # Private in WSGIHandler, where it prints to stderr with the whole environ.
        if not issubclass(t, pywsgi.GreenletExit):
            logger.error("a request failed", exc_info=(t, v, tb))


def _closing(status: str) -> tuple[str, bytes]:
    response = f"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
    return status[:3], response.encode()
