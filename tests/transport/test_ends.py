"""However a connection ends, the application hears of it once, and nothing of it stays."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable
from functools import partial

import pytest

from tests.transport.conftest import Relay, Serve
from tests.transport.peers import CLOSE, TEXT, Peer, eventually, frame


def vanish_with_a_reset(peer: Peer) -> None:
    peer.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.socket.close()


@pytest.fixture
def relay(serve: Serve) -> Relay:
    """A relay for this module alone, because it looks whether anything is left."""
    return serve(name="ends")


def break_off_a_frame(peer: Peer) -> None:
    peer.send(frame(TEXT, b"42[")[:5])
    peer.socket.close()


def going_away(peer: Peer) -> None:
    peer.send(frame(CLOSE, struct.pack("!H", 1001)))
    assert peer.read_frame() == (CLOSE, struct.pack("!H", 1001))
    assert peer.is_cut_off()


def talk_on(peer: Peer) -> None:
    """The server has said goodbye too, and reads on for a while, but not for ever."""
    peer.send(frame(CLOSE, b""))
    try:
        for _ in range(2_000):
            peer.send(frame(TEXT, b'42["fail"]' * 1_000))
    except ConnectionError:
        return
    raise AssertionError("twenty megabytes were taken after the close")


ENDS: dict[str, tuple[Callable[[Peer], None], str]] = {
    "closes the stream": (lambda peer: peer.socket.close(), "transport close"),
    "resets": (vanish_with_a_reset, "transport error"),
    "closes the WebSocket": (lambda peer: peer.send(frame(CLOSE, b"")), "transport close"),
    "closes it as going away": (going_away, "transport close"),
    "closes it and talks on": (talk_on, "transport close"),
    "closes Engine.IO": (lambda peer: peer.text("1"), "client disconnect"),
    "leaves Socket.IO": (lambda peer: peer.text("41"), "client disconnect"),
    "breaks off a frame": (break_off_a_frame, "transport close"),
    "sends garbage": (lambda peer: peer.send(b"\xff" * 100), "transport error"),
    "sends an unknown packet": (lambda peer: peer.text("7"), "transport error"),
    "sends an empty packet": (lambda peer: peer.text(""), "transport error"),
    "sends a ping": (lambda peer: peer.text("2"), "transport error"),
    "sends a second open": (lambda peer: peer.text('0{"sid":"x"}'), "transport error"),
    "upgrades twice": (lambda peer: peer.text("5"), "transport error"),
    "sends an empty message": (lambda peer: peer.text("4"), "transport error"),
    "sends an attachment": (lambda peer: peer.text('4599999-["x"]'), "transport error"),
    "acknowledges with one": (lambda peer: peer.text('461-1["x"]'), "transport error"),
    "refuses to be connected": (lambda peer: peer.text('44{"message":"x"}'), "transport error"),
    "sends a packet of no known type": (lambda peer: peer.text('47["x"]'), "transport error"),
    "sends a digit of another script": (lambda peer: peer.text('4²["x"]'), "transport error"),
    "sends broken JSON": (lambda peer: peer.text('42["mark"'), "transport error"),
    "sends deep JSON": (lambda peer: peer.text("42" + "[" * 30_000), "transport error"),
    "sends no list": (lambda peer: peer.text('42{"mark":1}'), "transport error"),
    "sends no name": (lambda peer: peer.text("42[]"), "transport error"),
    "sends a number for a name": (lambda peer: peer.text("42[1]"), "transport error"),
    "sends connect as an event": (lambda peer: peer.text('42["connect",1]'), "transport error"),
    "sends disconnect as an event": (lambda peer: peer.text('42["disconnect"]'), "transport error"),
    "acknowledges with no list": (lambda peer: peer.text("431{}"), "transport error"),
    "sends a number without end": (lambda peer: peer.text("42" + "9" * 200), "transport error"),
    "makes a handler fail": (lambda peer: peer.emit("fail"), "server disconnect"),
    "is told to go": (lambda peer: peer.emit("leave", "told to go"), "told to go"),
}


@pytest.mark.parametrize("end", ENDS)
def test_the_end_is_told_once(relay: Relay, end: str) -> None:
    act, reason = ENDS[end]
    with relay.peer() as peer:
        peer.join()
        act(peer)
        assert eventually(lambda: relay.reasons(peer.sid)) == [reason]
        peer.socket.close()
    eventually(lambda: nothing_stays(relay))
    assert relay.reasons(peer.sid) == [reason]


def nothing_stays(relay: Relay) -> bool:
    report = relay.report()
    counts = (report["connections"], report["environs"], report["clients"])
    return counts == (0, 0, 0) and not report["addresses"]


def test_clients_faults_leave_no_trace_in_the_log(relay: Relay) -> None:
    before = len(relay.log())
    for end in ("sends garbage", "sends deep JSON", "sends an attachment", "sends broken JSON"):
        with relay.peer() as peer:
            peer.join()
            ENDS[end][0](peer)
            assert eventually(partial(relay.reasons, peer.sid))
    lines = relay.log()[before:]
    assert "Traceback" not in lines
    assert "ERROR" not in lines


def test_an_end_during_a_handler_is_told_after_it(relay: Relay) -> None:
    with relay.peer() as peer, relay.peer() as other:
        peer.join()
        other.join()
        peer.emit("hold")
        peer.emit("mark", "not handled any more")
        eventually(lambda: relay.report()["held"])
        assert other.call("flood", peer.sid, 5_000, 1_000)
        assert relay.reasons(peer.sid) == []
        other.emit("let_go")
        assert eventually(lambda: relay.reasons(peer.sid)) == ["transport error"]


def test_an_end_during_the_connect_handler_leaves_nothing(relay: Relay) -> None:
    with relay.peer() as peer:
        peer.open()
        peer.text('40{"token":"slow"}')
    eventually(lambda: nothing_stays(relay))
    report = relay.report()
    assert sorted(report["connects"]) == sorted(sid for sid, _ in report["disconnects"])


def test_a_failing_disconnect_handler_leaves_nothing(relay: Relay) -> None:
    with relay.peer() as peer:
        peer.join()
        assert peer.call("mark", "fail on disconnect") == "fail on disconnect"
    assert eventually(lambda: relay.reasons(peer.sid)) == ["transport close"]
    eventually(lambda: nothing_stays(relay))
    assert "RuntimeError: a bug in the disconnect handler" in relay.log()


def test_a_refused_client_is_not_connected(relay: Relay) -> None:
    with relay.peer() as peer:
        peer.open()
        peer.text('40{"token":"wrong"}')
        assert peer.hear().startswith("44")
    eventually(lambda: nothing_stays(relay))


def test_a_client_may_leave_and_join_again(relay: Relay) -> None:
    with relay.peer() as peer:
        peer.join()
        first = peer.sid
        peer.text("41")
        peer.text("40")
        assert peer.hear().startswith("40{")
        assert relay.reasons(first) == ["client disconnect"]
        assert peer.call("echo", 1) == [1]


def test_long_polling_ends_are_told_once(relay: Relay) -> None:
    for goodbye, reason in (("1", "client disconnect"), ("7", "transport error")):
        with relay.peer() as peer:
            target, sid = peer.join_by_polling()
            peer.request(target, method="POST", body=goodbye.encode())
            peer.response()
            assert eventually(partial(relay.reasons, sid)) == [reason]
    eventually(lambda: nothing_stays(relay))
