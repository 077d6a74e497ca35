"""The Engine.IO server: python-engineio's, with our connections, sockets, clock and bounds."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import engineio
import msgspec
import socketio

from .clock import Clock
from .connection import Connection
from .driver import Environ, Unsupported, driver_for
from .frames import text_frame
from .handshake import BadHandshake, accept
from .limits import Limits
from .line import Line
from .packets import NEVER_FROM_CLIENTS, Abuse, refuse_malformed
from .polling import SEPARATOR, Outbox
from .probe import Probe
from .reports import report
from .tally import Tally
from .websocket import Listener, WebSocket

logger = logging.getLogger("rendezvous.transport")

OnText = Callable[[Connection, str], object]
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

TEXT_HEADERS = [
    ("Content-Type", "text/plain; charset=UTF-8"),
    ("X-Content-Type-Options", "nosniff"),
]


class Engine(engineio.Server):  # type: ignore[misc]  # because engineio has no types
    """Overrides what python-engineio does once a request has been found acceptable.

    Its own service task (which copies all sockets all the time) and its per-connection greenlets
    and queues are never started. Private methods of engineio.Server that are overridden or used:
    `_handle_connect`, `_upgrades`, `_log_error_once`, `_bad_request`, `_async`; of
    socketio.Server: `_handle_eio_connect`, `_handle_eio_message`, `_handle_eio_disconnect`.
    tests/transport/test_private_attributes.py says which of them have moved.
    """

    def __init__(
        self, sio: socketio.Server, limits: Limits, on_text: OnText, address_of: AddressOf
    ) -> None:
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
        self._on_text = on_text
        self._address_of = address_of
        self._tally = Tally(limits.connections_per_address)
        self._clock = Clock(limits, self._async["sleep"])
        self._clock_runs = False

    @property
    def connections(self) -> dict[str, Connection]:
        """The open connections by Engine.IO session id."""
        sockets: dict[str, Connection] = self.sockets
        return sockets

    def connection_of(self, sid: str, namespace: str = "/") -> Connection | None:
        """The connection of a Socket.IO session id."""
        return self.connections.get(self._sio.manager.eio_sid_from_sid(sid, namespace) or "")

    # Opening

    def _handle_connect(
        self, environ: Environ, start_response: Any, transport: str, jsonp_index: Any = None
    ) -> Any:
        """Open a connection; the caller has checked origin, transport and protocol version."""
        address = self._address_of(environ)
        if jsonp_index is not None:
            return self._bad_request("JSONP is not supported")
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
        connection = self._open(environ, address)
        websocket = self._websocket(sock, connection, released)
        connection.open_websocket(websocket)
        websocket.write(response + text_frame(self._open_packet(connection.sid, ())))
        self.driver.run(websocket)
        return self.driver.leave(environ)

    def _open_polling(self, environ: Environ, address: str) -> dict[str, Any]:
        connection = self._open(environ, address)
        connection.open_polling(Outbox(self.limits.send_queue_bytes, self.create_event()))
        upgrades = self._upgrades(connection.sid, "polling")
        response = self.poll_response([self._open_packet(connection.sid, upgrades)])
        if self.cookie:
            response["headers"].append(("Set-Cookie", self._cookie_for(connection.sid)))
        return response

    def _cookie_for(self, sid: str) -> Any:
        named = {"name": self.cookie, "path": "/", "SameSite": "Lax"}
        attributes = self.cookie if isinstance(self.cookie, dict) else named
        return self._generate_sid_cookie(sid, attributes)

    def _open(self, environ: Environ, address: str) -> Connection:
        connection = Connection(self, self.generate_id(), address)
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

    # Serving

    def hear(self, connection: Any, text: str) -> None:
        """Handle a MESSAGE on a Connection; raises Abuse, and whatever the application raises."""
        if text[:1] in NEVER_FROM_CLIENTS:
            raise Abuse("forbidden Socket.IO packet")
        if not self._on_text(connection, text):
            refuse_malformed(self._sio.packet_class, text)
            self._sio._handle_eio_message(connection.sid, text)  # noqa: SLF001 - see the class

    def log_failure(self, connection: Line, error: Exception) -> None:
        """Log what a handler raised, and for whom; ids are secrets, so not whole."""
        logger.error("a handler failed; connection %s...", connection.sid[:4], exc_info=error)

    def poll_response(self, packets: list[bytes]) -> dict[str, Any]:
        body = SEPARATOR.encode().join(packets)
        return {"status": "200 OK", "headers": list(TEXT_HEADERS), "response": body}

    def _log_error_once(self, message: str, message_key: str) -> None:
        # Most messages have a session id in them, which is a secret.
        report(message_key, message if message_key == "bad-origin" else "")

    def note_joined(self, eio_sid: str, joined: bool) -> None:
        """The manager says whether a connection is in any Socket.IO namespace."""
        connection = self.connections.get(eio_sid)
        if connection is not None:
            connection.joined = joined
            if not joined:
                self._clock.is_outside(connection)

    # Ending

    def disconnect(self, sid: str | None = None) -> None:
        """Close one connection, or all."""
        if sid is None:
            for connection in list(self.connections.values()):
                connection.close()
        elif sid in self.connections:
            self.connections[sid].close()

    def forget(self, connection: Line, reason: str) -> None:
        """Tell the application that a connection has ended, and drop all that we know of it."""
        try:
            self._sio._handle_eio_disconnect(connection.sid, reason)  # noqa: SLF001 - as above
        except Exception as error:  # noqa: BLE001 - the rest of the cleaning up has to follow
            self.log_failure(connection, error)
        self._sio.manager.forget(connection.sid)
        self._sio.environ.pop(connection.sid, None)
        self.sockets.pop(connection.sid, None)
        connection.let_go()
        self._tally.leave(connection.address)

    def shutdown(self) -> None:
        """Stop the clock; connections stay until they are closed."""
        self._clock.stop()
