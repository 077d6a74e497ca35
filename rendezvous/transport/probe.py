"""The upgrade from long polling: a WebSocket on trial."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .frames import text_frame
from .packets import PING, PROTOCOL_ERROR, UPGRADE

if TYPE_CHECKING:
    from .connection import Connection
    from .websocket import WebSocket


class Probe:
    """A WebSocket that wants to become the transport of a long-polling connection."""

    __slots__ = ("connection", "websocket")

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.websocket: WebSocket

    def heard_text(self, text: str) -> None:
        connection = self.connection
        if text == PING + "probe" and not connection.upgrading:
            connection.hold_polling()
            self.websocket.write(text_frame(b"3probe"))
        elif text != UPGRADE or not connection.upgrading or not connection.adopt(self.websocket):
            self.give_up()

    def heard_binary(self, data: bytes) -> None:
        self.give_up()

    def lost(self, error: bool) -> None:
        self.give_up()

    def give_up(self) -> None:
        """Close the WebSocket and leave the connection to its polling; no effect once adopted."""
        if self.connection.probe is self:
            self.connection.probe = None
            self.connection.upgrading = False
        if self.websocket.listener is self:
            self.websocket.close(PROTOCOL_ERROR)
