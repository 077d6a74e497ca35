"""A client's line, whichever transport carries it: packets out, packets in, one end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .frames import text_frame
from .packets import (
    CLOSE,
    INTERNAL_ERROR,
    MESSAGE,
    NORMAL,
    PONG,
    PROTOCOL_ERROR,
    UNSUPPORTED_DATA,
    Abuse,
)
from .reports import report

if TYPE_CHECKING:
    from .engine import Engine
    from .polling import Outbox
    from .probe import Probe
    from .websocket import WebSocket


class Line:
    """`state` is a free slot for the application. `joined` is true between Socket.IO's CONNECT and
    DISCONNECT. The end comes in two steps: `closing` at once, and when no handler of this
    connection is running any more, the disconnect event, once.
    """

    __slots__ = (
        "_answered",
        "_asked",
        "_busy",
        "_ending",
        "_finished",
        "_outbox",
        "_websocket",
        "address",
        "closed",
        "engine",
        "joined",
        "joining",
        "probe",
        "sid",
        "state",
    )

    def __init__(self, engine: Engine, sid: str, address: str) -> None:
        self.engine = engine
        self.sid = sid
        self.address = address
        self.state: Any = None
        self.joined = False
        self.joining = False  # whether a deadline for `joined` is running
        self.closed = False
        self.probe: Probe | None = None
        self._websocket: WebSocket | None = None
        self._outbox: Outbox | None = None
        self._answered = True
        self._asked = False
        self._busy = False
        self._finished = False
        self._ending: str | None = None

    # Out

    def push(self, data: bytes | str) -> None:
        """Send an Engine.IO MESSAGE: the Socket.IO packet `data`, as text (bytes are UTF-8).

        Never blocks and never raises; what a dead peer would have got is dropped, and a peer that
        leaves more than `Limits.send_queue_bytes` outstanding is cut off.
        """
        packet = b"4" + (data if isinstance(data, bytes) else data.encode())
        if self._websocket is not None:
            self._websocket.write(text_frame(packet))
        else:
            self.write(packet)

    def write(self, packet: bytes) -> None:
        """Send an encoded text packet."""
        if self._websocket is not None:
            self._websocket.write(text_frame(packet))
        elif self._outbox is not None and self._ending is None and not self._outbox.put(packet):
            self._end(self.engine.reason.TRANSPORT_ERROR)

    def ping(self) -> None:
        self._answered = False
        self.write(b"2")

    def ask(self) -> None:
        """Ping out of turn; the engine is told of the next pong. It is no deadline."""
        if not self._asked:
            self._asked = True
            self.write(b"2")

    @property
    def answered(self) -> bool:
        """Whether the last ping has been answered."""
        return self._answered

    # In

    def heard_text(self, text: str) -> None:
        """Handle an encoded packet; called by one greenlet at a time."""
        if self._ending is None:
            self._busy = True
            try:
                self._handle(text)
            finally:
                self._busy = False
        if self._ending is not None:
            self._finish()

    def heard_binary(self, data: bytes) -> None:
        self._refuse(Abuse("binary message", UNSUPPORTED_DATA))

    def _handle(self, packet: str) -> None:
        kind = packet[:1]
        try:
            if kind == MESSAGE:
                self.engine.hear(self, packet[1:])
            elif kind == PONG:
                self._hear_pong()
            elif kind == CLOSE:
                self.close_now(self.engine.reason.CLIENT_DISCONNECT)
            else:
                raise Abuse("unexpected Engine.IO packet", PROTOCOL_ERROR)
        except Abuse as abuse:
            self._refuse(abuse)
        except Exception as error:  # noqa: BLE001 - what a handler raises ends only its connection
            self.engine.log_failure(self, error)
            self._shut(self.engine.reason.SERVER_DISCONNECT, INTERNAL_ERROR)

    def _hear_pong(self) -> None:
        self._answered = True
        if self._asked:
            self._asked = False
            self.engine.hear_answer(self)

    def _refuse(self, abuse: Abuse) -> None:
        report("connection closed", f"{abuse} from {self.address}")
        self._shut(self.engine.reason.TRANSPORT_ERROR, abuse.code, str(abuse))

    def lost(self, error: bool) -> None:
        """The WebSocket is gone (or going)."""
        reasons = self.engine.reason
        self._end(reasons.TRANSPORT_ERROR if error else reasons.TRANSPORT_CLOSE)

    # The end

    @property
    def closing(self) -> bool:
        return self._ending is not None

    def close_now(self, reason: str) -> None:
        """Close behind what was pushed so far; `reason` is what the disconnect event is told."""
        self._shut(reason, NORMAL)

    def abort(self, reason: str) -> None:
        """Close, and drop what was pushed."""
        if self._websocket is not None:
            self._websocket.abort()
        self._end(reason)

    def _shut(self, reason: str, code: int, why: str = "") -> None:
        if self._websocket is not None:
            self._websocket.close(code, why)
        elif self._outbox is not None:
            self._outbox.put(CLOSE.encode())
        self._end(reason)

    def _end(self, reason: str) -> None:
        """May be called from anywhere, so the application hears of it in another greenlet."""
        if self._ending is not None:
            return
        self._ending = reason
        if self._outbox is not None:
            self._outbox.release()
        if self.probe is not None:
            self.probe.websocket.close()
        if not self._busy:
            self.engine.driver.defer(self._finish)

    def _finish(self) -> None:
        if not self._finished:
            self._finished = True
            self.engine.forget(self, str(self._ending))
            self.closed = True  # last, because until then handlers may look the connection up

    def let_go(self) -> None:
        """Keep nothing alive, because the deadlines still know this connection for a while."""
        self.state = self._websocket = self._outbox = self.probe = None
