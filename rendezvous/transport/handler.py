"""One HTTP connection of our server: pywsgi's handler with deadlines, bounds and a quiet tongue."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from gevent import GreenletExit, pywsgi

from .fields import Fields
from .on_gevent import HANDOVER
from .reading import MOST_HEADER_BYTES, DeadlineReader, TooMuch, TooSlow
from .reports import report

if TYPE_CHECKING:
    from .server import Server

logger = logging.getLogger("rendezvous.transport")

STALLS = 3
"""How many handshake timeouts a client may take to read one piece of a response."""

DISCARD_SECONDS = 1.0
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


class Body(pywsgi.Input):
    """A request body. Of one that is too large for us, and unread, a long rest stays unread."""

    __slots__ = ("handler",)

    handler: Handler

    def _discard(self) -> None:  # private in pywsgi.Input, which would read terabytes here
        self.send_100_continue_enabled = False
        self.handler.hurry()
        left = MOST_DISCARDED
        with suppress(OSError):
            while left > 0:
                data = self.read(16_384)
                if not data:
                    return
                left -= len(data)
        self.handler.close_connection = True  # because the stream is not at the next request


class Whole(io.RawIOBase):
    """A body as the application gets it: what we have read of it, and then the rest."""

    def __init__(self, read_already: bytes, rest: Any) -> None:
        self._read_already = io.BytesIO(read_already)
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._read_already.read(len(buffer)) or self._rest.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


class Handler(pywsgi.WSGIHandler):
    """Overrides where pywsgi reads, and where it writes to stderr."""

    # Which are no news, by pywsgi's definition: the client is gone, or does not read.
    ignored_socket_errors: Any = (*pywsgi.WSGIHandler.ignored_socket_errors, "timed out")

    server: Server
    taken = False
    headers: Any

    def __init__(self, sock: Any, address: Any, server: Server, begun: bytes, spent: float) -> None:
        """The first request has `begun` so, and `spent` seconds of its time."""
        # All that the base class does here, but for its `rfile`, which may wait for ever.
        self.socket = sock
        self.client_address = address
        self.server = server
        self._spent = spent
        self._reader = DeadlineReader(sock, begun)
        self.rfile = io.BufferedReader(self._reader)
        self._read_already = b""

    def hurry(self) -> None:
        """What is still to be read is of no use to anybody."""
        self._reader.allow(DISCARD_SECONDS)

    def MessageClass(self, *args: Any) -> Any:  # noqa: N802 - pywsgi's name
        return Fields(args[0])

    def _headers(self) -> Any:  # private in WSGIHandler, which would parse the lines once more
        return self.headers.environ()

    def read_requestline(self) -> str:
        if self.server.stopping:
            return ""  # which pywsgi takes for the end of the connection
        timeout, self._spent = self.server.limits.handshake_timeout - self._spent, 0.0
        self._reader.allow(timeout, MOST_HEADER_BYTES)
        self.server.idle.add(self)
        try:
            return super().read_requestline()
        finally:
            self.server.idle.discard(self)

    def read_request(self, raw_requestline: str) -> Any:
        """Read the headers, and the body too: a slow one must not get as far as the application."""
        accepted = super().read_request(raw_requestline)
        self._reader.allow(self.server.limits.handshake_timeout)
        self.wsgi_input = self._make_body()
        # Or else what reading has left of its deadline would be the time for writing.
        self.socket.settimeout(STALLS * self.server.limits.handshake_timeout)
        if self.server.stopping:
            self.close_connection = True
        return accepted

    def _make_body(self) -> Body:
        chunked = self.headers.get("transfer-encoding", "").lower() == "chunked"
        waits = self.headers.get("expect", "").lower() == "100-continue"
        body = Body(self.rfile, self.content_length, self.socket if waits else None, chunked)
        body.handler = self
        most = self.server.limits.max_message_bytes
        if chunked or 0 < (self.content_length or 0) <= most:
            self._read_already = body.read(most)
        else:
            self._read_already = b""
        return body

    def get_environ(self) -> dict[str, Any]:
        body = self.wsgi_input
        environ: dict[str, Any] = super().get_environ()  # makes an Input of its own
        self.wsgi_input = body
        environ["wsgi.input"] = io.BufferedReader(Whole(self._read_already, body))
        environ["wsgi.input_terminated"] = True
        address = environ.get("REMOTE_ADDR", "")
        # Not a closure over `self`, because it lives as long as a WebSocket does.
        environ[HANDOVER] = Handover(self, partial(self.server.release, address))
        return environ

    def log_request(self) -> None:
        """No access log."""

    def log_error(self, msg: str, *args: Any) -> None:
        report("HTTP request")  # not `msg`, because pywsgi puts whole request lines into it

    def _handle_client_error(self, ex: Exception) -> tuple[str, bytes]:
        # Private in WSGIHandler, where it prints stack traces for what clients do wrong.
        if isinstance(ex, TooSlow):
            return _closing("408 Request Timeout")
        report("HTTP request", f"from {self.client_address}")
        too_much = isinstance(ex, TooMuch)
        return _closing("431 Request Header Fields Too Large" if too_much else "400 Bad Request")

    def _log_error(self, t: Any, v: Any, tb: Any) -> None:
        # Private in WSGIHandler, where it prints to stderr with the whole environ.
        if not issubclass(t, GreenletExit):
            logger.error("a request failed", exc_info=(t, v, tb))


def _closing(status: str) -> tuple[str, bytes]:
    response = f"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
    return status[:3], response.encode()
