"""Attacks by long polling."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from tests.harness.servers import Server
from tests.hostile.rogues import attack, dial
from tests.transport.peers import Peer, eventually

FEW = 20
MANY = 300
OPENS = 2_000
TARGET = "/socket.io/?EIO=4&transport=polling"


@contextmanager
def posters(server: Server, count: int, field: str, body: bytes) -> Iterator[list[Peer]]:
    """Peers that have each sent a POST with this header field to a session of their own."""
    with ExitStack() as stack:
        peers = []
        for peer in dial(server, count):
            peers.append(stack.enter_context(peer))
            head = [f"POST {peer.open_polling()} HTTP/1.1", "Host: localhost", field, "", ""]
            peer.send("\r\n".join(head).encode() + body)
        yield peers


@attack("a POST that announces 10^15 bytes", FEW)
def announce_too_much(server: Server) -> str:
    words = b"x" * 1_000
    with posters(server, FEW, f"Content-Length: {10**15}", words) as peers:
        assert {peer.response()[0] for peer in peers} == {400}
    return "answered 400"


@attack("a POST whose body never comes", MANY)
def keep_the_body(server: Server) -> str:
    with posters(server, MANY, "Content-Length: 60000", b"x") as peers:
        assert {peer.response()[0] for peer in peers} <= {400, 408}
    return "answered 408"


@attack("a chunked POST larger than allowed", FEW)
def chunks(server: Server) -> str:
    chunk = b"1000\r\n" + b"x" * 4_096 + b"\r\n"
    with posters(server, FEW, "Transfer-Encoding: chunked", chunk * 40) as peers:
        assert {peer.response()[0] for peer in peers} <= {400, 408}
    return "answered 400"


@attack("2,000 polling sessions that never poll", OPENS)
def open_and_leave(server: Server) -> str:
    with Peer(server.port) as peer:
        for _ in range(OPENS):
            target = peer.open_polling()
        eventually(lambda: has_gone(server, target))
    return "gone by itself"


def has_gone(server: Server, target: str) -> bool:
    """Whether a long-polling session is over, asked without prolonging it."""
    with Peer(server.port) as peer:
        peer.request(target, method="POST", body=b"3")
        return peer.response()[0] == 400


@attack("300 polls at once on sessions of their own", MANY)
def hold_polls(server: Server) -> str:
    with ExitStack() as stack:
        peers = []
        for peer in dial(server, MANY):
            peers.append(stack.enter_context(peer))
            peer.request(peer.open_polling())
        assert {peer.response() for peer in peers} == {(200, "1")}
    return "ended by the server"
