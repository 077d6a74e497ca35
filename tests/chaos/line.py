"""One Socket.IO connection of a client over a WebSocket; a thousand fit into one asyncio loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import count
from typing import Any, Protocol, cast

import msgspec

from bench import wire

HOST = "127.0.0.1"
OPEN_TIMEOUT = 10.0  # s; for the connection and both handshakes
END_OF_HEAD = b"\r\n\r\n"
Json = dict[str, Any]


class Lost(Exception):
    """The connection has ended, or never came to be."""


class Listener(Protocol):
    """Who uses a line."""

    def on_event(self, name: str, data: Json) -> None:
        """The server has said something."""
        ...

    def on_lost(self) -> None:
        """The line has ended, whoever ended it."""
        ...


class Line(asyncio.Protocol):
    """Connects, answers pings, asks and hears; gives up when the server's pings stay away."""

    def __init__(self, port: int, listener: Listener) -> None:
        self._port = port
        self._listener = listener
        self._loop = asyncio.get_running_loop()
        self._connected = self._loop.create_future()
        self._transport: asyncio.Transport | None = None
        self._rest = b""
        self._upgraded = False
        self._over = False
        self._ids = count()
        self._answers: dict[int, tuple[asyncio.Future[Json], Callable[[Json], object]]] = {}
        self._patience = OPEN_TIMEOUT
        self._watchdog: asyncio.TimerHandle | None = None

    @classmethod
    async def open(cls, port: int, listener: Listener) -> Line:
        """A line on which Socket.IO has said yes; raises Lost if there is none in time."""
        line = cls(port, listener)
        try:
            async with asyncio.timeout(OPEN_TIMEOUT):
                await line._loop.create_connection(lambda: line, HOST, port)
                await line._connected
        except (OSError, TimeoutError, Lost) as error:
            line.abort()
            raise Lost(str(error)) from None
        return line

    async def ask(
        self,
        event: str,
        data: Json,
        timeout: float,
        then: Callable[[Json], object] = lambda _answer: None,
    ) -> Json:
        """The acknowledgement of an event; `then` has had it before anything that came after it.

        Raises Lost at the end of the line, and TimeoutError.
        """
        if self._over:
            raise Lost("the line is over")
        number = next(self._ids)
        future: asyncio.Future[Json] = self._loop.create_future()
        self._answers[number] = (future, then)
        self._say(b"42%d%b" % (number, msgspec.json.encode([event, data])))
        try:
            async with asyncio.timeout(timeout):
                return await future
        finally:
            self._answers.pop(number, None)

    def abort(self) -> None:
        """End the TCP connection without a word."""
        if self._transport is not None:
            self._transport.abort()
        self._end()

    # What asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        if self._over:
            self._transport.abort()
        else:
            self._transport.write(wire.opening_handshake(HOST, self._port) + b"\r\n")

    def data_received(self, data: bytes) -> None:
        self._feel_alive()
        data = self._rest + data
        if not self._upgraded:
            head, end, rest = data.partition(END_OF_HEAD)
            if not end:
                self._rest = data
                return
            if not head.startswith(b"HTTP/1.1 101"):
                self.abort()
                return
            self._upgraded, data = True, rest
        packets, self._rest = wire.split_frames(data)
        for opcode, payload in packets:
            if opcode == wire.FIN | wire.TEXT:
                self._hear(payload)
            elif opcode == wire.FIN | wire.CLOSE:
                self.abort()

    def connection_lost(self, _error: Exception | None) -> None:
        self._end()

    # Details

    def _hear(self, packet: bytes) -> None:
        kind = packet[:2]
        if packet == b"2":
            self._say(b"3")
        elif kind == b"42":
            name, data = msgspec.json.decode(packet[2:])
            self._listener.on_event(name, data)
        elif kind == b"43":
            self._hear_answer(packet)
        elif kind == b"40" and not self._connected.done():
            self._connected.set_result(None)
        elif kind in (b"41", b"44"):
            self.abort()
        elif packet[:1] == b"0":
            opening = msgspec.json.decode(packet[1:])
            self._patience = (opening["pingInterval"] + opening["pingTimeout"]) / 1_000
            self._say(b"40")

    def _hear_answer(self, packet: bytes) -> None:
        start = packet.index(b"[")
        future, then = self._answers.pop(int(packet[2:start]), (None, print))
        if future is not None and not future.done():
            answer = msgspec.json.decode(packet[start:])[0]
            then(answer)
            future.set_result(answer)

    def _say(self, packet: bytes) -> None:
        if self._transport is not None and not self._over:
            self._transport.write(wire.frame(packet))

    def _feel_alive(self) -> None:
        """As Engine.IO's clients do: a server that does not ping in time is gone."""
        if self._watchdog is not None:
            self._watchdog.cancel()
        if not self._over:
            self._watchdog = self._loop.call_later(self._patience, self.abort)

    def _end(self) -> None:
        if self._over:
            return
        self._over = True
        if self._watchdog is not None:
            self._watchdog.cancel()
        lost = Lost("the line has ended")
        if not self._connected.done():
            self._connected.set_exception(lost)
            self._connected.exception()  # because nobody may be waiting for it any more
            return
        for future, _ in self._answers.values():
            if not future.done():
                future.set_exception(lost)
        self._listener.on_lost()
