"""Pings, and an end for everything that a peer may leave unfinished."""

from __future__ import annotations

from collections.abc import Callable

from .connection import Connection
from .deadlines import Deadlines
from .limits import Limits
from .probe import Probe
from .reports import report
from .websocket import WebSocket

LINGER = 2.0
"""Seconds that a peer has to take our close frame and to close from its side."""


class Clock:
    """What happens after a while; the methods start the time, `run` keeps it."""

    def __init__(self, limits: Limits, sleep: Callable[[float], object]) -> None:
        self._deadlines = Deadlines(sleep)
        self.run = self._deadlines.run
        self.stop = self._deadlines.stop
        after = self._deadlines.after
        rest = limits.ping_interval - limits.ping_timeout
        self._ping_in_a_while = after(limits.ping_interval, self._ping)
        self._ping_after_rest = after(rest, self._ping) if rest > 0 else self._ping
        self._check_answer_in_a_while = after(limits.ping_timeout, self._check_answer)
        self._check_joined_in_a_while = after(limits.handshake_timeout, self._check_joined)
        self.has_probe = after(limits.handshake_timeout, Probe.give_up)
        self.lingers = after(LINGER, WebSocket.dispose)

    def is_open(self, connection: Connection) -> None:
        """Engine.IO is open: pings begin, and the client has to join."""
        self._ping_in_a_while(connection)
        self.is_outside(connection)

    def is_outside(self, connection: Connection) -> None:
        """The client is in no Socket.IO namespace: it has to join one, or is closed."""
        if not connection.joining:
            connection.joining = True
            self._check_joined_in_a_while(connection)

    def _ping(self, connection: Connection) -> None:
        if not connection.closing:
            connection.ping()
            self._check_answer_in_a_while(connection)

    def _check_answer(self, connection: Connection) -> None:
        if connection.closing:
            return
        if connection.answered:
            self._ping_after_rest(connection)
        else:
            connection.abort(connection.engine.reason.PING_TIMEOUT)

    def _check_joined(self, connection: Connection) -> None:
        connection.joining = False
        if not connection.joined and not connection.closing:
            report("never joined", connection.address)
            connection.close_now(connection.engine.reason.SERVER_DISCONNECT)
