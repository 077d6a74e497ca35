"""What is made of our own mistakes, and of a store that does not answer."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

import pytest
import requests

from rendezvous import __version__
from tests.conftest import Launch
from tests.harness import servers
from tests.harness.clients import TIMEOUT, RestClient, SocketClient, wait_for
from tests.harness.servers import Server

Plant = Callable[..., Server]


@pytest.fixture
def plant(launch: Launch, monkeypatch: pytest.MonkeyPatch) -> Plant:
    """Start a server with a fault in it: `plant("bug")`."""

    def start(fault: str, **settings: str) -> Server:
        command = [sys.executable, "-m", "tests.runtime.planted", fault]
        monkeypatch.setitem(servers.COMMANDS, fault, lambda _port: command)
        return launch(fault, **settings)

    return start


def traces(server: Server) -> list[dict[str, Any]]:
    """The log lines with a stack trace."""
    lines = [json.loads(line) for line in server.log().splitlines()]
    return [line for line in lines if "Traceback" in line.get("exception", "")]


@pytest.mark.parametrize("debug", ["", "1"])
def test_a_bug_is_loud_in_the_log_and_quiet_towards_the_client(plant: Plant, debug: str) -> None:
    server = plant("bug", FLASK_DEBUG=debug, PYTHONWARNINGS="ignore")
    schemas = server.schemas
    with SocketClient(server.url, schemas) as one, SocketClient(server.url, schemas) as other:
        one.start()
        other.start()
        for client in (one, other):
            client.expect("matched")
        answer = one.send("x")
        assert answer["code"] == "internal_error"
        assert "planted" not in answer["error"]
        rest = RestClient(server.url, schemas)
        for path, fields in (("/send", {"message": "x"}), ("/disconnect", {})):
            response = rest.post(path, {"session_id": one.session_id, **fields})
            assert (response.status_code, response.json()["code"]) == (500, "internal_error")
            for word in ("Traceback", "planted", "ZeroDivisionError"):
                assert word not in response.text
        rest.close()
        typing = {"session_id": one.session_id, "is_typing": True}
        assert one.call("typing", typing)["ok"], "the connection survives"
        other.expect("partner_typing")
        assert one.session_id not in server.log()
    assert server.log().count("ZeroDivisionError: the planted bug") == 3
    if not debug:
        assert [line["level"] for line in traces(server)] == ["error"] * 3


def test_a_sweep_that_fails_is_logged_and_not_the_last(plant: Plant) -> None:
    server = plant("bug in the sweep", PYTHONWARNINGS="ignore")
    wait_for(lambda: len(traces(server)) > 1, "the second sweep")
    assert {line["event"] for line in traces(server)} == {"sweep failed"}


def test_a_store_that_does_not_answer_is_told_as_what_it_is(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Server, "wait_until_up", wait_until_it_answers)
    server = plant("store is away", PYTHONWARNINGS="ignore")
    response = requests.get(server.url, timeout=TIMEOUT)
    assert response.status_code == 503
    assert response.json() == {"status": "unhealthy", "version": __version__}
    schemas = server.schemas
    with SocketClient(server.url, schemas) as client:
        assert client.start()["code"] == "unavailable"
        assert client.join("anybody")["code"] == "unavailable"
    rest = RestClient(server.url, schemas)
    calls: list[tuple[str, dict[str, str]]]
    calls = [
        ("/start", {}),
        ("/receive", {"session_id": "x"}),
        ("/disconnect", {"session_id": "x"}),
    ]
    for path, body in calls:
        response = rest.post(path, body)
        assert (response.status_code, response.json()["code"]) == (503, "unavailable")
    rest.close()
    assert requests.get(f"{server.url}/metrics", timeout=TIMEOUT).status_code == 200
    assert not traces(server)


def wait_until_it_answers(server: Server) -> None:
    def answers() -> bool:
        try:
            return requests.get(server.url, timeout=TIMEOUT).status_code == 503
        except requests.ConnectionError:
            return False

    wait_for(answers, "an answer", timeout=30)
