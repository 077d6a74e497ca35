"""Two processes on one Redis: one ends, and its people go on at the other."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.conftest import Launch
from tests.harness.clients import RestClient, SocketClient, wait_for
from tests.harness.redis_server import RedisServer
from tests.harness.servers import Server

WITHIN = 10.0  # s


@pytest.fixture
def redis_server() -> Iterator[RedisServer]:
    with RedisServer() as server:
        yield server


@pytest.fixture
def servers(launch: Launch, redis_server: RedisServer) -> Iterator[list[Server]]:
    """Two, of the usual kind and of the one in the older line."""
    servers = [
        launch(stack, REDIS_URL=redis_server.url) for stack in ("run.py", "gunicorn-eventlet")
    ]
    yield servers
    for server in servers:
        server.stop()  # before its Redis


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_process_that_ends_hands_its_people_over(
    servers: list[Server], order: tuple[int, int]
) -> None:
    leaving, staying = (servers[each] for each in order)
    schemas = staying.schemas
    rest = RestClient(leaving.url, schemas)
    with (
        SocketClient(leaving.url, schemas) as mover,
        SocketClient(staying.url, schemas) as partner,
        SocketClient(staying.url, schemas) as again,
        ThreadPoolExecutor() as pool,
    ):
        session_id = mover.start()["session_id"]
        partner.start()
        for client in (mover, partner):
            client.expect("matched")
        partner.send("across")
        assert mover.expect("new_message")["message"]["text"] == "across"
        rest.start("video")
        poll = pool.submit(rest.receive, 25)
        wait_for(lambda: leaving.health()["waiting"]["video"] == 1, "a waiting session")

        began = time.monotonic()
        leaving.ask_to_stop()
        assert mover.closed.wait(WITHIN)
        partner.expect("partner_reconnecting")
        assert poll.result(WITHIN)["status"] == "waiting"
        assert again.join(session_id, 2)["status"] == "matched"
        partner.expect("partner_reconnected")
        partner.send("still here")
        assert again.expect("new_message")["message"]["text"] == "still here"
        assert leaving.process.wait(WITHIN) == 0
        assert time.monotonic() - began < WITHIN
    rest.close()
    assert staying.health()["waiting"] == {"text": 0, "video": 1}
