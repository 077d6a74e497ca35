"""The rules of RFC 6455: the sans-IO `Protocol` of websockets, without its chatter."""

from __future__ import annotations

import logging

from websockets.frames import Frame, Opcode
from websockets.protocol import SERVER, Protocol

# Protocol logs each closed connection at INFO: that would be an access log.
_quiet = logging.getLogger("rendezvous.transport.rules")
_quiet.setLevel(logging.WARNING)


class Rules(Protocol):
    """A server's rules, but for one that RFC 6455 does not have."""

    def __init__(self, max_message_bytes: int) -> None:
        super().__init__(SERVER, max_size=max_message_bytes, logger=_quiet)

    def recv_frame(self, frame: Frame) -> None:
        """Private in Protocol, as is `current_size`: it takes a close within a fragmented message
        for an error, where control frames are allowed anywhere (5.4).
        """
        if frame.opcode is Opcode.CLOSE:
            self.current_size = None
        super().recv_frame(frame)
