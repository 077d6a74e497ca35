"""The rules of RFC 6455: the sans-IO `Protocol` of websockets, without its chatter."""

from __future__ import annotations

import logging

from websockets.exceptions import ProtocolError
from websockets.frames import Frame, Opcode
from websockets.protocol import SERVER, Protocol

# Protocol logs each closed connection at INFO: that would be an access log.
_quiet = logging.getLogger("rendezvous.transport.rules")
_quiet.setLevel(logging.WARNING)


MOST_FRUITLESS = 256
"""Frames in one go that bring a message no nearer; thousands fit into a read, and cost as many."""

SMALL = 64  # bytes; who sends fragments at all sends longer ones


class Rules(Protocol):
    """A server's rules, less one that RFC 6455 does not have, and with a bound against floods."""

    def __init__(self, max_message_bytes: int) -> None:
        super().__init__(SERVER, max_size=max_message_bytes, logger=_quiet)
        self._fruitless = 0

    def recv_frame(self, frame: Frame) -> None:
        """Private in Protocol, as is `current_size`: it takes a close within a fragmented message
        for an error, where control frames are allowed anywhere (5.4).
        """
        if frame.opcode is Opcode.CLOSE:
            self.current_size = None
        self._count(frame)
        super().recv_frame(frame)

    def _count(self, frame: Frame) -> None:
        control = frame.opcode in (Opcode.PING, Opcode.PONG)
        if frame.fin and not control:
            self._fruitless = 0
        elif control or len(frame.data) < SMALL:
            self._fruitless += 1
        if self._fruitless > MOST_FRUITLESS:
            raise ProtocolError("too many frames without a message")
