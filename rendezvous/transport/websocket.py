"""One WebSocket after its handshake: messages in to a listener, frames out or into a backlog.

The rules of RFC 6455 are those of the sans-IO `Protocol` of websockets; here is only the I/O.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from websockets.frames import Frame, Opcode
from websockets.protocol import State

from .frames import plain_close, plain_text, wire_length
from .outlet import Outlet
from .rules import Rules
from .turns import Turn

if TYPE_CHECKING:
    from .driver import Driver
    from .listener import Listener

logger = logging.getLogger("rendezvous.transport")

READ_SIZE = 16_384
PIECE = 512
"""Bytes that the rules get at a time: tiny frames take them a millisecond a kilobyte."""

MOST_DISCARDED = 1_048_576
"""Bytes that are read away after the end, so that the peer gets to see our close frame."""


class WebSocket(Outlet):
    """The driver calls `serve` and `flush`; everything else may be called from anywhere.

    After the end (`ended`) the socket lives on for a moment, so that the peer gets our close
    frame, and is disposed of at the end of the stream or by the deadline that `linger` sets.
    """

    __slots__ = (
        "_fragments",
        "_message_is_text",
        "_most",
        "_rules",
        "_unaccounted",
        "linger",
        "listener",
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
        super().__init__(sock, driver, send_queue_bytes, released)
        self.listener = listener
        self.linger = linger
        self._most = max_message_bytes
        self._rules: Rules | None = None
        self._unaccounted = 0
        self._fragments: bytearray | None = None
        self._message_is_text = True

    def serve(self) -> None:
        """Read once, hand on what is complete."""
        try:
            data = self.socket.recv(READ_SIZE)
            if self.ended and self._rules is None:
                self._discard(data)
            elif data:
                self._read(data)
            elif self._rules is None:
                self._lose()
            else:
                self._follow_rules(data)
        except BlockingIOError:
            return
        except OSError:
            self._break()
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException:  # gevent.Timeout is no Exception
            logger.exception("a WebSocket's service failed")
            self._break()

    def _read(self, data: bytes) -> None:
        """Take whole text messages by the short cut, and the rest piece by piece by the rules."""
        at, size, piece = 0, len(data), PIECE
        turn: Turn | None = None
        while True:
            found = plain_text(data, at, self._most) if self._rules is None else None
            if found is not None:
                payload, at = found
                self._hear_text(payload)
            elif self._rules is None and (answer := plain_close(data, at)):
                self._close_plainly(answer)
                return
            else:
                frames = self._follow_rules(data[at : at + piece])
                at += piece
                piece = PIECE if frames else piece * 2  # in a large frame there is no hurry
            if at >= size or self.gone:
                return
            if turn is None:  # not before, because nearly always one message is all there is
                turn = Turn(self._driver)
            turn.pass_on()

    def _close_plainly(self, answer: bytes) -> None:
        """The peer has closed in order, between two messages."""
        self._send((answer, b""))
        self.ended = True
        self.linger(self)
        self.listener.lost(False)

    def _discard(self, data: bytes) -> None:
        """After a plain close only the end of the stream is to come."""
        self._unaccounted += len(data)
        if not data:
            self.dispose()
        elif self._unaccounted > MOST_DISCARDED:
            self.abort()

    def _lose(self) -> None:
        """The stream ends between two messages: there is nobody to say anything to."""
        self.ended = True
        self.dispose()
        self.listener.lost(False)

    def _follow_rules(self, data: bytes) -> int:
        """Returns how many frames that has completed."""
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
        return len(frames)

    def _enter_rules(self) -> Rules:
        """The rules, which exist only while there is more to know than that we are open."""
        if self._rules is None:
            self._rules = Rules(self._most)
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
        for frame in frames:
            if self.ended:
                break
            if frame.opcode is Opcode.PING:
                self.write(next(unsent, b""))  # a pong
            elif frame.opcode in (Opcode.TEXT, Opcode.BINARY):
                self._message_is_text = frame.opcode is Opcode.TEXT
                self._hear_fragment(bytearray(), frame)
            elif frame.opcode is Opcode.CONT and self._fragments is not None:
                self._hear_fragment(self._fragments, frame)
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
        news = not self.ended
        self.ended = True
        if self._rules is None or self._rules.state is State.CLOSED:
            self.dispose()
        elif self._unaccounted > MOST_DISCARDED:
            self.abort()
        elif news:
            self.linger(self)
        if news:
            self.listener.lost(error)

    def _send(self, answers: Iterable[bytes]) -> None:
        """Send what the rules want; an empty piece says that we have nothing more to say."""
        for data in answers:
            if data:
                self.write(data)
            else:
                self.close_after_backlog()

    def close(self, code: int = 1000, reason: str = "") -> None:
        """Start the closing handshake, behind what is still to be sent."""
        if self.ended:
            return
        rules = self._enter_rules()
        if rules.state is not State.OPEN:
            return  # because `serve` is about to wind up
        rules.send_close(code, reason)
        self._send(rules.data_to_send())
        self.ended = True
        self.linger(self)

    def dispose(self) -> None:
        """Close the socket, and keep nothing, because the deadline still knows us for a while."""
        self._fragments = self._rules = None
        super().dispose()

    def _tell(self) -> None:
        self.listener.lost(True)
