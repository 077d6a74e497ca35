"""The load driver's loop: many client connections, one thread, one epoll."""

from __future__ import annotations

import errno
import select
import socket
import time
from collections import Counter
from collections.abc import Callable
from itertools import count, cycle
from typing import Final

from bench import wire

# Each loopback address brings its own range of ports to the same server.
SOURCES: Final = [f"127.0.0.{last}" for last in range(2, 34)]
IP_BIND_ADDRESS_NO_PORT: Final = 24  # because `socket` only names it from Python 3.12 on
CLIENTS_AT_AN_ADDRESS: Final = 4
READ_SIZE: Final = 65_536
MOST_ERRORS: Final = 100
EVENTS_AT_ONCE: Final = 256
SWITCHING_PROTOCOLS: Final = b"HTTP/1.1 101"
END_OF_HEAD: Final = b"\r\n\r\n"


class Stalled(Exception):
    """The load didn't finish within its time, or met too many errors; the text says which."""


class Driver:
    """Owns the connections to a server and waits for what they say.

    With several ports two clients after the other go to each in turn, so that they meet there.
    """

    def __init__(self, *ports: int, host: str = "127.0.0.1") -> None:
        self._addresses = cycle([(host, port) for port in ports for _ in range(2)])
        self._handshake = wire.opening_handshake(host, ports[0])
        self._clients = count()
        self.opening = 0
        self.errors: Counter[str] = Counter()
        self.connections: dict[int, Connection] = {}
        self._epoll = select.epoll()
        self._sources = cycle(SOURCES)

    def close(self) -> None:
        for connection in list(self.connections.values()):
            connection.drop()
        self._epoll.close()

    def next_handshake(self) -> bytes:
        """What a client opens with; a few of them share an address, as people do."""
        return self._handshake + wire.from_address(next(self._clients) // CLIENTS_AT_AN_ADDRESS)

    def next_address(self) -> tuple[str, int]:
        return next(self._addresses)

    def next_source(self) -> str:
        return next(self._sources)

    def watch(self, connection: Connection, events: int) -> None:
        self.connections[connection.descriptor] = connection
        self._epoll.register(connection.descriptor, events)

    def rewatch(self, connection: Connection, events: int) -> None:
        self._epoll.modify(connection.descriptor, events)

    def forget(self, connection: Connection) -> None:
        del self.connections[connection.descriptor]
        self._epoll.unregister(connection.descriptor)

    def poll(self, timeout: float) -> None:
        """Handle what is ready, or wait for something, up to `timeout` seconds and 1 ms."""
        connections = self.connections
        for descriptor, events in self._epoll.poll(timeout, EVENTS_AT_ONCE):
            connection = connections.get(descriptor)
            if connection is not None:
                connection.on_ready(events)

    def poll_until(self, moment: float) -> None:
        """Handle what is ready, or wait for something, up to `moment` of perf_counter()."""
        timeout = moment - time.perf_counter()
        if timeout > 0:
            # select() on the epoll itself waits to the microsecond; epoll_wait rounds up to 1 ms.
            select.select((self._epoll,), (), (), timeout)
        self.poll(0)

    def run(
        self, done: Callable[[], bool], limit: float, fill: Callable[[], None] | None = None
    ) -> None:
        """Poll until `done`; call `fill` each time around.

        Raises Stalled after `limit` seconds, or after more errors than a measurement can bear.
        """
        deadline = time.monotonic() + limit
        while not done():
            if fill is not None:
                fill()
            self.poll(0.05)
            if time.monotonic() > deadline or (self.errors and self.errors.total() > MOST_ERRORS):
                seen = ", ".join(f"{count} x {what}" for what, count in self.errors.items())
                raise Stalled(f"{len(self.connections)} still open; errors: {seen or 'none'}")

    def run_for(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.poll(min(left, 0.05))


class Connection:
    """One WebSocket client; what it does with packets is for its subclasses."""

    __slots__ = ("_outgoing", "_recv", "_rest", "_send", "_socket", "descriptor", "driver", "open")

    def __init__(self, driver: Driver) -> None:
        self.driver = driver
        self.open = False
        self._rest = b""
        self._outgoing = b""
        self._socket = self._connect()
        self._send = self._socket.send
        self._recv = self._socket.recv
        self.descriptor = self._socket.fileno()
        driver.opening += 1
        driver.watch(self, select.EPOLLOUT)

    def _connect(self) -> socket.socket:
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
        sock.bind((self.driver.next_source(), 0))
        code = sock.connect_ex(self.driver.next_address())
        if code not in (0, errno.EINPROGRESS):
            raise OSError(code, errno.errorcode[code])
        return sock

    def on_ready(self, events: int) -> None:
        if events & select.EPOLLIN:
            self._on_readable()
        elif events & select.EPOLLOUT:
            self._on_writable()
        else:
            self.lost("reset")

    def _on_writable(self) -> None:
        data = self._outgoing if self.open else self.driver.next_handshake()
        self._outgoing = b""
        self.driver.rewatch(self, select.EPOLLIN)
        self.send(data)

    def send(self, data: bytes) -> None:
        """Write at once what the socket takes, and the rest when it can."""
        if self._outgoing:
            self._outgoing += data
            return
        try:
            sent = self._send(data)
        except BlockingIOError:
            sent = 0
        except OSError as error:
            self.lost(errno.errorcode[error.errno or 0])
            return
        if sent < len(data):
            self._outgoing = data[sent:]
            self.driver.rewatch(self, select.EPOLLIN | select.EPOLLOUT)

    def _on_readable(self) -> None:
        try:
            data = self._recv(READ_SIZE)
        except BlockingIOError:
            return
        except OSError as error:
            self.lost(errno.errorcode[error.errno or 0])
            return
        if not data:
            self.lost("")
            return
        if not self._rest and wire.is_short_text(data):
            self.on_text(data[2:])
            return
        data = self._rest + data
        if not self.open:
            data = self._read_head(data)
        packets, self._rest = wire.split_frames(data) if self.open else ([], data)
        for opcode, payload in packets:
            self._on_frame(opcode, payload)

    def _read_head(self, data: bytes) -> bytes:
        head, end, rest = data.partition(END_OF_HEAD)
        if not end:
            return data
        if not head.startswith(SWITCHING_PROTOCOLS):
            self.lost(head.split(b"\r\n")[0].decode(errors="replace"))
            return b""
        self.open = True
        self.driver.opening -= 1
        return rest

    def _on_frame(self, opcode: int, payload: bytes) -> None:
        if opcode == wire.FIN | wire.TEXT:
            self.on_text(payload)
        elif opcode == wire.FIN | wire.CLOSE:
            self.on_close_frame(payload)
        elif opcode == wire.FIN | wire.PING:
            self.send(wire.frame(payload, wire.PONG))
        else:
            self.lost(f"frame with first byte {opcode:#x}")

    def lost(self, reason: str) -> None:
        """The connection is gone; `reason` is empty when the server closed it in order."""
        if self.drop():
            self.on_lost(reason)

    def drop(self) -> bool:
        """Close the socket without a word; False if it was closed before."""
        if self.driver.connections.get(self.descriptor) is not self:
            return False
        if not self.open:
            self.driver.opening -= 1
        self.driver.forget(self)
        self._socket.close()
        return True

    def on_text(self, payload: bytes) -> None:
        raise NotImplementedError

    def on_close_frame(self, payload: bytes) -> None:
        raise NotImplementedError

    def on_lost(self, reason: str) -> None:
        raise NotImplementedError
