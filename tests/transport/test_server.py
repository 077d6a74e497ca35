"""Our own HTTP server: bounds on requests and on connections, and its end."""

from __future__ import annotations

import subprocess
import sys
import threading
from contextlib import ExitStack
from functools import partial

import pytest

from tests.transport.conftest import ROOT, Relay, Serve
from tests.transport.peers import Peer, eventually


@pytest.fixture
def few(serve: Serve) -> Relay:
    """A relay that takes five connections from an address."""
    return serve(connections_per_address=5)


def test_connections_per_address_are_capped_when_accepted(few: Relay) -> None:
    eventually(partial(is_empty, few))
    with ExitStack() as stack:
        peers = [stack.enter_context(few.peer()) for _ in range(5)]
        for peer in peers[:3]:
            peer.join()
        with few.peer() as sixth:
            assert sixth.is_cut_off()
        assert peers[0].call("echo", 1) == [1]
    eventually(partial(is_empty, few))


def test_ended_connections_of_every_kind_make_room_again(few: Relay) -> None:
    for _ in range(4):
        with ExitStack() as stack:
            peers = [stack.enter_context(few.peer()) for _ in range(5)]
            peers[0].join()
            peers[1].join().text("nonsense")
            peers[2].send(b"nonsense\r\n\r\n")
            peers[3].request("/report")
            peers[4].join().emit("leave", "told to go")
            assert peers[4].close_code() == 1000
        eventually(partial(is_empty, few))


def is_empty(relay: Relay) -> bool:
    """Whether there is no connection but the one that asks."""
    try:
        report = relay.report()
    except OSError:  # there was no room for the question
        return False
    return bool(report["accepted"] == 1 and not report["addresses"])


def test_engine_io_sessions_per_address_are_capped_too(few: Relay) -> None:
    """One keep-alive connection could otherwise open any number of long-polling sessions."""
    eventually(partial(is_empty, few))
    with few.peer() as peer:
        statuses = []
        for _ in range(7):
            peer.request("/socket.io/?EIO=4&transport=polling")
            statuses.append(peer.response()[0])
        assert statuses == [200] * 5 + [429] * 2


@pytest.mark.parametrize("worker", ["gevent", "eventlet"])
def test_under_gunicorn_the_cap_holds_at_the_engine_io_open(serve: Serve, worker: str) -> None:
    relay = serve(f"gunicorn-{worker}", connections_per_address=5)
    with ExitStack() as stack:
        for _ in range(5):
            stack.enter_context(relay.peer()).join()
        with relay.peer() as sixth:
            sixth.request("/socket.io/?EIO=4&transport=polling")
            assert sixth.response()[0] == 429


CHUNKED = b"POST /body HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
BAD_REQUESTS = {
    "long address": b"GET /" + b"x" * 40_000 + b" HTTP/1.1\r\n\r\n",
    "long header": b"GET / HTTP/1.1\r\nX: " + b"x" * 60_000 + b"\r\n\r\n",
    "many headers": b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 20_000 + b"\r\n",
    "nonsense": b"nonsense\r\n\r\n",
    "no such version": b"GET / HTTP/9.9\r\n\r\n",
    "negative length": b"POST /body HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
    "no number for a chunk": CHUNKED + b"xyz\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "zeros": b"\x00" * 10_000,
}


@pytest.mark.parametrize("name", BAD_REQUESTS)
def test_a_bad_request_is_refused_without_a_stack_trace(relay: Relay, name: str) -> None:
    before = len(relay.log())
    with relay.peer() as peer:
        peer.send(BAD_REQUESTS[name] + b"\r\n")
        answer = everything(peer)
        assert answer == b"" or answer.startswith(b"HTTP/1.1 4")
        assert b"Traceback" not in answer
    assert "Traceback" not in relay.log()[before:]


def everything(peer: Peer) -> bytes:
    """What the server says until it closes."""
    answer = b""
    try:
        while data := peer.socket.recv(65_536):
            answer += data
    except ConnectionError:
        pass
    return answer


def test_a_body_arrives_whole_however_it_is_sent(relay: Relay) -> None:
    with relay.peer() as peer:
        peer.request("/body", method="POST", body=b"x" * 50_000)
        assert peer.response() == (200, '{"bytes":50000}\n')
        peer.send(
            b"POST /body HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
            + b"1000\r\n"
            + b"x" * 0x1000
            + b"\r\n"
            + b"5\r\nhello\r\n0\r\n\r\n"
        )
        assert peer.response() == (200, '{"bytes":4101}\n')
        peer.request("/body", method="POST")
        assert peer.response() == (200, '{"bytes":0}\n')


def test_a_client_that_waits_for_100_continue_gets_it(relay: Relay) -> None:
    with relay.peer() as peer:
        peer.send(
            b"POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n"
        )
        assert peer.read_until(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        peer.send(b"hello")
        assert peer.response() == (200, '{"bytes":5}\n')


def test_a_body_that_nobody_reads_does_not_become_the_next_request(relay: Relay) -> None:
    smuggled = b"GET /fail HTTP/1.1\r\nHost: x\r\n\r\n"
    with relay.peer() as peer:
        peer.send(
            b"POST /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: x\r\n"
            b"Content-Length: 50000000\r\n\r\n" + smuggled
        )
        assert peer.response()[0] == 400
        assert b"500" not in everything_soon(peer)


def everything_soon(peer: Peer) -> bytes:
    """What comes while a stranger's two megabytes are sent."""
    answer = b""
    try:
        peer.send(b"GET /fail HTTP/1.1\r\n\r\n" * 100_000)
        peer.socket.settimeout(1)
        while data := peer.socket.recv(65_536):
            answer += data
    except OSError:
        pass
    return answer


def test_requests_may_follow_each_other_on_one_connection(relay: Relay) -> None:
    with relay.peer() as peer:
        peer.send(b"GET /slow?seconds=0 HTTP/1.1\r\nHost: x\r\n\r\n" * 3)
        for _ in range(3):
            assert peer.response() == (200, "done")


def test_a_bug_in_a_view_is_a_500_without_its_stack(relay: Relay) -> None:
    with relay.peer() as peer:
        peer.request("/fail")
        status, body = peer.response()
        assert status == 500
        assert "RuntimeError" not in body
    assert "RuntimeError: a bug in a view" in relay.log()


def test_half_a_handshake_holds_nobody_up(relay: Relay) -> None:
    with ExitStack() as stack:
        for _ in range(100):
            stack.enter_context(relay.peer()).send(b"GET /socket.io/?EIO=4 HTTP/1.1\r\nUpgr")
        honest = stack.enter_context(relay.peer())
        honest.join()
        assert honest.call("echo", 1) == [1]


def test_a_stop_lets_requests_end_and_closes_the_rest(serve: Serve) -> None:
    relay = serve(name="stopped")
    answers: list[tuple[int, str]] = []
    with relay.peer() as peer, relay.peer() as idle, relay.peer() as busy:
        peer.join()
        idle.request("/slow?seconds=0")
        assert idle.response()[0] == 200
        busy.request("/slow?seconds=0.5")
        thread = threading.Thread(target=lambda: answers.append(busy.response()))
        thread.start()
        peer.call("echo", "so the requests before have arrived")
        relay.process.terminate()
        thread.join(10)
        assert answers == [(200, "done")]
        assert peer.is_cut_off()
        assert idle.is_cut_off()
    assert relay.process.wait(10) == 0


def test_the_package_needs_no_gevent_until_the_server_is_asked_for() -> None:
    code = "import sys, rendezvous.transport; sys.exit('gevent' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
