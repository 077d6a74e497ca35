"""Attacks with WebSocket frames (RFC 6455)."""

from __future__ import annotations

import os
import struct

from tests.harness.servers import Server
from tests.hostile.rogues import NO_MASK, Flood, attack, codes, masked, members, pour
from tests.transport.peers import BINARY, CONTINUATION, PING, TEXT, frame

FEW = 20
MEGABYTE = 1_048_576
MOST_TAKEN = 8 * MEGABYTE  # what two kernels buffer on the way, and 1 MB that is read away


def closed_with(server: Server, data: bytes, code: int) -> str:
    """Send `data` on some connections; each must be closed with `code`."""
    with members(server, FEW) as peers:
        for peer in peers:
            peer.send(data)
        assert {peer.close_code() for peer in peers} == {code}
    return f"closed with {code}"


@attack("a frame that declares 2^62 bytes", FEW)
def declare_too_much(server: Server) -> str:
    return closed_with(server, struct.pack("!BBQ", 0x81, 0xFF, 1 << 62) + NO_MASK, 1009)


@attack("100 MB in unfinished fragments", FEW)
def fragment_without_end(server: Server) -> str:
    first = masked(b'42["' + b"x" * 16_000, fin=False)
    more = masked(b"x" * 16_000, CONTINUATION, fin=False)
    data = first + more * (100 * MEGABYTE // len(more))
    with members(server, FEW) as peers:
        floods = [Flood(peer, data) for peer in peers]
        pour(floods, until=lambda: all(flood.closed for flood in floods))
        most = max(flood.sent for flood in floods)
        assert most < MOST_TAKEN
        assert codes(floods) <= {1009}
        return f"closed with 1009 after {most / MEGABYTE:.1f} MB"


@attack("as much in fragments as is allowed, never finished", 100)
def stop_short_of_the_end(server: Server) -> str:
    with members(server, 100) as peers:
        for peer in peers:
            peer.send(masked(b"4" + b"x" * 65_534, fin=False))
            peer.send(masked(b"", PING))
        assert {peer.read_frame()[1] for peer in peers} == {b""}
    return "kept until it leaves"


@attack("20,000 empty fragments", 4)
def fragment_nothing(server: Server) -> str:
    return flood_with(server, masked(b"4", fin=False) + masked(b"", CONTINUATION, fin=False) * 5000)


@attack("40,000 WebSocket pings", 4)
def ping(server: Server) -> str:
    return flood_with(server, masked(b"", PING) * 10_000)


@attack("160,000 large WebSocket pings, their pongs never read", 4)
def ping_unheard(server: Server) -> str:
    return flood_with(server, masked(b"x" * 125, PING) * 40_000, listens=False)


def flood_with(server: Server, data: bytes, *, listens: bool = True) -> str:
    """Send `data` on four connections, and see how much is taken."""
    with members(server, 4) as peers:
        floods = [Flood(peer, data, listens=listens) for peer in peers]
        pour(floods, until=lambda: all(flood.poured for flood in floods))
        taken = sum(flood.sent for flood in floods) / sum(flood.size for flood in floods)
        return f"{taken:.0%} of it taken"


@attack("invalid UTF-8", FEW)
def text_that_is_none(server: Server) -> str:
    closed_with(server, masked(b'42["start",{"chat_type":"\xff\xfe"}]'), 1007)
    whole = masked(b'42["\xc3', fin=False) + masked(b'("]', CONTINUATION)
    return closed_with(server, whole, 1007)


@attack("unmasked frames", FEW)
def unmasked(server: Server) -> str:
    return closed_with(server, frame(TEXT, b'42["start",{}]', mask=None), 1002)


@attack("a binary message", FEW)
def binary(server: Server) -> str:
    return closed_with(server, masked(os.urandom(60_000), BINARY), 1003)


@attack("random bytes", FEW)
def noise(server: Server) -> str:
    with members(server, FEW) as peers:
        floods = [Flood(peer, b"\xf3" + os.urandom(MEGABYTE)) for peer in peers]
        pour(floods, until=lambda: all(flood.closed for flood in floods))
        assert codes(floods) <= {1002}
    return "closed with 1002"
