"""SIGTERM: everybody is told, nobody new is let in, and the process ends."""

from __future__ import annotations

import signal
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import requests
from socketio.exceptions import SocketIOError

from rendezvous.lifecycle import LAST_WORDS
from tests.conftest import Launch
from tests.harness.clients import RestClient, SocketClient
from tests.harness.servers import Server

WITHIN = 10.0  # s


def refuses(client: RestClient | SocketClient) -> bool:
    """Whether a new chat is refused, by code or by a connection that is gone."""
    try:
        answer: dict[str, Any]
        answer = client.post("/start").json() if isinstance(client, RestClient) else client.start()
    except (requests.ConnectionError, SocketIOError):
        return True
    return answer.get("code") == "unavailable"


def test_a_drain_tells_everybody_lets_nobody_in_and_ends_with_status_0(
    stack: str, launch: Launch
) -> None:
    server = launch(stack)
    schemas = server.schemas
    rest, newcomer = RestClient(server.url, schemas), RestClient(server.url, schemas)
    with (
        SocketClient(server.url, schemas) as one,
        SocketClient(server.url, schemas) as other,
        SocketClient(server.url, schemas, ["polling"]) as polling,
        ThreadPoolExecutor() as pool,
    ):
        one.start("text")
        other.start("text")
        polling.start("video")
        rest.start("video")
        rest.receive()
        for client in (one, other, polling):
            client.expect("matched")
        poll = pool.submit(rest.receive, 25)
        server.ask_to_stop()
        for client in (one, other, polling):
            assert client.expect("session_ended")["reason"] == "shutdown"
        received = poll.result(WITHIN)
        assert received["disconnected"]
        assert received["events"][0]["data"]["reason"] == "shutdown"
        assert refuses(newcomer)
        assert refuses(one)
        assert other.closed.wait(WITHIN)
        assert server.process.wait(WITHIN) == 0
    rest.close()
    newcomer.close()
    calm(server)


def test_a_poll_that_is_held_does_not_hold_up_the_end(launch: Launch) -> None:
    server = launch("run.py")
    with SocketClient(server.url, server.schemas, ["polling"]) as polling:
        polling.start("text")
        began = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - began < LAST_WORDS + 2


def test_asking_twice_and_control_c_end_it_as_well(stack: str, launch: Launch) -> None:
    twice, control_c = launch(stack), launch(stack)
    twice.ask_to_stop()
    twice.ask_to_stop()
    control_c.process.send_signal(signal.SIGINT)
    for server in (twice, control_c):
        assert server.process.wait(WITHIN) == 0
        calm(server)


def calm(server: Server) -> None:
    """Nothing broke on the way out."""
    assert "Traceback" not in server.log()
    assert '"level":"error"' not in server.log().replace(" ", "")
