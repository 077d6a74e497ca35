"""Our own HTTP server: gevent's pywsgi, with the bounds that it leaves out."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable
from typing import Any

from gevent import pywsgi
from gevent.pool import Pool

from .handler import Handler
from .limits import Limits
from .reports import report
from .tally import Tally

logger = logging.getLogger("rendezvous.transport")


class Server(pywsgi.WSGIServer):
    """Serves a WSGI application on a listening socket, or on (host, port); port 0 is any."""

    handler_class = Handler
    max_accept = 8  # at a time, because each of them takes half a millisecond from everybody else
    backlog = 1024  # because a thousand clients may come back at once after a restart

    def __init__(
        self,
        application: Callable[..., Any],
        listener: socket.socket | tuple[str, int],
        limits: Limits,
        address_of_peer: Callable[[str], str] = str,
    ) -> None:
        """`address_of_peer(host)` is whom a connection counts for; "" for nobody."""
        super().__init__(listener, application, spawn=Pool(), log=None, error_log=logger)
        self.limits = limits
        self.idle: set[Handler] = set()
        self.stopping = False
        self._tally = Tally(limits.connections_per_address)
        self._address_of_peer = address_of_peer

    @property
    def port(self) -> int:
        """The port that is listened on, once started."""
        return self.server_port or 0

    def do_read(self) -> Any:
        """Accept a connection, or close it at once if its address has too many."""
        accepted: Any = super().do_read()
        if not accepted:
            return None
        sock, address = accepted
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        host = self._address_of_peer(address[0])
        if self._tally.is_full(host):
            report("too many connections", host)
            sock.close()
            return None  # the loop comes back for the next one
        self._tally.enter(host)
        return sock, address

    def handle(self, sock: Any, address: Any) -> None:
        handler = self.handler_class(sock, address, self)
        try:
            handler.handle()
        finally:
            if not handler.taken:
                self.release(address[0])

    def release(self, host: str) -> None:
        """A connection from this address has been closed."""
        self._tally.leave(self._address_of_peer(host))

    def stop(self, timeout: float | None = None) -> None:
        """Accept nothing more, let requests end for `timeout` seconds, then end them."""
        self.stopping = True
        for handler in list(self.idle):
            handler.socket.shutdown(socket.SHUT_RD)
        super().stop(timeout)
