"""Broken packets and requests, a few; `make fuzz` sends a million."""

from __future__ import annotations

import pytest

from tests.attacks.fuzz import HASTY, answered, fuzz
from tests.attacks.options import Options
from tests.conftest import Launch
from tests.harness.logs import Watch
from tests.harness.servers import WITH_REDIS, Server

# What has broken something once.
FOUND = {
    "a handshake with a control character": (
        b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n"
        b"Connection: Upg\x12ade\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    ),
    "an address that is not UTF-8": b"GET /appeal?ban=\xf9 HTTP/1.1\r\nHost: a\r\n\r\n",
}


@pytest.mark.parametrize("whole", list(FOUND.values()), ids=list(FOUND))
def test_what_was_found_once_is_answered(server: Server, whole: bytes) -> None:
    log = Watch(server)
    assert 400 <= answered(server.port, whole) < 500
    log.must_be_calm()


@pytest.mark.parametrize("kind", ["run.py", WITH_REDIS])
def test_nothing_broken_breaks_anything_or_gets_through(
    launch: Launch, kind: str, options: Options
) -> None:
    assert fuzz(launch(kind, **HASTY), options.packets).sent["packets"] > options.packets / 2
