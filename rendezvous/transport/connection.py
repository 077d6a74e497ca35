"""One Engine.IO connection, over long polling or a WebSocket, and the upgrade between them."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

from engineio.exceptions import EngineIOError

from .frames import binary_frame, text_frame
from .packets import (
    CLOSE,
    INTERNAL_ERROR,
    MESSAGE,
    NOOP,
    NORMAL,
    PONG,
    PROTOCOL_ERROR,
    UNSUPPORTED_DATA,
    Abuse,
)
from .polling import BadBody, Outbox, read_packets
from .reports import report

if TYPE_CHECKING:
    from .driver import Environ
    from .engine import Engine
    from .probe import Probe
    from .websocket import WebSocket


class Connection:
    """What python-engineio calls a socket, with the parts of its interface that are used.

    `state` is a free slot for the application. `joined` is true between Socket.IO's CONNECT and
    DISCONNECT. The end comes in two steps: `closing` at once, and when no handler of this
    connection is running any more, the disconnect event, once.
    """

    __slots__ = (
        "_answered",
        "_busy",
        "_ending",
        "_finished",
        "_outbox",
        "_posting",
        "_session",
        "_websocket",
        "address",
        "closed",
        "connected",
        "engine",
        "joined",
        "joining",
        "probe",
        "sid",
        "state",
        "upgrading",
    )

    def __init__(self, engine: Engine, sid: str, address: str) -> None:
        self.engine = engine
        self.sid = sid
        self.address = address
        self.state: Any = None
        self.joined = False
        self.joining = False  # whether a deadline for `joined` is running
        self.connected = True
        self.upgrading = False
        self.closed = False
        self.probe: Probe | None = None
        self._websocket: WebSocket | None = None
        self._outbox: Outbox | None = None
        self._session: dict[str, Any] | None = None
        self._answered = True
        self._busy = False
        self._posting = False
        self._finished = False
        self._ending: str | None = None

    @property
    def closing(self) -> bool:
        return self._ending is not None

    @property
    def upgraded(self) -> bool:
        return self._websocket is not None

    @property
    def session(self) -> dict[str, Any]:
        """The Engine.IO session; made when first asked for, because most never are."""
        if self._session is None:
            self._session = {}
        return self._session

    @session.setter
    def session(self, session: dict[str, Any]) -> None:
        self._session = session

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

    def send(self, packet: Any) -> None:
        """Send an engineio Packet."""
        encoded = packet.encode()
        if isinstance(encoded, str):
            self.write(encoded.encode())
        elif self._websocket is not None:
            self._websocket.write(binary_frame(encoded))
        else:
            self.write(b"b" + b64encode(encoded))

    def ping(self) -> None:
        self._answered = False
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
            self._handle(text)
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
                self._answered = True
            elif kind == CLOSE:
                self.close_now(self.engine.reason.CLIENT_DISCONNECT)
            else:
                raise Abuse("unexpected Engine.IO packet", PROTOCOL_ERROR)
        except Abuse as abuse:
            self._refuse(abuse)
        except Exception as error:  # noqa: BLE001 - what a handler raises ends only its connection
            self.engine.log_failure(self, error)
            self._shut(self.engine.reason.SERVER_DISCONNECT, INTERNAL_ERROR)

    def _refuse(self, abuse: Abuse) -> None:
        report("connection closed", f"{abuse} from {self.address}")
        self._shut(self.engine.reason.TRANSPORT_ERROR, abuse.code, str(abuse))

    def lost(self, error: bool) -> None:
        """The WebSocket is gone (or going)."""
        reasons = self.engine.reason
        self._end(reasons.TRANSPORT_ERROR if error else reasons.TRANSPORT_CLOSE)

    # The end

    def close(self, wait: bool = True, abort: bool = False, reason: str | None = None) -> None:
        """python-engineio's way to close; never waits, and `abort` leaves out Engine.IO's CLOSE."""
        self.close_now(reason or self.engine.reason.SERVER_DISCONNECT)

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
        self.state = self._session = self._websocket = self._outbox = self.probe = None

    # Long polling

    def open_polling(self, outbox: Outbox) -> None:
        self._outbox = outbox

    def open_websocket(self, websocket: WebSocket) -> None:
        self._websocket = websocket

    def handle_get_request(self, environ: Environ, start_response: Any) -> Any:
        """What waits for the client, or the start of an upgrade; raises EngineIOError."""
        if environ.get("HTTP_UPGRADE", "").lower() == "websocket":
            return self.engine.open_probe(self, environ)
        outbox = self._outbox
        if outbox is None or self._ending is not None or outbox.waiting:
            raise EngineIOError("no such poll")
        if self.upgrading:
            return self.engine.poll_response([NOOP.encode()])
        limits = self.engine.limits
        packets = outbox.wait(limits.ping_interval + limits.ping_timeout)
        return self.engine.poll_response(packets or [NOOP.encode()])

    def handle_post_request(self, environ: Environ) -> None:
        """Handle the packets in the body, in order; raises EngineIOError."""
        if self._posting or self._outbox is None:
            raise EngineIOError("two at a time")
        limits = self.engine.limits
        self._posting = True
        try:
            in_time = self.engine.driver.timeout(limits.handshake_timeout)
            packets = read_packets(environ, limits.max_message_bytes, in_time)
            if self._busy or self._ending is not None or self._outbox is None:
                raise EngineIOError("too late")
            for packet in packets:
                self.heard_text(packet)
        except BadBody as error:
            report("long-polling body", f"{error} from {self.address}")
            raise EngineIOError(str(error)) from error
        finally:
            self._posting = False
        if self._ending not in (None, self.engine.reason.CLIENT_DISCONNECT):
            raise EngineIOError("closed")

    # The upgrade

    def hold_polling(self) -> None:
        """The probe has begun: send polls away, so that the client can pause them."""
        self.upgrading = True
        if self._outbox is not None:
            self._outbox.release()

    def adopt(self, websocket: WebSocket) -> bool:
        """Continue on `websocket`; False if that is not possible any more."""
        self.upgrading = False
        self.probe = None
        if self._busy or self._posting or self._ending is not None or self._outbox is None:
            return False
        outbox, self._outbox = self._outbox, None
        self._websocket = websocket
        websocket.listener = self
        outbox.release()
        for packet in outbox.take_all():
            websocket.write(text_frame(packet))
        return True
