"""Long polling: the fallback has the same bounds, and its faults are plain 400s."""

from __future__ import annotations

import json
import threading
from functools import partial

import pytest

from tests.transport.conftest import Relay
from tests.transport.peers import KEY, Peer, eventually

SEPARATOR = "\x1e"


def test_packets_of_one_body_are_handled_in_order(relay: Relay) -> None:
    with relay.peer() as peer:
        target, _ = peer.join_by_polling()
        packets = SEPARATOR.join(f'42{number}["echo",{number}]' for number in range(100))
        assert peer.post(target, packets) == (200, "OK")
        answers: list[str] = []
        while len(answers) < 100:
            answers += peer.poll(target)[1].split(SEPARATOR)
        assert answers == [f"43{number}[[{number}]]" for number in range(100)]


def test_a_poll_waits_for_what_comes(relay: Relay) -> None:
    with relay.peer() as peer, relay.peer() as other:
        target, sid = peer.join_by_polling()
        peer.request(target)
        eventually(lambda: relay.report()["polls"])
        other.join()
        assert other.call("tell", sid, "hello")
        assert peer.response() == (200, '42["told", "hello"]')


BAD_BODIES = {
    "an unknown packet": "7",
    "an empty body": "",
    "an empty packet": '42["echo"]' + SEPARATOR,
    "a binary message": "bAQID",
    "an attachment": '451-["echo",{"_placeholder":true,"num":0}]',
    "broken JSON": '42["mark"',
    "JSONP": "d=40",
    "too many packets": SEPARATOR.join(["3"] * 257),
    "separators only": SEPARATOR * 60_000,
    "too large": "4" * 65_537,
}


@pytest.mark.parametrize("name", BAD_BODIES)
def test_a_bad_body_is_a_plain_400_and_the_end(relay: Relay, name: str) -> None:
    before = len(relay.log())
    with relay.peer() as peer:
        target, sid = peer.join_by_polling()
        status, body = peer.post(target, BAD_BODIES[name])
        assert (status, body) == (400, '"Bad Request"')
        assert eventually(partial(relay.reasons, sid))
    logged = relay.log()[before:]
    assert "Traceback" not in logged
    assert "ERROR" not in logged


@pytest.mark.parametrize("length", ["-1", "x", "+5", "1_0", "99999999999999999999", "²"])
def test_an_invalid_length_is_a_plain_400(relay: Relay, length: str) -> None:
    with relay.peer() as peer, relay.peer() as other:
        target, _ = peer.join_by_polling()
        head = f"POST {target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n"
        other.send(head.encode("latin-1") + b"40")
        assert other.response()[0] == 400


def test_a_body_that_is_not_utf8_is_a_plain_400(relay: Relay) -> None:
    with relay.peer() as peer:
        target, _ = peer.join_by_polling()
        peer.request(target, method="POST", body=b'42["\xff"]')
        assert peer.response()[0] == 400


@pytest.mark.parametrize(
    "target",
    [
        "/socket.io/?EIO=4&transport=polling&sid=unknown",
        "/socket.io/?EIO=4&transport=polling&sid=%00%0aERROR",
        "/socket.io/?EIO=3&transport=polling",
        "/socket.io/?EIO=4&transport=carrier-pigeon",
        "/socket.io/?EIO=4&transport=polling&j=0",
        "/socket.io/?EIO=4&transport=websocket",
        "/socket.io/",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_bad_requests_are_plain_400s_and_keep_nothing(
    relay: Relay, target: str, method: str
) -> None:
    before = relay.report()["connections"]
    with relay.peer() as peer:
        peer.request(target, method=method)
        status, body = peer.response()
        assert status == 400
        assert "Traceback" not in body
    assert relay.report()["connections"] <= before  # less, if one ended meanwhile


def test_a_flood_of_bad_requests_is_few_lines(relay: Relay) -> None:
    before = len(relay.log())
    with relay.peer() as peer:
        for number in range(200):
            peer.request(f"/socket.io/?EIO=4&transport=polling&sid=x{number}")
            assert peer.response()[0] == 400
    assert len(relay.log()[before:].splitlines()) < 5


def test_two_polls_at_once_end_the_session(relay: Relay) -> None:
    with relay.peer() as peer, relay.peer() as other:
        target, sid = peer.join_by_polling()
        peer.request(target)
        other.request(target)
        answers = [peer.response(), other.response()]
        assert sorted(status for status, _ in answers) == [200, 400]
        assert eventually(partial(relay.reasons, sid)) == ["server disconnect"]


def test_what_a_poller_leaves_outstanding_is_bounded(relay: Relay) -> None:
    with relay.peer() as peer, relay.peer() as other:
        target, sid = peer.join_by_polling()
        other.join()
        assert other.call("flood", sid, 300, 1_000)
        assert eventually(partial(relay.reasons, sid)) == ["transport error"]
        assert other.call("echo", 1) == [1]
        assert peer.poll(target)[0] == 400


def test_an_upgrade_keeps_the_order(relay: Relay) -> None:
    with relay.peer() as peer, relay.peer() as socket, relay.peer() as other:
        target, sid = peer.join_by_polling()
        other.join()
        peer.request(target)
        socket.upgrade(target.replace("polling", "websocket"))
        socket.text("2probe")
        assert socket.hear() == "3probe"
        assert peer.response() == (200, "6")
        for number in range(50):
            assert other.call("tell", sid, number)
        socket.text("5")
        assert [json.loads(socket.hear()[2:])[1] for _ in range(50)] == list(range(50))
        socket.emit("echo", 1, ack=7)
        assert socket.hear() == "437[[1]]"
        assert peer.poll(target)[0] == 400
        socket.text("41")
        assert eventually(partial(relay.reasons, sid)) == ["client disconnect"]


def test_a_probe_that_is_given_up_leaves_the_polling_alone(relay: Relay) -> None:
    with relay.peer() as peer:
        target, _ = peer.join_by_polling()
        for last_words in ("2probe", "nonsense", ""):
            with relay.peer() as socket:
                socket.upgrade(target.replace("polling", "websocket"))
                if last_words:
                    socket.text(last_words)
            eventually(partial(upgrade_is_possible_again, relay, target))
        assert peer.post(target, '421["echo",1]') == (200, "OK")
        assert peer.poll(target) == (200, "431[[1]]")


def upgrade_is_possible_again(relay: Relay, target: str) -> bool:
    with relay.peer() as socket:
        socket.request(
            target.replace("polling", "websocket"),
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {KEY}",
            "Sec-WebSocket-Version: 13",
        )
        return b" 101 " in socket.read_until(b"\r\n\r\n")


def test_only_one_probe_at_a_time(relay: Relay) -> None:
    with relay.peer() as peer, relay.peer() as socket:
        target, _ = peer.join_by_polling()
        socket.upgrade(target.replace("polling", "websocket"))
        assert not upgrade_is_possible_again(relay, target)


def test_the_end_of_a_session_ends_its_probe(relay: Relay) -> None:
    with relay.peer() as peer, relay.peer() as socket:
        target, _ = peer.join_by_polling()
        socket.upgrade(target.replace("polling", "websocket"))
        peer.post(target, "1")
        assert socket.close_code() == 1000


def test_a_poll_is_answered_when_the_session_ends(relay: Relay) -> None:
    with relay.peer() as peer, relay.peer() as other:
        target, _ = peer.join_by_polling()
        peer.request(target)
        eventually(lambda: relay.report()["polls"])
        other.post(target, '42["leave","bye"]')
        assert peer.response() == (200, SEPARATOR.join(['42["told","good bye"]', "1"]))


def test_two_bodies_at_once_are_not_mixed(relay: Relay) -> None:
    with relay.peer() as peer, relay.peer() as other:
        target, sid = peer.join_by_polling()
        slow = threading.Thread(target=peer.post, args=(target, '42["wait",0.5]'))
        slow.start()
        eventually(lambda: other.post(target, "3")[0] == 400)
        slow.join()
        assert eventually(partial(relay.reasons, sid)) == ["server disconnect"]


def test_a_foreign_page_may_not_read_but_a_friend_may(relay: Relay) -> None:
    target = "/socket.io/?EIO=4&transport=polling"
    with relay.peer() as peer:
        peer.request(target, "Origin: https://friend.example", method="OPTIONS")
        assert b"access-control-allow-origin: https://friend.example" in header(peer)
        peer.request(target, "Origin: https://foe.example", method="OPTIONS")
        assert peer.response()[0] == 400


def header(peer: Peer) -> bytes:
    head = peer.read_until(b"\r\n\r\n").lower()
    peer.read(2)  # the body, OK
    return head
