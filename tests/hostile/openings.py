"""Attacks before there is a connection worth the name: headers, handshakes, connects and drops."""

from __future__ import annotations

import json
import socket
import struct
import time
from collections import deque

from tests.harness.servers import Server
from tests.hostile.rogues import Flood, attack, connections, masked, pour
from tests.transport.peers import KEY, Peer

MANY = 300
AT_A_TIME = 50  # so that the server has some 50 ms for each
AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: close() resets, and leaves no TIME_WAIT behind
UPGRADE = (
    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\n"
    f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {KEY}\r\n"
    "Sec-WebSocket-Version: 13\r\n"
).encode()
SLOW_PAUSE = 0.25  # s between two bytes of a slow header


def given_up(server: Server, words: bytes) -> str:
    """Say that much and no more on many connections, until the server has had enough."""
    with connections(server, MANY) as peers:
        floods = [Flood(peer, words) for peer in peers]
        pour(floods, until=lambda: all(flood.closed for flood in floods))
        assert {bytes(flood.heard[:12]) for flood in floods} <= {b"HTTP/1.1 408", b""}
    return "answered 408 and closed"


@attack("half a header", MANY)
def half_a_header(server: Server) -> str:
    return given_up(server, UPGRADE[:70])


@attack("half a WebSocket handshake", MANY)
def half_a_handshake(server: Server) -> str:
    return given_up(server, UPGRADE)


@attack("a WebSocket, but never Socket.IO's CONNECT", MANY)
def never_join(server: Server) -> str:
    with connections(server, MANY) as peers:
        floods = [Flood(peer, UPGRADE + b"\r\n") for peer in peers]
        pour(floods, until=lambda: all(b"\x88\x02" in flood.heard for flood in floods))
    return "closed with 1000"


@attack("400 slow headers", 400)
def slow_headers(server: Server) -> str:
    with connections(server, 400) as peers:
        began = time.monotonic()
        left = {peer: iter(UPGRADE) for peer in peers}
        while left:
            for peer, words in list(left.items()):
                if has_ended(peer):
                    del left[peer]
                else:
                    say_a_byte(peer, next(words))
            assert time.monotonic() - began < 20, "slow headers are waited for"
            time.sleep(SLOW_PAUSE)  # between two bytes
    return "answered 408 and closed"


def has_ended(peer: Peer) -> bool:
    """Whether the server has answered or closed."""
    try:
        said = peer.socket.recv(64, socket.MSG_DONTWAIT)
    except BlockingIOError:
        return False
    except ConnectionError:
        return True
    assert said.startswith(b"HTTP/1.1 408") or not said, said
    return True


def say_a_byte(peer: Peer, byte: int) -> None:
    try:
        peer.send(bytes([byte]))
    except ConnectionError:
        pass  # heard of at the next turn


@attack("headers without end", 20)
def endless_headers(server: Server) -> str:
    data = UPGRADE + b"X-Padding: " + b"x" * 1_048_576
    with connections(server, 20) as peers:
        floods = [Flood(peer, data) for peer in peers]
        pour(floods, until=lambda: all(flood.closed for flood in floods))
        assert {bytes(flood.heard[:12]) for flood in floods} <= {b"HTTP/1.1 431", b""}
    return "answered 431 and closed"


@attack("1,000 connects and drops a second", AT_A_TIME)
def connect_and_drop(server: Server) -> str:
    return drop_a_thousand(server, b"", b" 101 ")


@attack("1,000 connects, starts and drops a second", AT_A_TIME)
def connect_start_and_drop(server: Server) -> str:
    start = f"420{json.dumps(['start', {'chat_type': 'video'}])}".encode()
    return drop_a_thousand(server, masked(b"40") + masked(start), b"430[")


def drop_a_thousand(server: Server, words: bytes, answer: bytes) -> str:
    """Open, say `words`, and reset: a thousand times, in a second if the server follows."""
    began = time.monotonic()
    answered = 0
    peers: deque[Peer] = deque()
    for number in range(1_000):
        peers.append(Peer(server.port))
        peers[-1].send(UPGRADE + b"\r\n")
        if number >= AT_A_TIME // 2:
            peers[-AT_A_TIME // 2].send(words)
        if len(peers) == AT_A_TIME:
            answered += drop(peers.popleft(), answer)
        ahead = began + number / 1_000 - time.monotonic()
        if ahead > 0:
            time.sleep(ahead)  # because more than a thousand a second is not asked for
    rate = 1_000 / (time.monotonic() - began)
    answered += sum([drop(peer, answer) for peer in peers])
    assert answered, "what nobody has begun to serve is no attack"
    return f"{rate:,.0f} a second, {answered:,} of 1,000 served before the drop"


def drop(peer: Peer, answer: bytes) -> bool:
    """Reset the connection; whether `answer` had come by then."""
    peer.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
    with peer:
        try:
            return answer in peer.socket.recv(4_096, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False
