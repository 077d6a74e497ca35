"""Several workers on one port: one service to everybody, and one place to read its metrics."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
import requests

from tests.conftest import Launch
from tests.harness.clients import SocketClient, wait_for
from tests.harness.guests import Guests
from tests.harness.logs import Watch
from tests.harness.servers import WITH_WORKERS, WORKERS, Server

PAIRS = 6
ENOUGH_SCRAPES = 4 * WORKERS  # each on a connection of its own, so that most workers are asked


@pytest.fixture(scope="module", params=list(WITH_WORKERS))
def server(request: pytest.FixtureRequest, launch: Launch) -> Server:
    server = launch(request.param, RECONNECT_GRACE="60")  # a busy machine takes its time
    wait_for(lambda: len(serving(server)) == WORKERS, "starting", 60)
    return server


def serving(server: Server) -> set[str]:
    """The workers, by slot, that are alive and count."""
    metrics = server.metrics()
    return {name for name in metrics if name.startswith("process_start_time_seconds{")}


def totals(server: Server) -> tuple[float, float, float]:
    """Messages, matches and refusals, which every worker must say alike."""
    seen = set()
    for _ in range(ENOUGH_SCRAPES):
        metrics = server.metrics()
        seen.add(
            (
                metrics['rendezvous_relayed_total{kind="message"}'],
                metrics.get('rendezvous_matches_total{chat_type="text"}', 0),
                metrics.get('rendezvous_refusals_total{code="session_not_found"}', 0),
            )
        )
    (only,) = seen
    return only


def talk(guests: Guests) -> list[tuple[SocketClient, SocketClient]]:
    """Pairs, whoever is on whichever worker, who say two messages each."""
    pairs = [guests.pair() for _ in range(PAIRS)]
    for one, other in pairs:
        for speaker, listener in ((one, other), (other, one)) * 2:
            assert speaker.send("hello")["ok"]
            assert listener.expect("new_message")["message"]["text"] == "hello"
        requests.post(f"{guests.server.url}/receive", json={"session_id": "nobody"}, timeout=10)
    return pairs


def test_any_worker_knows_the_totals_of_all(server: Server, guests: Guests) -> None:
    before = totals(server)
    talk(guests)
    after = totals(server)
    assert [new - old for old, new in zip(before, after, strict=True)] == [4 * PAIRS, PAIRS, PAIRS]


def test_everybody_can_meet_everybody(guests: Guests) -> None:
    one, other = talk(guests)[0]
    assert guests.server.health()["chats"] == PAIRS
    assert one.session_id != other.session_id


def test_a_worker_that_dies_is_replaced_and_what_it_counted_stays(
    server: Server, guests: Guests
) -> None:
    pairs = talk(guests)
    before, workers = totals(server), server.children()
    os.kill(workers[0], signal.SIGKILL)
    wait_for(lambda: len(set(server.children()) - set(workers)) == 1, "a successor", 30)
    guests.log = Watch(server)  # because the death was an error
    wait_for(lambda: len(serving(server)) == WORKERS, "serving again", 30)
    assert totals(server) == before
    for one, other in pairs:
        come_back(guests, one)
        come_back(guests, other)


def test_a_renewal_replaces_all_and_ends_no_chat(server: Server, guests: Guests) -> None:
    pairs = talk(guests)
    before, workers = totals(server), server.children()
    server.process.send_signal(signal.SIGHUP)
    wait_for(lambda: not set(server.children()) & set(workers), "the last of the old", 60)
    wait_for(
        lambda: len(server.children()) == len(serving(server)) == WORKERS,
        "all new ones",
        60,
    )
    assert totals(server) == before
    for one, other in pairs:
        back, again = come_back(guests, one), come_back(guests, other)
        assert back.send("still there?")["ok"]
        while (event := again.next_event())[0] != "new_message":
            assert event[0] in ("partner_reconnecting", "partner_reconnected")


def come_back(guests: Guests, client: SocketClient) -> SocketClient:
    """Join on a new connection what the old one may have lost."""
    back = guests.socket()
    answer = back.join(client.session_id, after=3)
    assert (answer["status"], answer["gap"]) == ("matched", False)
    return back


def test_sigterm_ends_all_of_them_with_status_0(launch: Launch) -> None:
    servers = [launch(stack) for stack in WITH_WORKERS]
    workers = [pid for server in servers for pid in server.children()]
    for server in servers:
        server.ask_to_stop()
    for server in servers:
        assert server.process.wait(10) == 0
        assert "Traceback" not in server.log()
    assert not [pid for pid in workers if Path(f"/proc/{pid}").exists()]


def test_workers_end_with_a_supervisor_that_is_killed(launch: Launch) -> None:
    server = launch("run.py --workers")
    workers = server.children()
    server.process.kill()
    server.process.wait()
    wait_for(lambda: not [pid for pid in workers if Path(f"/proc/{pid}").exists()], "their end")
