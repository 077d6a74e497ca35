"""Attacks by long polling."""

from __future__ import annotations

from tests.harness.servers import Server
from tests.hostile.rogues import attack, connections
from tests.transport.peers import Peer, eventually

FEW = 20
MANY = 300
OPENS = 2_000
TARGET = "/socket.io/?EIO=4&transport=polling"


def post_header(target: str, *fields: str) -> bytes:
    """The header of a POST, without a body."""
    return "\r\n".join([f"POST {target} HTTP/1.1", "Host: localhost", *fields, "", ""]).encode()


@attack("a POST that announces 10^15 bytes", FEW)
def announce_too_much(server: Server) -> str:
    with connections(server, FEW) as peers:
        for peer in peers:
            peer.send(post_header(peer.open_polling(), f"Content-Length: {10**15}") + b"x" * 1_000)
        assert {peer.response()[0] for peer in peers} == {400}
    return "answered 400"


@attack("a POST whose body never comes", MANY)
def keep_the_body(server: Server) -> str:
    with connections(server, MANY) as peers:
        for peer in peers:
            peer.send(post_header(peer.open_polling(), "Content-Length: 60000") + b"x")
        assert {peer.response()[0] for peer in peers} <= {400, 408}
    return "answered 408"


@attack("a chunked POST larger than allowed", FEW)
def chunks(server: Server) -> str:
    chunk = b"1000\r\n" + b"x" * 4_096 + b"\r\n"
    with connections(server, FEW) as peers:
        for peer in peers:
            peer.send(post_header(peer.open_polling(), "Transfer-Encoding: chunked") + chunk * 40)
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


@attack("300 polls at once on sessions of their own", 2 * MANY)
def hold_polls(server: Server) -> str:
    with connections(server, MANY) as peers:
        for peer in peers:
            target = peer.open_polling()
            peer.request(target)
        for peer in peers:
            assert peer.response() == (200, "1")
    return "ended by the server"
