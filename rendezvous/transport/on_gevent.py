"""The driver for gevent: no greenlet per connection, but a few that serve whoever is readable."""

from __future__ import annotations

import logging
import socket
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cached_property
from typing import TYPE_CHECKING, Any

import gevent
from gevent import monkey
from greenlet import getcurrent, greenlet

from .driver import Environ, Job, Unsupported

if TYPE_CHECKING:
    from .websocket import WebSocket

logger = logging.getLogger("rendezvous.transport")

MOST_SERVANTS = 64
"""Service greenlets: as many handlers may wait (for a store, say) before others wait for them."""

HANDOVER = "rendezvous.transport.handover"
"""Where our own server puts the `Handover` of a request into the environ."""

READ, WRITE = 1, 2  # libev's EV_READ and EV_WRITE, which loop.io takes


class GeventDriver:
    """A libev watcher on each connection wakes a servant straight from the event loop.

    While a connection is being served nobody else serves it; if its handler blocks, its watcher
    is stopped, so that the kernel's buffer fills up and the peer has to wait.
    """

    def __init__(self) -> None:
        self._idle: list[greenlet] = []
        self._servants = 0
        self._waiting: deque[tuple[Callable[..., object], Any]] = deque()

    @cached_property
    def _hub(self) -> Any:
        return gevent.get_hub()  # when first used, because a hub belongs to the serving thread

    def take(self, environ: Environ) -> tuple[socket.socket, Callable[[], None] | None]:
        handover = environ.get(HANDOVER)
        sock = environ.get("gunicorn.socket") if handover is None else handover.socket
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
        websocket.watcher = self._hub.loop.io(websocket.socket.fileno(), READ)
        websocket.watcher.start(self._readable, websocket)

    def _readable(self, websocket: WebSocket) -> None:
        """Runs in the hub, so it must not block; the servant it switches to may."""
        websocket.busy = True
        self._give(self._serve, websocket)
        if websocket.busy and websocket.watcher is not None:
            websocket.watcher.stop()

    def _serve(self, websocket: WebSocket) -> None:
        try:
            websocket.serve()
        finally:
            websocket.busy = False
            watcher = websocket.watcher
            if watcher is not None and not watcher.active:
                watcher.start(self._readable, websocket)

    def _give(self, function: Callable[..., object], argument: Any) -> None:
        """In the hub: have a servant call `function(argument)`, at once if one is free."""
        if self._idle:
            self._idle.pop().switch(function, argument)
        elif self._servants < MOST_SERVANTS:
            self._servants += 1
            greenlet(self._servant, self._hub).switch(function, argument)
        else:
            self._waiting.append((function, argument))

    def _servant(self, function: Callable[..., object], argument: Any) -> None:
        me = getcurrent()
        while True:
            try:
                function(argument)
            except Exception:
                logger.exception("a connection's service failed")
            if self._waiting:
                function, argument = self._waiting.popleft()
            else:
                self._idle.append(me)
                function, argument = self._hub.switch()

    def call_when_writable(self, websocket: WebSocket) -> None:
        websocket.writer = self._hub.loop.io(websocket.socket.fileno(), WRITE)
        websocket.writer.start(self._writable, websocket)

    def _writable(self, websocket: WebSocket) -> None:
        websocket.flush()
        if not websocket.has_backlog and websocket.writer is not None:
            websocket.writer = _discard(websocket.writer)

    def dispose(self, websocket: WebSocket) -> None:
        websocket.watcher = _discard(websocket.watcher)
        websocket.writer = _discard(websocket.writer)
        websocket.socket.close()

    def defer(self, job: Job) -> None:
        self._hub.loop.run_callback(self._give, _call, job)

    def breathe(self) -> None:
        gevent.sleep(0)

    def timeout(self, seconds: float) -> AbstractContextManager[object]:
        return gevent.Timeout(seconds, False)


def _call(job: Job) -> None:
    job()


def _discard(watcher: Any) -> None:
    if watcher is not None:
        watcher.stop()
        watcher.close()
