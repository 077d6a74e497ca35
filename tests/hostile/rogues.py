"""What attacks have in common: their description, their connections, and how they flood."""

from __future__ import annotations

import selectors
import struct
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from tests.harness.servers import Server
from tests.transport.peers import TEXT, Peer

NO_MASK = bytes(4)  # a mask that changes nothing: valid, and free for us
CHUNK = 65_536
PATIENCE = 60.0  # s that any of this may take before it counts as stuck

Strike = Callable[[Server], str]


@dataclass(frozen=True)
class Attack:
    """One way to harm. `strike` does it once, checks the answer, and says what it was."""

    name: str
    connections: int
    strike: Strike


ATTACKS: list[Attack] = []


def attack(name: str, connections: int) -> Callable[[Strike], Strike]:
    """Enter a function into ATTACKS; it has up to so many `connections` open at once."""

    def enter(strike: Strike) -> Strike:
        ATTACKS.append(Attack(name, connections, strike))
        return strike

    return enter


@contextmanager
def connections(server: Server, count: int) -> Iterator[list[Peer]]:
    """TCP connections that have said nothing yet; closed at the end."""
    with ExitStack() as stack:
        yield [stack.enter_context(peer) for peer in dial(server, count)]


def dial(server: Server, count: int) -> Iterator[Peer]:
    """Connect one after the other: a peer that has to wait for its turn to speak may time out."""
    for _ in range(count):
        yield Peer(server.port)


@contextmanager
def members(server: Server, count: int) -> Iterator[list[Peer]]:
    """Connections that have come as far as Socket.IO's CONNECT; closed at the end."""
    with ExitStack() as stack:
        yield [stack.enter_context(peer).join() for peer in dial(server, count)]


def masked(payload: bytes, opcode: int = TEXT, *, fin: bool = True) -> bytes:
    """A frame as clients send it."""
    first, length = opcode | (0x80 if fin else 0), len(payload)
    if length < 126:
        return struct.pack("!BB", first, 0x80 | length) + NO_MASK + payload
    if length < 0x10000:
        return struct.pack("!BBH", first, 0x80 | 126, length) + NO_MASK + payload
    return struct.pack("!BBQ", first, 0x80 | 127, length) + NO_MASK + payload


class Flood:
    """What pours into one connection, as fast as it is taken, and what comes back.

    One that does not listen leaves everything in the kernel.
    """

    def __init__(self, peer: Peer, data: bytes, *, listens: bool = True) -> None:
        self.socket = peer.socket
        self.socket.setblocking(False)
        self._left = memoryview(data)
        self.size = len(data)
        self.heard = bytearray(peer.received)
        self.listens = listens
        self.closed = False

    @property
    def sent(self) -> int:
        """How many bytes have been taken."""
        return self.size - len(self._left)

    @property
    def poured(self) -> bool:
        """Whether there is nothing left to send, or nobody to send it to."""
        return self.closed or not self._left

    def interest(self) -> int:
        """What a selector should wait for."""
        reads = selectors.EVENT_READ if self.listens else 0
        return reads | (selectors.EVENT_WRITE if self._left else 0)

    def turn(self, ready: int) -> None:
        """Read or write once."""
        try:
            if ready & selectors.EVENT_READ:
                data = self.socket.recv(CHUNK)
                self.closed = not data
                self.heard += data
            if ready & selectors.EVENT_WRITE and not self.closed:
                self._left = self._left[self.socket.send(self._left[:CHUNK]) :]
        except BlockingIOError:
            pass
        except OSError:
            self._left_unread()

    def _left_unread(self) -> None:
        """A reset may come after a close frame that we have not read yet."""
        self.closed = True
        try:
            self.heard += self.socket.recv(CHUNK)
        except OSError:
            pass


def pour(floods: Iterable[Flood], until: Callable[[], object]) -> None:
    """Let all of them flow until `until` says that it is enough."""
    deadline = time.monotonic() + PATIENCE
    with selectors.DefaultSelector() as selector:
        running = {flood: flood.interest() for flood in floods}
        for flood, interest in running.items():
            selector.register(flood.socket, interest, flood)
        while not until():
            assert time.monotonic() < deadline, "a flood is stuck"
            for key, ready in selector.select(0.05):
                flood = key.data
                flood.turn(ready)
                _follow(selector, running, flood)


def _follow(selector: selectors.BaseSelector, running: dict[Flood, int], flood: Flood) -> None:
    interest = 0 if flood.closed else flood.interest()
    if interest == running[flood]:
        return
    if running[flood] and not interest:
        selector.unregister(flood.socket)
    elif interest:
        selector.modify(flood.socket, interest, flood)
    running[flood] = interest


def last_code(flood: Flood) -> int | None:
    """The code of the close frame at the end of what was heard, if it got through."""
    at = flood.heard.rfind(b"\x88")
    code: int | None = struct.unpack_from("!H", flood.heard, at + 2)[0] if at >= 0 else None
    return code


def codes(floods: Iterable[Flood]) -> set[int]:
    """The close codes that have got through; a reset may have been faster."""
    return {code for flood in floods if (code := last_code(flood)) is not None}
