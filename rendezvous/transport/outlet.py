"""The way out of a connection: what is written now goes when it can, up to a bound."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .driver import Driver

_RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # struct linger: on, for 0 seconds
_SOCKET_OPTIONS = (
    # Because the kernel would let a peer that does not read have 4 MB outstanding before we notice.
    (socket.SOL_SOCKET, socket.SO_SNDBUF, 131_072),
    (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),
)


class Outlet:
    """A non-blocking socket with a backlog. Nothing here blocks, and nothing raises.

    `ended`: nothing more is accepted; what was accepted before is still sent. `gone`: the socket
    is closed. `watcher`, `writer` and `busy` are the driver's.
    """

    __slots__ = (
        "_backlog",
        "_capacity",
        "_driver",
        "_half_close",
        "busy",
        "ended",
        "gone",
        "released",
        "socket",
        "watcher",
        "writer",
    )

    def __init__(
        self,
        sock: socket.socket,
        driver: Driver,
        capacity: int,
        released: Callable[[], None] | None,
    ) -> None:
        with suppress(OSError):  # a Unix socket has no TCP_NODELAY, which is the last
            for level, option, value in _SOCKET_OPTIONS:
                sock.setsockopt(level, option, value)
        self.socket = sock
        self.released = released
        self.watcher: Any = None
        self.writer: Any = None
        self.busy = self.ended = self.gone = False
        self._driver = driver
        self._capacity = capacity
        self._backlog: bytearray | None = None
        self._half_close = False

    def write(self, data: bytes) -> None:
        """Send frames (or the response to the handshake) soon, together; nothing after the end.

        A system call costs as much as all the rest of a message, and one takes many frames.
        """
        if self.ended:
            return
        backlog = self._backlog
        if backlog is None:
            self._backlog = bytearray(data)
            self._driver.flush_soon(self)
            return
        backlog += data
        too_much = len(backlog) > self._capacity
        if too_much and self.flush() and len(backlog) > self._capacity:
            self._break()

    def flush(self) -> bool:
        """Send from the backlog what the kernel takes; whether something is left."""
        backlog = self._backlog
        if backlog is None:
            return False
        try:
            sent = self.socket.send(backlog)
        except BlockingIOError:
            return True
        except OSError:
            self._break()
            return False
        if sent < len(backlog):
            del backlog[:sent]
            return True
        self._backlog = None
        if self._half_close:
            self._shut_down_writing()
        return False

    def close_after_backlog(self) -> None:
        """Say that nothing more will come, once all that came before has been sent."""
        self._half_close = True
        if self._backlog is None:
            self._shut_down_writing()

    def _shut_down_writing(self) -> None:
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            self.dispose()

    def abort(self) -> None:
        """Drop the connection and what it had outstanding, in the kernel too."""
        self.ended = True
        if not self.gone:
            with suppress(OSError):
                # because a peer that does not read would keep the kernel's buffer for minutes
                self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        self.dispose()

    def dispose(self) -> None:
        """Close the socket, if that has not happened yet."""
        self._backlog = None
        if not self.gone:
            self.gone = True
            self._driver.dispose(self)
            if self.released is not None:
                self.released()

    def _break(self) -> None:
        """End from within I/O: the application hears of it later, in another greenlet."""
        tell = not self.ended
        self.abort()
        if tell:
            self._driver.defer(self._tell)

    def _tell(self) -> None:
        """Tell whom it concerns that the connection is broken."""
        raise NotImplementedError
