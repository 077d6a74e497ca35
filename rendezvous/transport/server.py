"""Our own HTTP server: gevent's pywsgi, with the bounds that it leaves out."""

from __future__ import annotations

import errno
import logging
import socket
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any

import gevent
from gevent import monkey, pywsgi
from gevent.pool import Pool

from .deadlines import Deadlines
from .entrance import Entrance
from .handler import Handler
from .limits import Limits
from .on_gevent import GeventDriver
from .opening import MOST_BYTES
from .reports import report
from .tally import Tally

if TYPE_CHECKING:
    from .driver import Environ
    from .engine import Engine

logger = logging.getLogger("rendezvous.transport")

RawSocket: Any = monkey.get_original("socket", "socket")
WEBSOCKETS_AT = "/socket.io/"
NO_ROOM = b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
OUT_OF_RESOURCES = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
PAUSE = 0.1
"""Seconds until the next try to accept, when the system has nothing left for another socket."""


class Server(pywsgi.WSGIServer):
    """Serves a WSGI application on a listening socket, or on (host, port); port 0 is any.

    `engine` gets what is plainly the opening of a WebSocket directly, without the application.
    """

    handler_class = Handler
    max_accept = 8  # at a time, because each of them takes a quarter of a millisecond from others
    backlog = 1024  # because a thousand clients may come back at once after a restart

    def __init__(
        self,
        application: Callable[..., Any],
        listener: socket.socket | tuple[str, int],
        limits: Limits,
        address_of_peer: Callable[[str], str] = str,
        engine: Engine | None = None,
    ) -> None:
        """`address_of_peer(host)` is whom a connection counts for; "" for nobody."""
        super().__init__(listener, application, spawn=Pool(), log=None, error_log=logger)
        self.limits = limits
        self.idle: set[Handler] = set()
        self.entrances: set[Entrance] = set()
        self.stopping = False
        self._engine = engine
        self._tally = Tally(limits.connections_per_address, limits.connections)
        self._address_of_peer = address_of_peer
        self._driver = GeventDriver()
        self._deadlines = Deadlines(gevent.sleep)
        self._close_in_time = self._deadlines.after(limits.handshake_timeout, Entrance.close)

    @property
    def port(self) -> int:
        """The port that is listened on, once started."""
        return self.server_port or 0

    def start(self) -> None:
        super().start()
        gevent.spawn(self._deadlines.run)

    # Coming in

    def do_read(self) -> Any:
        """Accept a connection, or close it at once if there are too many."""
        try:
            descriptor, address = self.socket._accept()  # type: ignore[attr-defined]  # noqa: SLF001
        except BlockingIOError:
            return None
        except OSError as error:
            if error.errno not in OUT_OF_RESOURCES:
                raise
            self._pause()
            return None
        sock = RawSocket(self.socket.family, socket.SOCK_STREAM, 0, descriptor)
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        host = self._address_of_peer(address[0])
        if self._tally.overflows:
            report("no room for more connections")
            self._turn_away(sock)
            return None
        if self._tally.is_full(host):
            report("too many connections", host)
            sock.close()
            return None  # the loop comes back for the next one
        self._tally.enter(host)
        return sock, address

    def _pause(self) -> None:
        """Leave who wants to come in to the kernel for a while, because to try on would spin."""
        report("no descriptors left for connections")
        self.stop_accepting()
        self._timer: Any = self.loop.timer(PAUSE)
        again = self._start_accepting_if_started  # type: ignore[attr-defined]  # see the test
        self._timer.start(again)

    def _turn_away(self, sock: socket.socket) -> None:
        with suppress(OSError):
            sock.send(NO_ROOM)
            sock.shutdown(socket.SHUT_WR)
            sock.recv(MOST_BYTES)  # because a reset for what is unread could overtake the answer
        sock.close()

    def do_handle(self, sock: socket.socket, address: Any) -> None:
        """Wait for what it says first, without a greenlet."""
        entrance = Entrance(sock, address, self)
        self.entrances.add(entrance)
        self._driver.watch(entrance)
        self._close_in_time(entrance)

    def open_websocket(self, environ: Environ, sock: socket.socket, address: Any) -> bool:
        """Open the WebSocket that `environ` asks for; False if that is for the application."""
        if self._engine is None or environ["PATH_INFO"] != WEBSOCKETS_AT or self.stopping:
            return False
        environ["REMOTE_ADDR"], environ["REMOTE_PORT"] = address[0], str(address[1])
        environ["flask.app"] = self.application  # as Flask-SocketIO's middleware does
        return self._engine.open_plain(environ, sock, partial(self.release, address[0]))

    def serve_http(self, sock: socket.socket, address: Any, begun: bytes, since: float) -> None:
        """Serve requests, the first of which has `begun`, by pywsgi in a greenlet."""
        green = gevent.socket.socket(sock.family, sock.type, sock.proto, sock.detach())
        spent = monotonic() - since
        super().do_handle(green, address, begun, spent)  # type: ignore[call-arg]

    def handle(self, sock: Any, address: Any, begun: bytes = b"", spent: float = 0.0) -> None:
        handler = self.handler_class(sock, address, self, begun, spent)
        try:
            handler.handle()
        finally:
            if not handler.taken:
                self.release(address[0])

    def release(self, host: str) -> None:
        """A connection from this address has been closed."""
        self._tally.leave(self._address_of_peer(host))

    # Stopping

    def stop(self, timeout: float | None = None) -> None:
        """Accept nothing more, let requests end for `timeout` seconds, then end them."""
        self.stopping = True
        for entrance in list(self.entrances):
            entrance.close()
        for handler in list(self.idle):
            handler.socket.shutdown(socket.SHUT_RD)
        super().stop(timeout)
        self._deadlines.stop()
