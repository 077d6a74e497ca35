"""Whoever waits behind a link that stands still is given to nobody, and costs nobody a place."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.conftest import Launch
from tests.harness.clients import SocketClient, wait_for
from tests.harness.guests import Guests
from tests.harness.link import Link
from tests.harness.redis_server import RedisServer
from tests.harness.servers import STACKS, WITH_REDIS, Server

# Everybody who waits is asked, however short ago they came.
ASKING = {"ALIVE_WITHIN": "0.0002", "ANSWER_WITHIN": "1", "PING_TIMEOUT": "60"}
# Time enough for who calls by HTTP, on a busy machine.
CALLED_WITHIN = {"ALIVE_WITHIN": "2"}

ON_REDIS_TOO = pytest.mark.parametrize(
    "stack", [*STACKS, WITH_REDIS], indirect=True, scope="session"
)


@pytest.fixture(scope="session")
def server(stack: str, launch: Launch) -> Server:
    return launch(stack, **ASKING)


def over(link: Link, guests: Guests, transport: str) -> SocketClient:
    client = SocketClient(link.url, guests.server.schemas, [transport])
    guests.sockets.append(client)
    return client


def meet(one: SocketClient, other: SocketClient) -> None:
    """See that these two have been introduced to each other."""
    for client in (one, other):
        client.expect("matched")
    assert one.send("are you the one?")["ok"]
    assert other.expect("new_message")["message"]["text"] == "are you the one?"


@ON_REDIS_TOO
@pytest.mark.parametrize("transport", ["websocket", "polling"])
def test_who_answers_is_introduced(guests: Guests, transport: str) -> None:
    waiter, newcomer = guests.socket([transport]), guests.socket()
    waiter.start()
    newcomer.start()
    meet(waiter, newcomer)


@ON_REDIS_TOO
@pytest.mark.parametrize("transport", ["websocket", "polling"])
def test_who_waits_behind_a_frozen_link_costs_nobody_anything(
    guests: Guests, link: Link, transport: str
) -> None:
    frozen = over(link, guests, transport)
    newcomer, third, fourth = (guests.socket() for _ in range(3))
    assert frozen.start()["status"] == "waiting"
    link.freeze()
    assert newcomer.start()["status"] == "waiting"
    assert third.start()["status"] == "waiting"
    meet(newcomer, third)
    assert guests.server.health()["waiting"]["text"] == 1
    assert frozen.has_heard_nothing()

    assert fourth.start()["status"] == "waiting"
    assert fourth.has_heard_nothing()
    link.mend()
    meet(frozen, fourth)


@pytest.fixture(scope="module")
def two_servers(launch: Launch) -> Iterator[list[Server]]:
    """Two processes on one Redis."""
    with RedisServer() as redis:
        servers = [launch("run.py", REDIS_URL=redis.url, **ASKING) for _ in range(2)]
        yield servers
        for server in servers:
            server.stop()  # before its Redis


def test_who_answers_another_process_is_introduced(two_servers: list[Server]) -> None:
    schemas = two_servers[0].schemas
    with (
        SocketClient(two_servers[0].url, schemas) as here,
        SocketClient(two_servers[1].url, schemas) as there,
    ):
        here.start()
        there.start()
        meet(here, there)


def test_whoever_waits_at_a_process_that_hangs_costs_nobody_anything(
    two_servers: list[Server],
) -> None:
    hanging, serving = two_servers
    schemas = serving.schemas
    with (
        SocketClient(hanging.url, schemas) as stuck,
        SocketClient(serving.url, schemas) as newcomer,
        SocketClient(serving.url, schemas) as third,
    ):
        stuck.start()
        hanging.process.send_signal(signal.SIGSTOP)
        try:
            newcomer.start()
            third.start()
            meet(newcomer, third)
        finally:
            hanging.process.send_signal(signal.SIGCONT)
        assert stuck.has_heard_nothing()


def test_who_holds_a_request_open_is_there(launch: Launch) -> None:
    server = launch(**CALLED_WITHIN)
    with Guests(server) as guests, ThreadPoolExecutor() as pool:
        caller, newcomer = guests.rest(), guests.socket()
        caller.start()
        received = pool.submit(caller.receive, 2 * float(CALLED_WITHIN["ALIVE_WITHIN"]))
        assert received.result()["status"] == "waiting"
        received = pool.submit(caller.receive, 25)
        newcomer.start()
        newcomer.expect("matched")
        assert received.result()["status"] == "matched"


@ON_REDIS_TOO
def test_who_has_not_called_for_a_while_is_offered_again_when_they_call(guests: Guests) -> None:
    caller, newcomer = guests.rest(), guests.socket()
    caller.start()
    assert newcomer.start()["status"] == "waiting"
    wait_for(lambda: caller.receive()["status"] == "matched", "the newcomer's answer")
    newcomer.expect("matched")
