"""One Engine.IO connection, as python-engineio sees it: what it calls a socket."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

from engineio.exceptions import EngineIOError

from .frames import binary_frame, text_frame
from .line import Line
from .packets import NOOP
from .polling import BadBody, Outbox, read_packets
from .reports import report
from .turns import Turn

if TYPE_CHECKING:
    from .driver import Environ
    from .engine import Engine
    from .websocket import WebSocket


class Connection(Line):
    """The parts of engineio.Socket's interface that are used, long polling, and the upgrade."""

    __slots__ = ("_posting", "_session", "connected", "upgrading")

    def __init__(self, engine: Engine, sid: str, address: str) -> None:
        super().__init__(engine, sid, address)
        self.connected = True
        self.upgrading = False
        self._posting = False
        self._session: dict[str, Any] | None = None

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

    def send(self, packet: Any) -> None:
        """Send an engineio Packet."""
        encoded = packet.encode()
        if isinstance(encoded, str):
            self.write(encoded.encode())
        elif self._websocket is not None:
            self._websocket.write(binary_frame(encoded))
        else:
            self.write(b"b" + b64encode(encoded))

    def close(self, wait: bool = True, abort: bool = False, reason: str | None = None) -> None:
        """python-engineio's way to close; never waits, and `abort` leaves out Engine.IO's CLOSE."""
        self.close_now(reason or self.engine.reason.SERVER_DISCONNECT)

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
            turn = Turn(self.engine.driver)
            for packet in packets:
                self.heard_text(packet)
                turn.pass_on()
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
