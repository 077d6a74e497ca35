"""Many Socket.IO clients in one thread, who do what no library's client would.

They act before they are answered, and vanish without a word.
"""

from __future__ import annotations

import json
import selectors
import socket
import struct
import time
from collections.abc import Callable
from itertools import count
from typing import Any, Protocol, Self

from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.uri import parse_uri

TIMEOUT = 20.0
AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: close() resets, and leaves no TIME_WAIT behind
Json = dict[str, Any]
Then = Callable[[Json], object]


class Listener(Protocol):
    """Who uses a connection."""

    def on_connected(self, connection: Connection) -> None:
        """Socket.IO has accepted the connection."""
        ...

    def on_event(self, connection: Connection, name: str, data: Json) -> None:
        """The server has said something."""
        ...

    def on_lost(self, connection: Connection) -> None:
        """The connection has ended, and not by our `vanish`."""
        ...


class Crowd:
    """The loop that all the connections to one server share."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.selector = selectors.DefaultSelector()
        self.connections: set[Connection] = set()

    def turn(self, timeout: float = 0) -> None:
        """Handle what has come, or wait up to `timeout` seconds for something."""
        for key, _ in self.selector.select(timeout):
            key.data.read()

    def run_until(
        self,
        condition: Callable[[], object],
        what: str,
        timeout: float = TIMEOUT,
        missing: Callable[[], str] = str,
    ) -> None:
        """Listen until `condition` holds; raises AssertionError that names `what` otherwise.

        `missing` may say what it is that did not happen.
        """
        until = time.monotonic() + timeout
        while not condition():
            late = time.monotonic() > until
            assert not late, f"{what} did not happen within {timeout} s: {missing()}"
            self.turn(0.05)

    def close(self) -> None:
        """Close what is still open."""
        for connection in list(self.connections):
            connection.vanish()
        self.selector.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Connection:
    """One Socket.IO connection over a WebSocket; `pings` counts those it has answered."""

    def __init__(self, crowd: Crowd, listener: Listener) -> None:
        self._crowd = crowd
        self._listener = listener
        self._rules = ClientProtocol(
            parse_uri(f"ws://127.0.0.1:{crowd.port}/socket.io/?EIO=4&transport=websocket")
        )
        self._ids = count()
        self._answers: dict[int, tuple[str, Then]] = {}
        self.pings = 0
        self.connected = False
        self._socket = socket.create_connection(("127.0.0.1", crowd.port), TIMEOUT)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        crowd.selector.register(self._socket, selectors.EVENT_READ, self)
        crowd.connections.add(self)
        self._rules.send_request(self._rules.connect())
        self._flush()

    @property
    def open(self) -> bool:
        """Whether neither side has closed it."""
        return self in self._crowd.connections

    @property
    def unanswered(self) -> list[str]:
        """The calls that wait for their acknowledgement."""
        return [event for event, _ in self._answers.values()]

    def ask(self, event: str, data: object, then: Then = lambda _answer: None) -> None:
        """Send an event; `then` gets the acknowledgement when it comes."""
        number = next(self._ids)
        self._answers[number] = (event, then)
        self._say(f"42{number}{json.dumps([event, data])}")

    def leave_politely(self) -> None:
        """Say goodbye to Socket.IO, then close the WebSocket, as browsers' clients do."""
        self._say("41")
        self._rules.send_close(1000)
        self._flush()

    def vanish(self, *, reset: bool = True) -> None:
        """Close the TCP connection without a word, by a reset or by an orderly end."""
        if reset:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        self._forget()

    def read(self) -> None:
        """Take what the selector says is there."""
        try:
            data = self._socket.recv(65_536)
        except OSError:
            data = b""
        if data:
            self._rules.receive_data(data)
            self._flush()
        for frame in self._rules.events_received():
            if isinstance(frame, Frame) and frame.opcode is Opcode.TEXT:
                self._hear(bytes(frame.data).decode())
        if not data and self.open:
            self._forget()
            self._listener.on_lost(self)

    def _hear(self, packet: str) -> None:
        kind = packet[:2]
        if packet == "2":
            self.pings += 1
            self._say("3")
        elif kind == "42":
            name, data = json.loads(packet[2:])
            self._listener.on_event(self, name, data)
        elif kind == "43":
            start = packet.index("[")
            _, then = self._answers.pop(int(packet[2:start]))
            then(json.loads(packet[start:])[0])
        elif kind == "40":
            self.connected = True
            self._listener.on_connected(self)
        elif packet[0] == "0":
            self._say("40")

    def _say(self, packet: str) -> None:
        if self.open:
            self._rules.send_text(packet.encode())
            self._flush()

    def _flush(self) -> None:
        try:
            for data in self._rules.data_to_send():
                if data:
                    self._socket.sendall(data)
        except OSError:
            pass  # the end of the connection is heard of by reading

    def _forget(self) -> None:
        if self.open:
            self._crowd.connections.discard(self)
            self._crowd.selector.unregister(self._socket)
            self._socket.close()
