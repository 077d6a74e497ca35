"""One WebSocket after its handshake: messages in to a listener, frames out or into a backlog.

The rules of RFC 6455 are those of the sans-IO `Protocol` of websockets; here is only the I/O.
"""

from __future__ import annotations

import logging
import socket
import struct
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol

import websockets.protocol
from websockets.frames import Frame, Opcode
from websockets.protocol import SERVER, State

from .frames import plain_text, wire_length

if TYPE_CHECKING:
    from .driver import Driver

logger = logging.getLogger("rendezvous.transport")

READ_SIZE = 8_192  # bytes at a time, because 16 KB of tiny frames would take 11 ms
MESSAGES_BEFORE_BREATHING = 32
MOST_DISCARDED = 1_048_576
"""Bytes that are read away after the end, so that the peer gets to see our close frame."""

_RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # struct linger: on, for 0 seconds
_SOCKET_OPTIONS = (
    (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),
    # Because the kernel would let a peer that does not read have 4 MB outstanding before we notice.
    (socket.SOL_SOCKET, socket.SO_SNDBUF, 131_072),
)

# Protocol logs each closed connection at INFO: that would be an access log.
_quiet = logging.getLogger("rendezvous.transport.rules")
_quiet.setLevel(logging.WARNING)


class Rules(websockets.protocol.Protocol):
    """The rules, but for one that RFC 6455 does not have."""

    def recv_frame(self, frame: Frame) -> None:
        """Private in Protocol, as is `current_size`: it takes a close within a fragmented message
        for an error, where control frames are allowed anywhere (5.4).
        """
        if frame.opcode is Opcode.CLOSE:
            self.current_size = None
        super().recv_frame(frame)


class Listener(Protocol):
    """Who hears what a WebSocket receives; called by one greenlet at a time."""

    def heard_text(self, text: str) -> None:
        """A text message."""

    def heard_binary(self, data: bytes) -> None:
        """A binary message."""

    def lost(self, error: bool) -> None:
        """The peer has closed, or (`error`) broken something; not told after our own close."""


class WebSocket:
    """The driver calls `serve` and `flush`; everything else may be called from anywhere.

    Nothing here blocks. After the end (`ended`) the socket lives on for a moment, so that the
    peer gets our close frame, and is disposed of (`gone`) at the end of the stream or by the
    deadline that `linger` sets.
    """

    __slots__ = (
        "_backlog",
        "_capacity",
        "_driver",
        "_fragments",
        "_half_close",
        "_message_is_text",
        "_most",
        "_rules",
        "_unaccounted",
        "busy",
        "ended",
        "gone",
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
        for level, option, value in _SOCKET_OPTIONS:
            with suppress(OSError):  # a Unix socket has no TCP_NODELAY
                sock.setsockopt(level, option, value)
        self.socket = sock
        self.listener = listener
        self.linger = linger
        self.released = released
        self.busy = False
        self.ended = False
        self.watcher: Any = None  # the driver's, as is `writer`
        self.writer: Any = None
        self._driver = driver
        self._most = max_message_bytes
        self._capacity = send_queue_bytes
        self._rules: Rules | None = None
        self._unaccounted = 0
        self._fragments: bytearray | None = None
        self._message_is_text = True
        self._backlog: bytearray | None = None
        self._half_close = False
        self.gone = False

    # Reading

    def serve(self) -> None:
        """Read once, hand on what is complete."""
        try:
            data = self.socket.recv(READ_SIZE)
            if self._rules is not None:
                self._follow_rules(data)
            elif data:
                read = self._hear_plain_texts(data)
                if read < len(data) and not self.gone:
                    self._follow_rules(data[read:])
            else:
                self._lose()
        except BlockingIOError:
            return
        except OSError:
            self._break()
        except Exception:
            logger.exception("a WebSocket's service failed")
            self._break()

    def _hear_plain_texts(self, data: bytes) -> int:
        """Hand on the whole text messages at the start; returns how many bytes they took."""
        end = count = 0
        while not self.ended and (found := plain_text(data, end, self._most)) is not None:
            payload, end = found
            self._hear_text(payload)
            count += 1
            if count % MESSAGES_BEFORE_BREATHING == 0:
                self._driver.breathe()  # because one peer may send thousands at once
        return end

    def _lose(self) -> None:
        """The stream ends between two messages: there is nobody to say anything to."""
        self.ended = True
        self.dispose()
        self.listener.lost(False)

    def _follow_rules(self, data: bytes) -> None:
        rules = self._enter_rules()
        if data:
            rules.receive_data(data)
        else:
            rules.receive_eof()
        frames: list[Any] = rules.events_received()
        self._hand_on(frames, rules.data_to_send())
        self._unaccounted += len(data)
        if rules.state is not State.OPEN:
            self._wind_up(not isinstance(rules.parser_exc, EOFError | None))
        else:
            self._leave_rules(frames)

    def _enter_rules(self) -> Rules:
        """The rules, which exist only while there is more to know than that we are open."""
        if self._rules is None:
            self._rules = Rules(SERVER, max_size=self._most, logger=_quiet)
            self._unaccounted = 0
        return self._rules

    def _leave_rules(self, frames: list[Frame]) -> None:
        """Drop the rules between two messages, where they know nothing that new ones would not."""
        self._unaccounted -= sum(map(wire_length, frames))
        if not self._unaccounted and self._fragments is None:
            self._rules = None

    def _hand_on(self, frames: list[Frame], answers: list[bytes]) -> None:
        """Hand on what was said, and give the rules' answers to it, in its order."""
        unsent = iter(answers)
        for count, frame in enumerate(frames, 1):
            if self.ended:
                break
            if frame.opcode is Opcode.PING:
                self.write(next(unsent, b""))  # a pong
            elif frame.opcode in (Opcode.TEXT, Opcode.BINARY):
                self._message_is_text = frame.opcode is Opcode.TEXT
                self._hear_fragment(bytearray(), frame)
            elif frame.opcode is Opcode.CONT and self._fragments is not None:
                self._hear_fragment(self._fragments, frame)
            if count % MESSAGES_BEFORE_BREATHING == 0:
                self._driver.breathe()
        self._send(unsent)

    def _hear_fragment(self, before: bytearray, frame: Frame) -> None:
        before += frame.data
        self._fragments = None if frame.fin else before
        if frame.fin and self._message_is_text:
            self._hear_text(before)
        elif frame.fin:
            self.listener.heard_binary(bytes(before))

    def _hear_text(self, payload: bytes | bytearray) -> None:
        try:
            text = payload.decode()
        except UnicodeDecodeError as error:
            rules = self._enter_rules()
            rules.fail(1007, f"{error.reason} at position {error.start}")
            self._send(rules.data_to_send())
            self._wind_up(True)
        else:
            self.listener.heard_text(text)

    def _wind_up(self, error: bool) -> None:
        """Follow the rules, which have left the open state, to the end of the socket."""
        if not self.ended:
            self.ended = True
            self.linger(self)
            self.listener.lost(error)
        if self._rules is not None and self._rules.state is State.CLOSED:
            self.dispose()
        elif self._unaccounted > MOST_DISCARDED:
            self.abort()

    # Writing

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
        if len(backlog) > self._capacity:
            self.flush()
            if self._backlog is not None and len(self._backlog) > self._capacity:
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
        """Whether `flush` has something to do."""
        return self._backlog is not None

    def _send(self, answers: Iterable[bytes]) -> None:
        """Send what the rules want; an empty piece says that we have nothing more to say."""
        for data in answers:
            if data:
                self.write(data)
            else:
                self._half_close = True
        if self._half_close and self._backlog is None:
            self._shut_down_writing()

    def _shut_down_writing(self) -> None:
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            self.dispose()

    # The end

    def close(self, code: int = 1000, reason: str = "") -> None:
        """Start the closing handshake, behind what is still to be sent."""
        rules = self._enter_rules()
        if self.ended or rules.state is not State.OPEN:
            return  # in the latter case `serve` is about to wind up
        rules.send_close(code, reason)
        self._send(rules.data_to_send())
        self.ended = True
        self.linger(self)

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
        self._backlog = self._fragments = None
        if not self.gone:
            self.gone = True
            self._driver.dispose(self)
            if self.released is not None:
                self.released()

    def _break(self) -> None:
        """End from within I/O: the listener hears of it later, in a greenlet of its own."""
        tell = not self.ended
        self.abort()
        if tell:
            self._driver.defer(self._tell)

    def _tell(self) -> None:
        self.listener.lost(True)
