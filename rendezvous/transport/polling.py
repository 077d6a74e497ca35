"""Long polling: what waits for the next GET, and how a POST's body is read and split."""

from __future__ import annotations

from collections import deque
from contextlib import AbstractContextManager
from typing import Any

from .driver import Environ

SEPARATOR = "\x1e"

MOST_PACKETS = 256
"""Packets in one body. Engine.IO's own 16 is too few for the burst that trickle ICE sends."""

PACKETS_PER_POLL = 16
"""Packets in one response, because python-engineio's client takes no more."""


class BadBody(Exception):
    """The body of a POST is not what it should be, or did not come in time."""


class Outbox:
    """Packets for a long-polling client, bounded in bytes; one GET at a time waits for them."""

    __slots__ = ("_bytes", "_capacity", "_filled", "_packets", "waiting")

    def __init__(self, capacity: int, event: Any) -> None:
        self._packets: deque[bytes] = deque()
        self._bytes = 0
        self._capacity = capacity
        self._filled = event
        self.waiting = False

    def put(self, packet: bytes) -> bool:
        """Add a packet; False if that is more than may be outstanding."""
        self._packets.append(packet)
        self._bytes += len(packet) + 1
        self._filled.set()
        return self._bytes <= self._capacity

    def release(self) -> None:
        """Send a waiting GET away, empty-handed if need be."""
        self._filled.set()

    def wait(self, seconds: float) -> list[bytes]:
        """The next packets for a response, after waiting for them; none after `seconds`."""
        self.waiting = True
        try:
            self._filled.wait(seconds)
        finally:
            self.waiting = False
        return self.take(PACKETS_PER_POLL)

    def take(self, most: int) -> list[bytes]:
        """The next packets, at most so many."""
        packets = [self._packets.popleft() for _ in range(min(most, len(self._packets)))]
        self._bytes -= sum(map(len, packets)) + len(packets)
        if not self._packets:
            self._filled.clear()
        return packets

    def take_all(self) -> list[bytes]:
        return self.take(len(self._packets))


def read_packets(
    environ: Environ, most_bytes: int, in_time: AbstractContextManager[object]
) -> list[str]:
    """The packets in the body of a POST; raises BadBody."""
    body = _read_body(environ, most_bytes, in_time)
    try:
        packets = body.decode().split(SEPARATOR, MOST_PACKETS)
    except UnicodeDecodeError as error:
        raise BadBody("not UTF-8") from error
    if len(packets) > MOST_PACKETS:
        raise BadBody("too many packets")
    return packets


def _read_body(environ: Environ, most_bytes: int, in_time: AbstractContextManager[object]) -> bytes:
    announced = environ.get("CONTENT_LENGTH") or ""
    if not (announced.isascii() and announced.isdigit() and len(announced) < 20):
        raise BadBody("no valid Content-Length")
    length = int(announced)
    if length > most_bytes:
        raise BadBody("too large")
    body: bytes = b""
    try:
        with in_time:
            body = environ["wsgi.input"].read(length)
    except OSError as error:
        raise BadBody("broken off") from error
    if len(body) != length:
        raise BadBody("incomplete")
    return body
