"""Reading requests with a deadline: what pywsgi, which waits for ever, reads through."""

from __future__ import annotations

import io
from time import monotonic
from typing import Any

MOST_HEADER_BYTES = 32_768
"""Bytes of a request line and its headers together."""


class TooSlow(OSError):
    """The deadline has passed."""


class TooMuch(OSError):
    """The headers are too large."""


class DeadlineReader(io.RawIOBase):
    """The raw stream of a connection: each read has to end before `deadline`, not each wait."""

    def __init__(self, sock: Any) -> None:
        self._socket = sock
        self._deadline = 0.0
        self._allowance: int | None = None

    def allow(self, seconds: float, most_bytes: int | None = None) -> None:
        """Set the deadline from now, and how many bytes may be read from the socket."""
        self._deadline = monotonic() + seconds
        self._allowance = most_bytes

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._allowance is not None and self._allowance <= 0:
            raise TooMuch("headers too large")
        left = self._deadline - monotonic()
        if left <= 0:
            raise TooSlow("deadline passed")
        self._socket.settimeout(left)
        try:
            count: int = self._socket.recv_into(buffer)
        except TimeoutError as error:
            raise TooSlow("deadline passed") from error
        if self._allowance is not None:
            self._allowance -= count
        return count
