"""The Engine.IO server: python-engineio's, with our connections, sockets, clock and bounds."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import socketio

from .connection import Connection
from .limits import Limits
from .line import Line
from .packets import (
    NEVER_FROM_CLIENTS,
    PLAIN_CONNECT,
    PLAIN_DISCONNECT,
    Abuse,
    refuse_malformed,
)
from .reception import AddressOf, Reception
from .reports import report

logger = logging.getLogger("rendezvous.transport")

OnText = Callable[[Connection, str], object]
OnAnswer = Callable[[Connection], object]


class Engine(Reception):
    """Overrides what python-engineio does once a request has been found acceptable.

    Its own service task (which copies all sockets all the time) and its per-connection greenlets
    and queues are never started. Private methods of engineio.Server that are overridden or used:
    `_handle_connect`, `_upgrades`, `_log_error_once`, `_bad_request`, `_async`,
    `_cors_allowed_origins`; of socketio.Server: `_handle_eio_connect`, `_handle_eio_message`,
    `_handle_eio_disconnect`, `_handle_connect`, `_handle_disconnect`.
    tests/transport/test_private_attributes.py says which of them have moved.
    """

    def __init__(
        self,
        sio: socketio.Server,
        limits: Limits,
        on_text: OnText,
        on_answer: OnAnswer,
        address_of: AddressOf,
    ) -> None:
        super().__init__(sio, limits, address_of)
        self._on_text = on_text
        self._on_answer = on_answer

    @property
    def connections(self) -> dict[str, Connection]:
        """The open connections by Engine.IO session id."""
        sockets: dict[str, Connection] = self.sockets
        return sockets

    def connection_of(self, sid: str, namespace: str = "/") -> Connection | None:
        """The connection of a Socket.IO session id."""
        return self.connections.get(self._sio.manager.eio_sid_from_sid(sid, namespace) or "")

    # Serving

    def hear(self, connection: Any, text: str) -> None:
        """Handle a MESSAGE on a Connection; raises Abuse, and whatever the application raises."""
        if text[:1] in NEVER_FROM_CLIENTS:
            raise Abuse("forbidden Socket.IO packet")
        if self._on_text(connection, text):
            return
        if text in PLAIN_CONNECT:  # python-socketio's parser, twice, is a tenth of a connect
            self._sio._handle_connect(connection.sid, None, None)  # noqa: SLF001 - see the class
        elif text == PLAIN_DISCONNECT:
            reason = self.reason.CLIENT_DISCONNECT
            self._sio._handle_disconnect(connection.sid, None, reason)  # noqa: SLF001 - as above
        else:
            refuse_malformed(self._sio.packet_class, text)
            self._sio._handle_eio_message(connection.sid, text)  # noqa: SLF001 - as above

    def hear_answer(self, connection: Any) -> None:
        """A Connection that was asked is alive; raises whatever the application raises."""
        self._on_answer(connection)

    def send(self, sid: str, data: Any) -> None:
        """Send a message to one client, as python-socketio does with its packets."""
        connection = self.connections.get(sid)
        if connection is not None and isinstance(data, str):
            connection.push(data)
        else:
            super().send(sid, data)

    def log_failure(self, connection: Line, error: Exception) -> None:
        """Log what a handler raised, and for whom; ids are secrets, so not whole."""
        logger.error("a handler failed; connection %s...", connection.sid[:4], exc_info=error)

    def _log_error_once(self, message: str, message_key: str) -> None:
        # Most messages have a session id in them, which is a secret.
        report(message_key, message if message_key == "bad-origin" else "")

    def note_joined(self, eio_sid: str, joined: bool) -> None:
        """The manager says whether a connection is in any Socket.IO namespace."""
        connection = self.connections.get(eio_sid)
        if connection is not None:
            connection.joined = joined
            if not joined:
                self._clock.is_outside(connection)

    # Ending

    def disconnect(self, sid: str | None = None) -> None:
        """Close one connection, or all."""
        if sid is None:
            for connection in list(self.connections.values()):
                connection.close()
        elif sid in self.connections:
            self.connections[sid].close()

    def forget(self, connection: Line, reason: str) -> None:
        """Tell the application that a connection has ended, and drop all that we know of it."""
        try:
            self._sio._handle_eio_disconnect(connection.sid, reason)  # noqa: SLF001 - as above
        except Exception as error:  # noqa: BLE001 - the rest of the cleaning up has to follow
            self.log_failure(connection, error)
        self._sio.manager.forget(connection.sid)
        self._sio.environ.pop(connection.sid, None)
        self.sockets.pop(connection.sid, None)
        connection.let_go()
        self._tally.leave(connection.address)

    def shutdown(self) -> None:
        """Stop the clock; connections stay until they are closed."""
        self._clock.stop()
