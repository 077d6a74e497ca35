"""Peers of the transport, made of plain sockets, so that they can break every rule."""

from __future__ import annotations

import json
import socket
import struct
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Self

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
KEY = "dGhlIHNhbXBsZSBub25jZQ=="


def eventually(condition: Callable[[], Any], seconds: float = 20.0) -> Any:
    """Wait until `condition()` is true, and return what it gave."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, "this did not come true in time"
        time.sleep(0.02)  # because a subprocess can't tell us
    return value


def frame(opcode: int, payload: bytes, *, fin: bool = True, mask: bytes | None = b"mask") -> bytes:
    """A frame as a client sends it, or (`mask=None`) as it must not."""
    length = len(payload)
    first = opcode | (0x80 if fin else 0)
    bit = 0 if mask is None else 0x80
    if length < 126:
        header = struct.pack("!BB", first, bit | length)
    elif length < 0x10000:
        header = struct.pack("!BBH", first, bit | 126, length)
    else:
        header = struct.pack("!BBQ", first, bit | 127, length)
    if mask is None:
        return header + payload
    masked = bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))
    return header + mask + masked


class Peer:
    """A TCP connection to the server, with what it has received and not yet read."""

    def __init__(self, port: int, *, receive_buffer: int | None = None) -> None:
        self.socket = socket.socket()
        if receive_buffer is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(20)
        self.socket.connect(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = b""
        self.sid = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.socket.close()

    # Bytes

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def read(self, count: int) -> bytes:
        while len(self.received) < count:
            data = self.socket.recv(65_536)
            if not data:
                raise EOFError(f"the server closed after {self.received!r}")
            self.received += data
        taken, self.received = self.received[:count], self.received[count:]
        return taken

    def read_until(self, end: bytes) -> bytes:
        while end not in self.received:
            data = self.socket.recv(65_536)
            if not data:
                raise EOFError(f"the server closed after {self.received!r}")
            self.received += data
        taken, _, self.received = self.received.partition(end)
        return taken + end

    def is_cut_off(self) -> bool:
        """Wait for the end of the stream (or a reset); what comes before it is dropped."""
        try:
            while self.socket.recv(65_536):
                pass
        except ConnectionError:
            return True
        except TimeoutError:
            return False
        return True

    # HTTP

    def request(self, target: str, *headers: str, method: str = "GET", body: bytes = b"") -> None:
        lines = [f"{method} {target} HTTP/1.1", "Host: localhost", *headers]
        if body or method == "POST":
            lines.append(f"Content-Length: {len(body)}")
        self.send("\r\n".join([*lines, "", ""]).encode() + body)

    def response(self) -> tuple[int, str]:
        """The status and the body of the next response."""
        status, *lines = self.read_until(b"\r\n\r\n").decode().lower().split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines if line)
        if headers.get("transfer-encoding") == "chunked":
            body = b"".join(iter(self.read_chunk, b""))
        else:
            body = self.read(int(headers["content-length"]))
        return int(status.split()[1]), body.decode()

    def read_chunk(self) -> bytes:
        size = int(self.read_until(b"\r\n"), 16)
        return self.read(size + 2)[:-2]

    # WebSocket

    def upgrade(self, target: str, *headers: str) -> None:
        self.request(
            target,
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {KEY}",
            "Sec-WebSocket-Version: 13",
            *headers,
        )
        head = self.read_until(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 101 "), head

    def text(self, message: str) -> None:
        self.send(frame(TEXT, message.encode()))

    def read_frame(self) -> tuple[int, bytes]:
        """Opcode and payload of the next frame."""
        first, second = self.read(2)
        assert first & 0x80, "the server sends no fragments"
        assert not first & 0x70, "no extension has been negotiated"
        assert not second & 0x80, "a server must not mask"
        length = second
        if length == 126:
            (length,) = struct.unpack("!H", self.read(2))
        elif length == 127:
            (length,) = struct.unpack("!Q", self.read(8))
        return first & 0x0F, self.read(length)

    def hear(self) -> str:
        """The next text message; Engine.IO pings are answered on the way."""
        while True:
            opcode, payload = self.read_frame()
            assert opcode == TEXT, (opcode, payload)
            if payload != b"2":
                return payload.decode()
            self.text("3")

    def close_code(self) -> int:
        """The code of the close frame, wherever it comes; it is answered, and the stream ends."""
        opcode, payload = self.read_frame()
        while opcode != CLOSE:
            opcode, payload = self.read_frame()
        with suppress(ConnectionError):
            self.send(frame(CLOSE, payload))
        assert self.is_cut_off()
        return int(struct.unpack("!H", payload[:2])[0])

    def hear_until_closed(self) -> int:
        """Answer pings until the close frame; its code."""
        while True:
            opcode, payload = self.read_frame()
            if opcode == CLOSE:
                self.received = frame(CLOSE, payload, mask=None) + self.received
                return self.close_code()
            if payload == b"2":
                self.text("3")

    # Engine.IO and Socket.IO

    def open(self, *headers: str) -> dict[str, Any]:
        """Engine.IO open over WebSocket; returns what the server announces."""
        self.upgrade("/socket.io/?EIO=4&transport=websocket", *headers)
        opening = self.hear()
        assert opening[0] == "0"
        announced: dict[str, Any] = json.loads(opening[1:])
        return announced

    def join(self, auth: Any = None) -> Peer:
        """Engine.IO open and Socket.IO CONNECT."""
        self.open()
        self.text("40" + ("" if auth is None else json.dumps(auth)))
        answer = self.hear()
        assert answer.startswith("40{"), answer
        self.sid = json.loads(answer[2:])["sid"]
        return self

    def poll(self, target: str) -> tuple[int, str]:
        """GET what waits; a ping is answered on the way."""
        self.request(target)
        status, body = self.response()
        while body == "2":
            self.post(target, "3")
            self.request(target)
            status, body = self.response()
        return status, body

    def post(self, target: str, body: str) -> tuple[int, str]:
        self.request(target, method="POST", body=body.encode())
        return self.response()

    def open_polling(self) -> str:
        """Engine.IO open over long polling; returns the session's address."""
        target = "/socket.io/?EIO=4&transport=polling"
        status, body = self.poll(target)
        assert status == 200, body
        return f"{target}&sid={json.loads(body[1:])['sid']}"

    def join_by_polling(self) -> tuple[str, str]:
        """The address of the Engine.IO session, and the Socket.IO session id."""
        target = self.open_polling()
        assert self.post(target, "40") == (200, "OK")
        sid: str = json.loads(self.poll(target)[1][2:])["sid"]
        return target, sid

    def emit(self, name: str, *args: Any, ack: int | None = None) -> None:
        self.text(f"42{'' if ack is None else ack}{json.dumps([name, *args])}")

    def call(self, name: str, *args: Any) -> Any:
        """Emit with an acknowledgement, and wait for it."""
        self.emit(name, *args, ack=7)
        answer = self.hear()
        assert answer.startswith("437["), answer
        (value,) = json.loads(answer[3:])
        return value
