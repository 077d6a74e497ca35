"""The configuration for HAProxy: a client of long polling stays with the worker that knows it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.chaos.haproxy import HAProxy
from tests.conftest import Launch
from tests.harness.clients import TIMEOUT, Schemas, SocketClient

WORKERS = 2  # which share nothing, so that a request to the wrong one is refused
CLIENTS = 6
REQUESTS = 4


@pytest.fixture
def proxy(launch: Launch, tmp_path: Path) -> Iterator[HAProxy]:
    workers = [launch() for _ in range(WORKERS)]
    with HAProxy(tmp_path, [worker.port for worker in workers]) as proxy:
        yield proxy


def test_long_polls_stay_and_can_be_upgraded_and_metrics_are_not_for_everybody(
    proxy: HAProxy,
) -> None:
    schemas = Schemas(proxy.url)
    for transports in (["polling"], ["polling", "websocket"]):
        clients = [SocketClient(proxy.url, schemas, transports) for _ in range(CLIENTS)]
        for client in clients:
            assert client.start()["ok"]
            assert client.transport == transports[-1]
        for client in clients * REQUESTS:
            code = client.call("typing", {"session_id": client.session_id, "is_typing": True})
            assert code["ok"] or code["code"] == "not_matched"
        for client in clients:
            assert client.call("leave_session", {"session_id": client.session_id})["ok"]
            client.disconnect()
    opened = requests.get(f"{proxy.url}/socket.io/?EIO=4&transport=polling", timeout=TIMEOUT)
    assert "Engine-Sid" not in opened.headers
    assert requests.get(f"{proxy.url}/metrics", timeout=TIMEOUT).status_code == 404
