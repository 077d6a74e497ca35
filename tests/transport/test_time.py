"""What time does to connections: pings, deadlines, and clocks that jump."""

from __future__ import annotations

import time
from functools import partial
from socket import MSG_PEEK

import pytest

from tests.transport.conftest import Relay, Serve
from tests.transport.peers import Peer, eventually

QUICK = {"ping_interval": 0.5, "ping_timeout": 1.0, "handshake_timeout": 1.0}
PATIENT = {"ping_interval": 0.4, "ping_timeout": 1.0}  # for peers that answer, on a busy machine
PINGS = 3  # the second one comes only if the answer to the first has counted


@pytest.fixture
def quick(serve: Serve) -> Relay:
    """A relay that loses patience soon."""
    return serve(**QUICK)


@pytest.fixture
def patient(serve: Serve) -> Relay:
    """A relay that pings often, and waits for the answer."""
    return serve(**PATIENT)


def test_what_is_announced_is_what_is_kept(quick: Relay) -> None:
    with quick.peer() as peer:
        announced = peer.open()
        assert (announced["pingInterval"], announced["pingTimeout"]) == (500, 1_000)
        assert announced["upgrades"] == []


def test_pings_come_at_their_interval_also_while_traffic_flows(patient: Relay) -> None:
    with patient.peer() as peer:
        peer.join()
        pings = 0
        while pings < PINGS:
            peer.emit("echo", "x" * 100, ack=1)
            _, payload = peer.read_frame()
            if payload == b"2":
                pings += 1
                peer.text("3")


@pytest.mark.parametrize("transport", ["websocket", "polling"])
def test_a_peer_that_does_not_answer_is_given_up(quick: Relay, transport: str) -> None:
    with quick.peer() as peer:
        sid = peer.join().sid if transport == "websocket" else peer.join_by_polling()[1]
        assert eventually(partial(quick.reasons, sid)) == ["ping timeout"]
        assert peer.is_cut_off() or transport == "polling"


def test_traffic_is_no_answer_to_a_ping(quick: Relay) -> None:
    """A peer whose packets come from a broken proxy's buffer is as dead as a silent one."""
    with quick.peer() as peer:
        peer.join()
        sent = 0
        while not quick.reasons(peer.sid):
            sent += 1
            assert sent < 1_000
            try:
                peer.emit("echo", sent)
            except OSError:
                break
        assert eventually(partial(quick.reasons, peer.sid)) == ["ping timeout"]


def test_a_peer_that_answers_stays(patient: Relay) -> None:
    with patient.peer() as peer:
        peer.join()
        for _ in range(PINGS):
            assert peer.read_frame()[1] == b"2"
            peer.text("3")
        assert peer.call("echo", 1) == [1]


def test_who_is_asked_gets_one_ping_and_its_answer_is_told_once(relay: Relay) -> None:
    with relay.peer() as peer:
        peer.join()
        peer.emit("ask", 2)
        assert peer.read_frame()[1] == b"2"
        peer.text("3")
        peer.text("3")
        assert peer.call("echo", 1) == [1]
        assert len(relay.report()["answers"]) == 1


def test_who_is_asked_and_silent_has_the_time_that_every_ping_has(quick: Relay) -> None:
    with quick.peer() as peer:
        peer.join()
        for _ in range(PINGS):
            peer.emit("ask", 1)
        assert eventually(partial(quick.reasons, peer.sid)) == ["ping timeout"]
        assert quick.report()["answers"] == []


def test_a_poller_can_be_asked(relay: Relay) -> None:
    with relay.peer() as peer:
        target, _ = peer.join_by_polling()
        before = relay.report()["answers"]
        assert peer.post(target, '42["ask",1]') == (200, "OK")
        peer.request(target)
        assert peer.response() == (200, "2")
        assert peer.post(target, "3") == (200, "OK")
        assert len(relay.report()["answers"]) == len(before) + 1


def test_a_poller_that_answers_stays(patient: Relay) -> None:
    with patient.peer() as peer:
        target, _ = peer.join_by_polling()
        for _ in range(PINGS):
            peer.request(target)
            assert peer.response() == (200, "2")
            assert peer.post(target, "3") == (200, "OK")
        assert peer.post(target, '421["echo",1]') == (200, "OK")
        assert peer.poll(target) == (200, "431[[1]]")


@pytest.mark.parametrize("seconds", [3_600 * 24 * 365, -3_600 * 24 * 365])
def test_a_jump_of_the_wall_clock_ends_nothing(serve: Serve, seconds: int) -> None:
    relay = serve(name="odd clock", **PATIENT)
    with relay.peer() as peer:
        peer.join()
        peer.emit("jump", seconds)
        for _ in range(PINGS):
            assert peer.read_frame()[1] == b"2"
            peer.text("3")
        assert peer.call("echo", 1) == [1]


@pytest.mark.parametrize("transport", ["websocket", "polling"])
def test_a_connection_that_never_joins_is_closed(quick: Relay, transport: str) -> None:
    with quick.peer() as peer:
        if transport == "websocket":
            peer.open()
            assert peer.hear_until_closed() == 1000
        else:
            peer.open_polling()
        eventually(lambda: not quick.report()["connections"])


def test_a_connection_that_leaves_for_good_is_closed(quick: Relay) -> None:
    with quick.peer() as peer:
        peer.join()
        peer.text("41")
        assert peer.hear_until_closed() == 1000


def test_a_probe_that_says_nothing_is_closed(quick: Relay) -> None:
    with quick.peer() as peer:
        target, _ = peer.join_by_polling()
        with quick.peer() as socket:
            socket.upgrade(target.replace("polling", "websocket"))
            assert socket.close_code() == 1002


def slowly(peer: Peer, data: bytes) -> bytes:
    """Send byte by byte, until the server has had enough; returns what it said."""
    for byte in data:
        try:
            peer.send(bytes((byte,)))
            peer.socket.settimeout(0.05)
            return peer.socket.recv(1_000)
        except TimeoutError:
            continue
        except ConnectionError:
            return b""
    raise AssertionError("the server has all the time in the world")


SLOW = {
    "a request line": b"GET /" + b"x" * 1_000,
    "headers": b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 200,
    "a handshake": b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nUpgrade: " + b"x" * 999,
    "a body": b"POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n" + b"x" * 999,
}


@pytest.mark.parametrize("what", SLOW)
def test_slow_senders_are_closed_however_steadily_they_drip(quick: Relay, what: str) -> None:
    fast = 0 if what != "a body" else SLOW[what].index(b"\r\n\r\n") + 4
    with quick.peer() as peer:
        peer.send(SLOW[what][:fast])
        answer = slowly(peer, SLOW[what][fast:])
        assert answer == b"" or answer.startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize("sent", ["", "GET / HT", "GET / HTTP/1.1\r\nHost: x\r\n"])
def test_half_a_request_is_closed(quick: Relay, sent: str) -> None:
    with quick.peer() as peer:
        peer.send(sent.encode())
        assert peer.is_cut_off()


def test_under_gunicorn_a_slow_body_of_a_poller_is_a_400_and_the_end(serve: Serve) -> None:
    relay = serve("gunicorn-gevent", **QUICK)
    with relay.peer() as peer, relay.peer() as slow:
        target, sid = peer.join_by_polling()
        slow.send(f"POST {target} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n42".encode())
        assert slow.response()[0] == 400
        assert eventually(partial(relay.reasons, sid))


def test_a_client_that_does_not_read_its_response_is_closed(quick: Relay) -> None:
    before = len(quick.log())
    with quick.peer(receive_buffer=4096) as deaf:
        deaf.request("/large")
        assert deaf.socket.recv(1, MSG_PEEK), "the response has begun"
        eventually(lambda: quick.report()["accepted"] == 1)
    assert "Traceback" not in quick.log()[before:]


def test_an_idle_keep_alive_connection_is_closed(quick: Relay) -> None:
    with quick.peer() as peer:
        peer.request("/report")
        assert peer.response()[0] == 200
        assert peer.is_cut_off()


def test_a_stopped_process_does_not_blame_its_clients(serve: Serve) -> None:
    relay = serve(name="odd clock", **PATIENT)
    with relay.peer() as peer:
        peer.join()
        relay.pause()
        time.sleep(2)  # because what is tested is that so much time passes
        relay.resume()
        for _ in range(3):
            assert peer.read_frame()[1] == b"2"
            peer.text("3")
        assert peer.call("echo", 1) == [1]
