"""The driver for gevent: no greenlet per connection, but a few that serve whoever is readable."""

from __future__ import annotations

import logging
import socket
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import gevent
from gevent import monkey
from greenlet import getcurrent, greenlet

from .driver import Environ, Job, Unsupported

if TYPE_CHECKING:
    from .outlet import Outlet
    from .websocket import WebSocket

logger = logging.getLogger("rendezvous.transport")

MOST_SERVANTS = 64
"""Service greenlets: as many handlers may wait (for a store, say) before others wait for them."""

MOST_UNSENT = 16
"""Connections whose frames are held back until they go together; more would make them late."""

HANDOVER = "rendezvous.transport.handover"
"""Where our own server puts the `Handover` of a request into the environ."""

READ, WRITE = 1, 2  # libev's EV_READ and EV_WRITE, which loop.io takes


class Served(Protocol):
    """What a servant takes on: a WebSocket, or a job to do once."""

    busy: bool

    @property
    def serve(self) -> Job:
        """Does it."""

    @property
    def watcher(self) -> Any:
        """What says when there is more to do."""


class Readable(Served, Protocol):
    """What is served when its socket is readable."""

    watcher: Any

    @property
    def socket(self) -> Any:
        """Where to look."""


class GeventDriver:
    """A libev watcher on each connection wakes a servant straight from the event loop.

    While a connection is being served nobody else serves it; if its handler blocks, its watcher
    is stopped, so that the kernel's buffer fills up and the peer has to wait.
    """

    def __init__(self) -> None:
        self._idle: list[greenlet] = []
        self._servants = 0
        self._waiting: deque[Served] = deque()
        self._unsent: list[Outlet] = []

    @cached_property
    def _hub(self) -> Any:
        return gevent.get_hub()  # when first used, because a hub belongs to the serving thread

    def take(self, environ: Environ) -> tuple[socket.socket, Callable[[], None] | None]:
        handover = environ.get(HANDOVER)
        sock: Any = environ.get("gunicorn.socket") if handover is None else handover.socket
        if not hasattr(sock, "detach") or hasattr(sock, "context"):
            raise Unsupported("no plain socket in the environ (TLS has to end in front of us)")
        # The server may close its own object, detached, without harm.
        family, proto, descriptor = sock.family, sock.proto, sock.detach()
        original = monkey.get_original("socket", "socket")
        raw = original(family, socket.SOCK_STREAM, proto, fileno=descriptor)
        raw.setblocking(False)
        return raw, None if handover is None else handover.taken()

    def leave(self, environ: Environ) -> tuple[()]:
        if HANDOVER in environ:
            return ()
        raise StopIteration  # how gunicorn's workers are told to let go of a request

    def run(self, websocket: WebSocket) -> None:
        if not websocket.gone:
            self.watch(websocket)

    def watch(self, served: Readable) -> None:
        """Have it served whenever its socket is readable."""
        served.watcher = self._hub.loop.io(served.socket.fileno(), READ)
        served.watcher.start(self._readable, served)

    def _readable(self, served: Readable) -> None:
        """Runs in the hub, so it must not block; the servant it switches to may."""
        served.busy = True
        self._give(served)
        if served.busy and served.watcher is not None:
            served.watcher.stop()

    def _give(self, served: Served) -> None:
        """In the hub: have a servant serve, at once if one is free."""
        if self._idle:
            self._idle.pop().switch(served)
        elif self._servants < MOST_SERVANTS:
            self._servants += 1
            greenlet(self._servant, self._hub).switch(served)
        else:
            self._waiting.append(served)

    def _servant(self, served: Served) -> None:
        me = getcurrent()
        while True:
            try:
                served.serve()
            except (KeyboardInterrupt, SystemExit):
                raise
            except BaseException:  # gevent.Timeout is no Exception
                logger.exception("a deferred job failed")
            served.busy = False
            watcher = served.watcher
            if watcher is not None and not watcher.active:
                watcher.start(self._readable, served)
            if self._waiting:
                served = self._waiting.popleft()
            else:
                del served, watcher  # because a servant may be idle for long
                self._idle.append(me)
                served = self._hub.switch()

    def flush_soon(self, outlet: Outlet) -> None:
        self._unsent.append(outlet)
        if len(self._unsent) == 1:
            self._hub.loop.run_callback(self._flush)  # when all who are readable now are served
        elif len(self._unsent) >= MOST_UNSENT:
            self._flush()

    def _flush(self) -> None:
        unsent, self._unsent = self._unsent, []
        for outlet in unsent:
            if outlet.flush() and outlet.writer is None:
                self._call_when_writable(outlet)

    def _call_when_writable(self, outlet: Outlet) -> None:
        outlet.writer = self._hub.loop.io(outlet.socket.fileno(), WRITE)
        outlet.writer.start(self._writable, outlet)

    def _writable(self, outlet: Outlet) -> None:
        if not outlet.flush() and outlet.writer is not None:
            _discard(outlet.writer)
            outlet.writer = None

    def dispose(self, outlet: Outlet) -> None:
        _discard(outlet.watcher)
        _discard(outlet.writer)
        outlet.watcher = outlet.writer = None
        outlet.socket.close()

    def defer(self, job: Job) -> None:
        self._hub.loop.run_callback(self._give, _Deferred(job))

    def breathe(self) -> None:
        # Not 0, with which gevent runs what is ready over and over before it looks at the sockets.
        gevent.sleep(1e-9)

    def timeout(self, seconds: float) -> AbstractContextManager[object]:
        return gevent.Timeout(seconds, False)  # type: ignore[arg-type]  # the stubs forget False


class _Deferred:
    """A job that a servant does as if it were a connection."""

    __slots__ = ("busy", "serve")

    watcher = None

    def __init__(self, job: Job) -> None:
        self.serve = job
        self.busy = True


def _discard(watcher: Any) -> None:
    if watcher is not None:
        watcher.stop()
        watcher.close()
