"""The short way in: what takes it, and that it leads to the same as the long one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rendezvous.transport.opening import read_opening
from tests.transport.conftest import Relay, Serve
from tests.transport.peers import KEY, Peer

TARGET = "/socket.io/?EIO=4&transport=websocket"
PLAIN = (
    f"GET {TARGET} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    f"Sec-WebSocket-Key: {KEY}\r\nSec-WebSocket-Version: 13\r\n"
    "Cookie: a=1; b=2\r\nUser-Agent:  a browser \r\nX-Forwarded-For: 192.0.2.1, 192.0.2.2\r\n\r\n"
).encode()
OTHERS = {
    "half of it": PLAIN[:100],
    "more behind it": PLAIN + b"x",
    "another method": PLAIN.replace(b"GET", b"POST"),
    "another version": PLAIN.replace(b"HTTP/1.1", b"HTTP/1.0"),
    "long polling": PLAIN.replace(b"transport=websocket", b"transport=polling"),
    "an older protocol": PLAIN.replace(b"EIO=4", b"EIO=3"),
    "a session": PLAIN.replace(b"websocket HTTP", b"websocket&sid=x HTTP"),
    "a session, encoded": PLAIN.replace(b"websocket HTTP", b"websocket&%73id=x HTTP"),
    "an encoded path": PLAIN.replace(b"socket.io", b"socket%2eio"),
    "a body": PLAIN.replace(b"Cookie:", b"Content-Length: 5\r\nCookie:"),
    "a chunked body": PLAIN.replace(b"Cookie:", b"Transfer-Encoding: chunked\r\nCookie:"),
    "a field twice": PLAIN.replace(b"Cookie:", b"cookie: c=3\r\nCookie:"),
    "a folded field": PLAIN.replace(b"Cookie:", b"X: y\r\n z\r\nCookie:"),
    "a bare line feed": PLAIN.replace(b"\r\nCookie", b"\nCookie"),
    "a null": PLAIN.replace(b"a=1", b"a=\x00"),
    "a space before the colon": PLAIN.replace(b"Cookie:", b"Cookie :"),
    "a name that could pass for another": PLAIN.replace(b"X-Forwarded-For", b"X_Forwarded_For"),
    "a hundred fields too many": PLAIN.replace(b"Cookie:", b"A: b\r\n" * 100 + b"Cookie:"),
}


def test_the_plain_request_becomes_what_wsgi_would_say_of_it() -> None:
    environ = read_opening(PLAIN)
    assert environ is not None
    assert environ["PATH_INFO"] == "/socket.io/"
    assert environ["QUERY_STRING"] == "EIO=4&transport=websocket"
    assert environ["HTTP_COOKIE"] == "a=1; b=2"
    assert environ["HTTP_USER_AGENT"] == "a browser"
    assert environ["HTTP_X_FORWARDED_FOR"] == "192.0.2.1, 192.0.2.2"
    assert environ["HTTP_SEC_WEBSOCKET_KEY"] == KEY


@pytest.mark.parametrize("name", OTHERS)
def test_whatever_is_not_plain_is_left_to_the_strict_reader(name: str) -> None:
    assert read_opening(OTHERS[name]) is None


def at_once(peer: Peer, request: bytes) -> None:
    peer.send(request)


def in_pieces(peer: Peer, request: bytes) -> None:
    """Let the server see a half first: it has nothing else to do than to read it."""
    half = len(request) // 2
    peer.send(request[:half])
    peer.socket.settimeout(0.1)
    with pytest.raises(TimeoutError):
        peer.socket.recv(1)
    peer.socket.settimeout(10)
    peer.send(request[half:])


Send = Callable[[Peer, bytes], None]
WAYS = pytest.mark.parametrize("send", [at_once, in_pieces])


@WAYS
def test_handlers_know_the_request_whichever_way_it_came(relay: Relay, send: Send) -> None:
    with relay.peer() as peer:
        send(peer, PLAIN)
        assert peer.read_until(b"\r\n\r\n").startswith(b"HTTP/1.1 101 ")
        assert peer.hear().startswith("0{")
        peer.text("40")
        assert peer.hear().startswith("40{")
        assert peer.call("flask", 1) == [1, "127.0.0.1", "localhost", "a browser"]


@WAYS
def test_an_unusual_but_right_handshake_is_accepted(relay: Relay, send: Send) -> None:
    request = PLAIN.replace(b"Upgrade: websocket", b"Upgrade: WEBSOCKET")
    with relay.peer() as peer:
        send(peer, request.replace(b"Connection: Upgrade", b"connection: x,upgrade"))
        assert peer.read_until(b"\r\n\r\n").startswith(b"HTTP/1.1 101 ")


@WAYS
@pytest.mark.parametrize(
    "change",
    [(KEY.encode(), b"c2hvcnQ="), (b"Version: 13", b"Version: 8"), (b"websocket\r", b"h2c\r")],
)
def test_a_wrong_handshake_is_refused(
    relay: Relay, send: Send, change: tuple[bytes, bytes]
) -> None:
    with relay.peer() as peer:
        send(peer, PLAIN.replace(*change))
        assert peer.response()[0] == 400


@WAYS
def test_the_cap_for_an_address_is_the_engines_too(serve: Serve, send: Send) -> None:
    relay = serve(name=send.__name__, connections_per_address=2)
    with relay.peer() as one, relay.peer() as polling:
        for _ in range(2):
            polling.open_polling()
        send(one, PLAIN)
        assert one.response()[0] == 429
