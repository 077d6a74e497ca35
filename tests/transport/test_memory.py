"""What connections cost, and that it is given back."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from tests.transport.conftest import Relay, Serve
from tests.transport.peers import PING, PONG, TEXT, Peer, eventually, frame

UNFINISHED = frame(TEXT, b"4" * 65_000, fin=False)


@pytest.fixture
def relay(serve: Serve) -> Relay:
    """A relay for this module alone, because it is weighed."""
    return serve(name="memory")


def test_a_thousand_idle_connections_take_little(relay: Relay) -> None:
    warm_up(relay)
    before = relay.report()["resident"]
    peers = [Peer(relay.port).join() for _ in range(1_000)]
    try:
        each = (relay.report()["resident"] - before) / len(peers)
        assert each < 10_000, f"{each} bytes for an idle connection"
    finally:
        for peer in peers:
            peer.socket.close()


def test_connects_and_drops_leave_no_memory_and_no_descriptor(relay: Relay) -> None:
    warm_up(relay)
    before = relay.report()
    for _ in range(4):
        drop(relay, 250)
    after = eventually(lambda: is_quiet(relay))
    assert after["descriptors"] <= before["descriptors"] + 2
    assert after["resident"] - before["resident"] < 2_000_000


def test_what_the_gone_had_not_finished_is_not_kept(relay: Relay) -> None:
    warm_up(relay)
    before = relay.report()["resident"]
    for _ in range(6):
        hold_unfinished_messages(relay, 100)
    assert relay.report()["resident"] - before < 16_000_000  # all of them would be 39 MB


def hold_unfinished_messages(relay: Relay, count: int) -> None:
    with ExitStack() as stack:
        for _ in range(count):  # one after the other, because who is slow to join is closed
            peer = stack.enter_context(relay.peer())
            peer.join().send(UNFINISHED + frame(PING, b""))
            assert peer.read_frame() == (PONG, b"")


def warm_up(relay: Relay) -> None:
    """Let the allocator take what it takes once."""
    drop(relay, 300)
    eventually(lambda: is_quiet(relay))


def drop(relay: Relay, count: int) -> None:
    """Connect and go, each time in another way."""
    for number in range(count):
        with relay.peer() as peer:
            if number % 3 == 0:
                peer.join().emit("echo", "x" * 1_000, ack=1)
            elif number % 3 == 1:
                peer.open()
            else:
                peer.send(b"GET /socket.io/ HT")


def is_quiet(relay: Relay) -> dict[str, object] | None:
    report = relay.report()
    return report if report["connections"] == 0 and report["accepted"] == 1 else None
