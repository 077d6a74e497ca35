"""What the application is promised, under each server."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest

from tests.harness.clients import InOrderClient
from tests.transport.conftest import Relay
from tests.transport.peers import Peer, eventually


def test_what_is_sent_comes_back_in_order(any_relay: Relay) -> None:
    with any_relay.peer() as peer:
        peer.join()
        for number in range(500):
            peer.emit("echo", number, ack=number)
        for number in range(500):
            assert peer.hear() == f"43{number}{json.dumps([[number]])}"


def test_one_peer_reaches_another(any_relay: Relay) -> None:
    with any_relay.peer() as one, any_relay.peer() as other:
        one.join()
        other.join()
        assert one.call("tell", other.sid, {"text": "grüß dich 👋"})
        assert json.loads(other.hear()[2:]) == ["told", {"text": "grüß dich 👋"}]


@pytest.mark.parametrize("size", [1, 125, 126, 10_000, 60_000])
def test_messages_of_any_allowed_size_pass(any_relay: Relay, size: int) -> None:
    with any_relay.peer() as peer:
        peer.join()
        assert peer.call("echo", "x" * size) == ["x" * size]


def test_events_that_on_text_leaves_alone_reach_python_socketio(any_relay: Relay) -> None:
    with any_relay.peer() as peer:
        peer.join()
        assert peer.call("mark", "seen") == "seen"


def test_flask_socketio_handlers_find_their_request(any_relay: Relay) -> None:
    with any_relay.peer() as peer:
        peer.open("User-Agent: a test")
        peer.text("40")
        peer.hear()
        peer.emit("flask", 1, ack=7)
        assert json.loads(peer.hear()[3:]) == [[1, "127.0.0.1", "localhost", "a test"]]


def test_a_connection_is_handled_by_one_handler_at_a_time(any_relay: Relay) -> None:
    with any_relay.peer() as peer, any_relay.peer() as other:
        peer.join()
        other.join()
        for _ in range(5):
            peer.emit("wait", 0.05, ack=1)
        assert other.call("echo", "meanwhile") == ["meanwhile"]
        assert [peer.hear() for _ in range(5)] == ["431[1]"] * 5


def test_a_peer_that_never_reads_is_cut_off_and_nobody_waits_for_it(any_relay: Relay) -> None:
    with any_relay.peer(receive_buffer=4096) as deaf, any_relay.peer() as other:
        deaf.join()
        other.join()
        assert other.call("flood", deaf.sid, 5_000, 1_000)
        assert other.call("echo", "still here") == ["still here"]
        assert eventually(lambda: any_relay.reasons(deaf.sid)) == ["transport error"]
        assert deaf.is_cut_off()


def test_a_slow_reader_gets_everything_within_its_bound(any_relay: Relay) -> None:
    with any_relay.peer(receive_buffer=4096) as slow, any_relay.peer() as other:
        slow.join()
        other.join()
        assert other.call("flood", slow.sid, 200, 1_000)
        for _ in range(200):
            assert slow.hear() == '42["told","' + "x" * 1_000 + '"]'


def test_an_exception_in_a_handler_closes_that_connection_alone(any_relay: Relay) -> None:
    with any_relay.peer() as peer, any_relay.peer() as other:
        peer.join()
        other.join()
        peer.emit("fail")
        assert peer.close_code() == 1011
        assert other.call("echo", 1) == [1]
        assert eventually(lambda: any_relay.reasons(peer.sid)) == ["server disconnect"]
        assert "RuntimeError: a bug in a handler" in any_relay.log()


def test_a_timeout_that_nobody_caught_costs_only_its_connection(any_relay: Relay) -> None:
    with any_relay.peer() as other:
        other.join()
        for _ in range(80):  # more than there are servants
            with any_relay.peer() as peer:
                peer.join()
                peer.emit("run_out")
                assert peer.is_cut_off()
        assert eventually(partial(any_relay.reasons, peer.sid)) == ["transport error"]
        assert other.call("echo", 1) == [1]


def test_what_was_pushed_before_a_close_arrives(any_relay: Relay) -> None:
    with any_relay.peer() as peer:
        peer.join()
        peer.emit("leave", "taken over")
        assert peer.hear() == '42["told","good bye"]'
        assert peer.close_code() == 1000
        assert eventually(lambda: any_relay.reasons(peer.sid)) == ["taken over"]


@contextmanager
def real_client(relay: Relay, transports: list[str]) -> Iterator[InOrderClient]:
    """A client of python-socketio's, that has connected by the last of `transports`."""
    client = InOrderClient(reconnection=False)
    try:
        client.connect(f"http://127.0.0.1:{relay.port}", transports=transports)
        yield client
    finally:
        client.disconnect()
        client.eio.wait()
        client.eio.in_order.shutdown()
        if client.eio.ws is not None:
            client.eio.ws.shutdown()  # which it leaves to the garbage collector


@pytest.mark.parametrize("transports", [["websocket"], ["polling"], ["polling", "websocket"]])
def test_the_real_client_talks_over_each_transport(any_relay: Relay, transports: list[str]) -> None:
    with real_client(any_relay, transports) as client, Peer(any_relay.port) as peer:
        told: list[int] = []
        client.on("told", told.append)
        peer.join()
        for number in range(40):
            assert peer.call("tell", client.get_sid(), number)
        eventually(lambda: len(told) == 40)
        assert told == list(range(40))
        assert client.call("echo", ("a", "b"), timeout=20) == ["a", "b"]
        assert client.transport() == transports[-1]


def test_a_burst_of_a_long_polling_client_arrives_whole(any_relay: Relay) -> None:
    with real_client(any_relay, ["polling"]) as client:
        answers: list[list[int]] = []
        complete = threading.Event()

        def answered(answer: list[int]) -> None:
            answers.append(answer)
            if len(answers) == 60:
                complete.set()

        for number in range(60):
            client.emit("echo", number, callback=answered)
        assert complete.wait(20)
        assert answers == [[number] for number in range(60)]
