"""How a connection comes about: what is checked, what is answered, what is kept of the request."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

import engineio
import msgspec
import socketio

from .clock import Clock
from .connection import Connection
from .driver import Environ, Unsupported, driver_for
from .frames import text_frame
from .handshake import BadHandshake, accept
from .limits import Limits
from .polling import SEPARATOR, Outbox
from .probe import Probe
from .reports import report
from .tally import Tally
from .websocket import WebSocket

if TYPE_CHECKING:
    from .engine import Engine
    from .listener import Listener

AddressOf = Callable[[Environ], str]


def remote_address(environ: Environ) -> str:
    """The other end of the TCP connection."""
    address: str = environ.get("REMOTE_ADDR", "")
    return address


KEPT_OF_ENVIRON = (
    "REQUEST_METHOD",  # Flask makes no request context without it
    "REMOTE_ADDR",
    "HTTP_HOST",
    "HTTP_ORIGIN",
    "HTTP_SEC_FETCH_SITE",
    "HTTP_COOKIE",
    "HTTP_USER_AGENT",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "wsgi.url_scheme",
    "flask.app",  # Flask-SocketIO makes the context of its handlers from it
)

SID_HEADER = "Engine-Sid"
"""Tells a proxy which session a client of long polling was given, so that it comes back here."""

TOO_MANY = (
    b"HTTP/1.1 429 TOO MANY REQUESTS\r\nContent-Type: text/plain\r\n"
    b'Content-Length: 22\r\nConnection: close\r\n\r\n"Too many connections"'
)

TEXT_HEADERS = [
    ("Content-Type", "text/plain; charset=UTF-8"),
    ("X-Content-Type-Options", "nosniff"),
]


class Reception(engineio.Server):  # type: ignore[misc]  # because engineio has no types
    """The opening half of `Engine`."""

    def __init__(self, sio: socketio.Server, limits: Limits, address_of: AddressOf) -> None:
        before = sio.eio
        super().__init__(
            async_mode=before.async_mode,
            ping_interval=limits.ping_interval,
            ping_timeout=limits.ping_timeout,
            max_http_buffer_size=limits.max_message_bytes,
            monitor_clients=False,
            async_handlers=False,
            logger=before.logger,
            allow_upgrades=before.allow_upgrades,
            http_compression=before.http_compression,
            compression_threshold=before.compression_threshold,
            cookie=before.cookie,
            cors_allowed_origins=before.cors_allowed_origins,
            cors_credentials=before.cors_credentials,
            transports=before.transports,
        )
        self.limits = limits
        self.driver = driver_for(self.async_mode)
        self._sio = sio
        self._address_of = address_of
        self._tally = Tally(limits.connections_per_address, limits.connections)
        self._clock = Clock(limits, self._async["sleep"])
        self._clock_runs = False

    def _handle_connect(
        self, environ: Environ, start_response: Any, transport: str, jsonp_index: Any = None
    ) -> Any:
        """Open a connection; the caller has checked origin, transport and protocol version."""
        address = self._address_of(environ)
        if jsonp_index is not None:
            return self._bad_request("JSONP is not supported")
        if self._tally.overflows:
            report("no room for more connections")
            return {**self._bad_request("No room"), "status": "503 SERVICE UNAVAILABLE"}
        if self._tally.is_full(address):
            report("too many connections", address)
            return {**self._bad_request("Too many connections"), "status": "429 TOO MANY REQUESTS"}
        if transport == "websocket":
            return self._open_websocket(environ, address)
        return self._open_polling(environ, address)

    def _open_websocket(self, environ: Environ, address: str) -> Any:
        try:
            response = accept(environ)
            sock, released = self.driver.take(environ)
        except (BadHandshake, Unsupported) as error:
            report("WebSocket handshake", f"{error} from {address}")
            return self._bad_request(str(error))
        self._begin(environ, address, response, sock, released)
        return self.driver.leave(environ)

    def open_plain(self, environ: Environ, sock: Any, released: Callable[[], None]) -> bool:
        """Open a WebSocket on the non-blocking `sock`, if everything speaks for it.

        False leaves it to `handle_request`, which answers whatever there is to say against it.
        """
        address = self._address_of(environ)
        if not self._may_open(environ) or self._tally.overflows:
            return False
        if self._tally.is_full(address):
            self._turn_away(sock, address, released)
            return True
        try:
            response = accept(environ)
        except BadHandshake:
            return False
        self._begin(environ, address, response, sock, released)
        return True

    def _turn_away(self, sock: Any, address: str, released: Callable[[], None]) -> None:
        """Say so in one packet: who opens thousands of connections must cost next to nothing."""
        report("too many connections", address)
        with suppress(OSError):
            sock.send(TOO_MANY)
        sock.close()
        released()

    def _may_open(self, environ: Environ) -> bool:
        """What python-engineio checks before `_handle_connect`: the origin and the transport."""
        origin = environ.get("HTTP_ORIGIN")
        if origin and self.cors_allowed_origins != []:
            allowed = self._cors_allowed_origins(environ)
            if allowed is not None and origin not in allowed:
                return False
        return "websocket" in self.transports

    def _begin(
        self,
        environ: Environ,
        address: str,
        response: bytes,
        sock: Any,
        released: Callable[[], None] | None,
    ) -> None:
        connection = self._open(environ, address)
        websocket = self._websocket(sock, connection, released)
        connection.open_websocket(websocket)
        websocket.write(response + text_frame(self._open_packet(connection.sid, ())))
        self.driver.run(websocket)

    def _open_polling(self, environ: Environ, address: str) -> dict[str, Any]:
        connection = self._open(environ, address)
        connection.open_polling(Outbox(self.limits.send_queue_bytes, self.create_event()))
        upgrades = self._upgrades(connection.sid, "polling")
        response = self.poll_response([self._open_packet(connection.sid, upgrades)])
        response["headers"].append((SID_HEADER, connection.sid))
        if self.cookie:
            response["headers"].append(("Set-Cookie", self._cookie_for(connection.sid)))
        return response

    def _cookie_for(self, sid: str) -> Any:
        named = {"name": self.cookie, "path": "/", "SameSite": "Lax"}
        attributes = self.cookie if isinstance(self.cookie, dict) else named
        return self._generate_sid_cookie(sid, attributes)

    def _open(self, environ: Environ, address: str) -> Connection:
        connection = Connection(cast("Engine", self), self.generate_id(), address)
        self.sockets[connection.sid] = connection
        self._tally.enter(address)
        kept = {key: environ[key] for key in KEPT_OF_ENVIRON if key in environ}
        self._sio._handle_eio_connect(connection.sid, kept)  # noqa: SLF001 - see the class
        self._start_clock()
        self._clock.is_open(connection)
        return connection

    def _start_clock(self) -> None:
        if not self._clock_runs:  # not before, because gunicorn forks after the import
            self._clock_runs = True
            self.start_background_task(self._clock.run)

    def _open_packet(self, sid: str, upgrades: Any) -> bytes:
        limits = self.limits
        opening = {
            "sid": sid,
            "upgrades": list(upgrades),
            "pingInterval": int(limits.ping_interval * 1000),
            "pingTimeout": int(limits.ping_timeout * 1000),
            "maxPayload": limits.max_message_bytes,
        }
        return b"0" + msgspec.json.encode(opening)

    def _upgrades(self, sid: str, transport: str) -> list[str]:
        allowed = self.allow_upgrades and "websocket" in self.transports
        return ["websocket"] if allowed and transport == "polling" else []

    def open_probe(self, connection: Connection, environ: Environ) -> Any:
        """Start the upgrade of a long-polling connection."""
        if connection.probe is not None or not self._upgrades(connection.sid, "polling"):
            return self._bad_request("No upgrade now")
        try:
            response = accept(environ)
            sock, released = self.driver.take(environ)
        except (BadHandshake, Unsupported) as error:
            report("WebSocket handshake", f"{error} from {connection.address}")
            return self._bad_request(str(error))
        probe = connection.probe = Probe(connection)
        probe.websocket = self._websocket(sock, probe, released)
        probe.websocket.write(response)
        self._clock.has_probe(probe)
        self.driver.run(probe.websocket)
        return self.driver.leave(environ)

    def _websocket(
        self, sock: Any, listener: Listener, released: Callable[[], None] | None
    ) -> WebSocket:
        return WebSocket(
            sock,
            self.driver,
            listener,
            max_message_bytes=self.limits.max_message_bytes,
            send_queue_bytes=self.limits.send_queue_bytes,
            linger=self._clock.lingers,
            released=released,
        )

    def poll_response(self, packets: list[bytes]) -> dict[str, Any]:
        body = SEPARATOR.encode().join(packets)
        return {"status": "200 OK", "headers": list(TEXT_HEADERS), "response": body}
