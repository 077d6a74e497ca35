"""A client that speaks Engine.IO and Socket.IO letter by letter, to say what no library would."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import count
from typing import Any, Self

import websocket

TIMEOUT = 20.0
OPEN, CLOSE, PING, PONG, MESSAGE = "01234"  # Engine.IO packet types, protocol revision 4
CONNECT, EVENT, ACK = "40", "42", "43"  # Engine.IO MESSAGE and Socket.IO packet type, revision 5
NEWS = f'{EVENT}["waiting"'  # of a wait, now and then
Json = dict[str, Any]


class Closed(Exception):
    """The connection is over; `code` is the WebSocket close code, if there was one."""

    def __init__(self, code: int | None) -> None:
        super().__init__(f"closed with {code}")
        self.code = code


class RawSocket:
    """One WebSocket to a server; `heard` are the packets that came before what was asked for."""

    def __init__(
        self,
        url: str,
        *,
        connect: bool = True,
        origin: str | None = None,
        headers: Mapping[str, str] = {},
    ) -> None:
        self._socket = websocket.create_connection(
            f"ws{url.removeprefix('http')}/socket.io/?EIO=4&transport=websocket",
            timeout=TIMEOUT,
            origin=origin,
            suppress_origin=origin is None,
            header=dict(headers),
        )
        self._ids = count()
        self.heard: list[str] = []
        self.session_id = ""
        self.sessions: list[str] = []
        self.sids: list[str] = []
        try:
            self.opening = self._open(connect)
        except BaseException:
            self.disconnect()
            raise

    def _open(self, connect: bool) -> Json:
        opening: Json = json.loads(self.hear()[1:])
        self.sids.append(opening["sid"])
        if connect:
            self.say(CONNECT)
            self.sids.append(json.loads(self.hear().removeprefix(CONNECT))["sid"])
        return opening

    def say(self, text: str | bytes) -> None:
        """Send a text message; bytes need not be UTF-8."""
        data = text.encode() if isinstance(text, str) else text
        self._socket.send_frame(websocket.ABNF.create_frame(data, websocket.ABNF.OPCODE_TEXT))

    def say_binary(self, data: bytes) -> None:
        """Send a binary message."""
        self._socket.send_binary(data)

    def hear(self) -> str:
        """The next packet; pings are answered, and news of a wait left out. Raises Closed."""
        while True:
            try:
                opcode, data = self._socket.recv_data()
            except (websocket.WebSocketConnectionClosedException, ConnectionError):
                raise Closed(None) from None
            if opcode == websocket.ABNF.OPCODE_CLOSE:
                raise Closed(int.from_bytes(data[:2], "big") if data else None)
            packet: str = data.decode()
            if packet == PING:
                self.say(PONG)
            elif not packet.startswith(NEWS):
                return packet

    def hear_until_closed(self) -> Closed:
        """Add what still comes to `heard`, and return how the connection ends."""
        while True:
            try:
                self.heard.append(self.hear())
            except Closed as closed:
                return closed

    def ask(self, event: str, data: object) -> Json:
        """Send an event and return its acknowledgement."""
        return self.ask_as_it_is(json.dumps([event, data], ensure_ascii=False))

    def ask_as_it_is(self, array: str | bytes) -> Json:
        """Send an event whose JSON is `array`, and return its acknowledgement."""
        number = str(next(self._ids))
        raw = array.encode() if isinstance(array, str) else array
        self.say((EVENT + number).encode() + raw)
        answer: Json = json.loads(self.hear_until(f"{ACK}{number}[")[len(ACK + number) :])[0]
        return answer

    def hear_until(self, prefix: str) -> str:
        """The next packet that begins so; the others are added to `heard`."""
        while not (packet := self.hear()).startswith(prefix):
            self.heard.append(packet)
        return packet

    def expect(self, name: str) -> Json:
        """The data of the next packet, which must be the event `name`."""
        packet = self.heard.pop(0) if self.heard else self.hear()
        assert packet.startswith(EVENT), packet
        found, data = json.loads(packet.removeprefix(EVENT))
        assert found == name, packet
        return dict(data)

    def start(self, chat_type: str = "text", **fields: object) -> Json:
        """`start`; remembers the session."""
        answer = self.ask("start", {"chat_type": chat_type, **fields})
        if answer["ok"]:
            self.session_id = answer["session_id"]
            self.sessions.append(self.session_id)
        return answer

    def join(self, session_id: str, after: int = 0) -> Json:
        """`join_session`; remembers the session."""
        self.session_id = session_id
        return self.ask("join_session", {"session_id": session_id, "after": after})

    def disconnect(self) -> None:
        """Close the WebSocket."""
        self._socket.close(timeout=1)
        if self._socket.sock is not None:
            self._socket.sock.close()  # because `close` keeps it if the peer was first

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.disconnect()
