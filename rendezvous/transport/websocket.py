"""One WebSocket after its handshake: messages in to a listener, frames out or into a backlog.

The rules of RFC 6455 are those of the sans-IO `Protocol` of websockets; here is only the I/O.
"""

from __future__ import annotations

import logging
import socket
import struct
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from websockets.frames import Frame, Opcode
from websockets.protocol import SERVER, State
from websockets.protocol import Protocol as Rules

from .frames import binary_frame, text_frame

if TYPE_CHECKING:
    from .driver import Driver

READ_SIZE = 16_384
FRAMES_BEFORE_BREATHING = 32
_NO_LINGER = struct.pack("ii", 1, 0)

# Protocol logs each closed connection at INFO: that would be an access log.
_quiet = logging.getLogger("rendezvous.transport.rules")
_quiet.setLevel(logging.WARNING)


class Listener(Protocol):
    """Who hears what a WebSocket receives; called by one greenlet at a time."""

    def heard_text(self, text: str) -> None: ...

    def heard_binary(self, data: bytes) -> None: ...

    def lost(self, error: bool) -> None:
        """The peer has closed, broken the rules or gone (`error`); not called for our own close."""


class WebSocket:
    """The driver calls `serve` and `flush`; everything else may be called from anywhere.

    Nothing here blocks. After the end (`ended`) the socket lives on for a moment, so that the
    peer gets our close frame, and is disposed of at the end of the stream or by the deadline.
    """

    __slots__ = (
        "_backlog",
        "_capacity",
        "_driver",
        "_failed",
        "_fragments",
        "_fragments_are_text",
        "_gone",
        "_half_close",
        "_rules",
        "busy",
        "ended",
        "linger",
        "listener",
        "released",
        "socket",
        "watcher",
        "writer",
    )

    def __init__(
        self,
        sock: socket.socket,
        driver: Driver,
        listener: Listener,
        *,
        max_message_bytes: int,
        send_queue_bytes: int,
        linger: Callable[[WebSocket], None],
        released: Callable[[], None] | None = None,
    ) -> None:
        self.socket = sock
        self.listener = listener
        self.linger = linger
        self.released = released
        self.busy = False
        self.ended = False
        self.watcher: Any = None  # the driver's, as is `writer`
        self.writer: Any = None
        self._driver = driver
        self._rules = Rules(SERVER, max_size=max_message_bytes, logger=_quiet)
        self._capacity = send_queue_bytes
        self._backlog: bytearray | None = None
        self._half_close = self._failed = self._gone = False
        self._fragments: bytearray | None = None
        self._fragments_are_text = True

    # Reading

    def serve(self) -> None:
        """Read once, hand on what is complete."""
        try:
            data = self.socket.recv(READ_SIZE)
        except BlockingIOError:
            return
        except OSError:
            self._break()
            return
        if data:
            self._rules.receive_data(data)
        else:
            self._rules.receive_eof()
        self._hand_on(self._rules.events_received())
        self._send_what_the_rules_want()
        if self._rules.state is not State.OPEN:
            self._wind_up()

    def _hand_on(self, frames: list[Any]) -> None:
        for count, frame in enumerate(frames, 1):
            if self.ended:
                return
            self._hear(frame)
            if count % FRAMES_BEFORE_BREATHING == 0:
                self._driver.breathe()  # because one peer may send thousands at once

    def _hear(self, frame: Frame) -> None:
        opcode = frame.opcode
        if opcode is Opcode.TEXT and frame.fin:
            self._hear_message(frame.data, True)
        elif opcode is Opcode.TEXT or opcode is Opcode.BINARY:
            if frame.fin:
                self._hear_message(frame.data, False)
            else:
                self._fragments = bytearray(frame.data)
                self._fragments_are_text = opcode is Opcode.TEXT
        elif opcode is Opcode.CONT and self._fragments is not None:
            self._fragments += frame.data
            if frame.fin:
                message, self._fragments = self._fragments, None
                self._hear_message(message, self._fragments_are_text)

    def _hear_message(self, data: Any, is_text: bool) -> None:
        if not is_text:
            self.listener.heard_binary(bytes(data))
            return
        try:
            text = data.decode()
        except UnicodeDecodeError as error:
            self._failed = True
            self._rules.fail(1007, f"{error.reason} at position {error.start}")
            self._send_what_the_rules_want()
            self._wind_up()
        else:
            self.listener.heard_text(text)

    def _wind_up(self) -> None:
        """Follow the rules, which have left the open state, to the end of the socket."""
        if not self.ended:
            self.ended = True
            self.linger(self)
            self.listener.lost(error=self._failed or self._rules.parser_exc is not None)
        if self._rules.state is State.CLOSED:
            self.dispose()

    # Writing

    def send_text(self, payload: bytes) -> None:
        """Send a text message; `payload` is UTF-8. Does nothing after the end."""
        if not self.ended:
            self._write(text_frame(payload))

    def send_binary(self, payload: bytes) -> None:
        """Send a binary message. Does nothing after the end."""
        if not self.ended:
            self._write(binary_frame(payload))

    def send_raw(self, data: bytes) -> None:
        """Send bytes that are not a frame: the response to the handshake."""
        self._write(data)

    def _send_what_the_rules_want(self) -> None:
        for data in self._rules.data_to_send():
            if data:
                self._write(data)
            else:
                self._half_close = True
        if self._half_close and self._backlog is None:
            self._shut_down_writing()

    def _write(self, data: bytes) -> None:
        if self._backlog is not None:
            self._put_behind(data)
            return
        try:
            sent = self.socket.send(data)
        except BlockingIOError:
            sent = 0
        except OSError:
            self._break()
            return
        if sent < len(data):
            self._backlog = bytearray()
            self._put_behind(data[sent:])
            if self._backlog is not None:
                self._driver.call_when_writable(self)

    def _put_behind(self, data: bytes) -> None:
        assert self._backlog is not None
        self._backlog += data
        if len(self._backlog) > self._capacity:
            self._break()

    def flush(self) -> None:
        """Send from the backlog what the kernel takes."""
        if not self._backlog:
            return
        try:
            sent = self.socket.send(self._backlog)
        except BlockingIOError:
            return
        except OSError:
            self._break()
            return
        del self._backlog[:sent]
        if not self._backlog:
            self._backlog = None
            if self._half_close:
                self._shut_down_writing()

    @property
    def has_backlog(self) -> bool:
        return self._backlog is not None

    # The end

    def close(self, code: int = 1000, reason: str = "") -> None:
        """Start the closing handshake, behind what is still to be sent."""
        if self.ended:
            return
        self.ended = True
        if self._rules.state is State.OPEN:
            self._rules.send_close(code, reason)
            self._send_what_the_rules_want()
        self.linger(self)

    def abort(self) -> None:
        """Drop the connection and what it had outstanding, in the kernel too."""
        self.ended = True
        self._reset()

    def dispose(self) -> None:
        """Close the socket, if that has not happened yet."""
        self._backlog = self._fragments = None
        if not self._gone:
            self._gone = True
            self._driver.dispose(self)
            if self.released is not None:
                self.released()

    def _break(self) -> None:
        """End from within a write: the listener hears of it later, in a greenlet of its own."""
        self._reset()
        if not self.ended:
            self.ended = True
            self._driver.defer(self._tell_of_break)

    def _tell_of_break(self) -> None:
        self.listener.lost(error=True)

    def _reset(self) -> None:
        if not self._gone:
            try:
                # because a peer that does not read would keep the kernel's buffer for minutes
                self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
            except OSError:
                pass
        self.dispose()

    def _shut_down_writing(self) -> None:
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            self.dispose()
