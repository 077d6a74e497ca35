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
    """The raw stream of a connection: each read has to end before `deadline`, not each wait.

    `begun` is what somebody has read already.
    """

    def __init__(self, sock: Any, begun: bytes = b"") -> None:
        self._socket = sock
        self._begun = begun
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
        count = self._take_begun(buffer) if self._begun else self._receive(buffer, left)
        if self._allowance is not None:
            self._allowance -= count
        return count

    def _take_begun(self, buffer: Any) -> int:
        data, self._begun = self._begun[: len(buffer)], self._begun[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)

    def _receive(self, buffer: Any, seconds: float) -> int:
        self._socket.settimeout(seconds)
        try:
            return int(self._socket.recv_into(buffer))
        except TimeoutError as error:
            raise TooSlow("deadline passed") from error
