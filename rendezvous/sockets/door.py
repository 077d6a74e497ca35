"""The Socket.IO door: events in, acknowledgements and events out.

It reads EVENT packets itself, before python-socketio would: one decode into a typed request, and no
request context, which is most of what a message used to cost (`docs/decisions/0004`). Connecting,
disconnecting and events that somebody registers with Flask-SocketIO stay python-socketio's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import perf_counter
from typing import Any, NamedTuple

import msgspec
import socketio
from socketio.exceptions import ConnectionRefusedError as TurnedAway

from rendezvous.components import Components
from rendezvous.courier import Seat, Socket
from rendezvous.logs import log
from rendezvous.protocol.calls import SOCKET_CALLS
from rendezvous.protocol.replies import Refusal
from rendezvous.protocol.requests import parse
from rendezvous.refusals import Refused
from rendezvous.safety.accounts import MESSAGE, OTHER, SIGNAL
from rendezvous.safety.visitor import Caller, Visitors
from rendezvous.sockets.calls import Answer, SocketCalls

RESERVED = {"connect", "disconnect"}  # python-socketio would run our own handlers for these
MAX_ACK_DIGITS = 16
SOCKET_IO_EVENT = "2"  # the packet type, Socket.IO protocol revision 5
RELAYS = {"send_message": "message", "webrtc_signal": "signal"}
KINDS = {"send_message": MESSAGE, "webrtc_signal": SIGNAL}


class Route(NamedTuple):
    """How one event is read and answered."""

    decoder: msgspec.json.Decoder[Any]
    handle: Callable[[Socket, Any], Answer]
    relays: str | None
    kind: int


class SocketDoor:
    """Turns packets into calls of the components, and their answers into packets."""

    def __init__(
        self,
        components: Components,
        max_sessions: int,
        visitors: Visitors,
        admits: Callable[[Mapping[str, Any]], bool],
    ) -> None:
        """`admits(environ)`: whether who opens a socket may use it."""
        self._sessions = components.sessions
        self._courier = components.courier
        self._observer = components.observer
        self._moderation = components.moderation
        self._limiter = components.limiter
        self._visitors = visitors
        self._admits = admits
        self._foreign: dict[str, Any] = {}
        calls = SocketCalls(components, max_sessions)
        self._routes = {
            call.name: Route(
                msgspec.json.Decoder(tuple[str, call.request]),  # type: ignore[name-defined]
                getattr(calls, call.name),
                RELAYS.get(call.name),
                KINDS.get(call.name, OTHER),
            )
            for call in SOCKET_CALLS
        }
        self._any_event: msgspec.json.Decoder[list[Any]] = msgspec.json.Decoder(list[Any])

    def open(self, server: socketio.Server, connection_of: Callable[[str], Socket | None]) -> None:
        """Listen on `server`; `connection_of` finds the connection of a Socket.IO id."""

        def connect(sid: str, environ: dict[str, Any], _auth: object) -> bool:
            connection = connection_of(sid)
            if not self._admits(environ):
                self._observer.refused(Refused("origin_not_allowed"), "connect")
                return False
            caller = self._visitors.caller(environ)
            self._admit(caller)
            if connection is not None:
                connection.state = Seat(caller)
                self._moderation.presence.opened(connection)
                self._observer.connected(connection)
            return True

        def disconnect(sid: str, reason: str) -> None:
            connection = connection_of(sid)
            if connection is not None:
                self._gone(connection, reason)

        server.on("connect", connect)
        server.on("disconnect", disconnect)
        self._foreign = server.handlers["/"]

    def _admit(self, caller: Caller) -> None:
        """Turn the banned away with a reason, as the data of Socket.IO's CONNECT_ERROR."""
        try:
            self._moderation.admit(caller)
        except Refused as refused:
            self._observer.refused(refused, "connect")
            told = Refusal(refused.sentence, refused.code, **refused.more)
            raise TurnedAway(refused.sentence, msgspec.to_builtins(told)) from None

    def read(self, socket: Socket, packet: str) -> bool:
        """Handle one Socket.IO packet; False leaves it to python-socketio."""
        since = perf_counter()
        if packet[:3] == "2/,":  # the default namespace, spelt out
            packet = SOCKET_IO_EVENT + packet[3:]
        if packet[:1] != SOCKET_IO_EVENT or packet[1:2] == "/" or socket.state is None:
            return False
        start = packet.find("[")
        ack_id = packet[1:start] if start > 0 else ""
        if ack_id and not _is_ack_id(ack_id):
            self._refuse(socket, Refused("invalid_request"), "malformed event", "")
            return True
        name = _quoted(packet, start + 1)
        route = self._routes.get(name)
        if route is None:
            return self._other(socket, packet, start, ack_id)
        done = self._answer(socket, route, name, packet[start:], ack_id)
        if done and route.relays:
            self._observer.relayed(route.relays, since)
        return True

    def _answer(self, socket: Socket, route: Route, name: str, data: str, ack_id: str) -> bool:
        """Read, act, acknowledge, deliver: the acknowledgement goes before what it announces.

        False if nothing was relayed: it was refused, or had been sent before.
        """
        try:
            caller = socket.state.caller
            self._limiter.spend(caller.address, caller.visitor, route.kind, len(data))
            answer = route.handle(socket, parse(route.decoder, data)[1])
        except Refused as refused:
            self._refuse(socket, refused, name, ack_id)
            return False
        except Exception:  # noqa: BLE001 - our bug: loud in the log, a code for the client
            log.exception("event failed", what=name)
            self._refuse(socket, Refused("internal_error"), name, ack_id)
            return False
        _acknowledge(socket, ack_id, answer.reply)
        for delivery in answer.missed:
            self._courier.push(socket, delivery)
        self._courier.deliver(answer.effects)
        return answer.relayed

    def _other(self, socket: Socket, packet: str, start: int, ack_id: str) -> bool:
        """An event that is spelt unusually, belongs to the application, or does not exist."""
        try:
            array = parse(self._any_event, packet[start:] if start > 0 else "")
            name = array[0] if array and isinstance(array[0], str) else ""
            if name in self._routes:
                plain = msgspec.json.encode(array).decode()
                self._answer(socket, self._routes[name], name, plain, ack_id)
                return True
            if name in self._foreign and name not in RESERVED:
                return False
            raise Refused("invalid_request", "There is no such event.")
        except Refused as refused:
            self._refuse(socket, refused, "unknown event", ack_id)
            return True

    def _refuse(self, socket: Socket, refused: Refused, what: str, ack_id: str) -> None:
        self._observer.refused(refused, what)
        _acknowledge(socket, ack_id, Refusal(refused.sentence, refused.code, **refused.more))

    def answered(self, socket: Socket) -> None:
        """A socket that was asked is alive: who waits there can be introduced."""
        if socket.state is not None:
            asked, socket.state.asked = socket.state.asked, frozenset()
            for session_id in asked:
                self._courier.deliver(self._sessions.vouch(session_id, socket.sid))

    def _gone(self, socket: Socket, reason: str) -> None:
        """A socket has closed: its sessions have their grace."""
        self._observer.disconnected(socket, reason)
        self._moderation.presence.closed(socket)
        for session_id in list(socket.state or ()):
            self._courier.detach(session_id)
            self._courier.deliver(self._sessions.drop(session_id, socket.sid))
        if socket.state is not None:
            self._courier.forget(socket)
        socket.state = None


def _quoted(text: str, start: int) -> str:
    """The plain JSON string that begins at `start`, without its quotes, or ""."""
    if text[start : start + 1] != '"':
        return ""
    return text[start + 1 : text.find('"', start + 1)]


def _is_ack_id(text: str) -> bool:
    return text.isdecimal() and text.isascii() and len(text) <= MAX_ACK_DIGITS


def _acknowledge(socket: Socket, ack_id: str, reply: msgspec.Struct) -> None:
    """A Socket.IO ACK packet, where the client asked for one."""
    if ack_id:
        socket.push(b"3%b[%b]" % (ack_id.encode(), msgspec.json.encode(reply)))
