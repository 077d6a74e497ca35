"""The short form of `make fuzz`."""

from __future__ import annotations

from tests.attacks.fuzz import check_the_log, fuzz
from tests.conftest import Launch

PACKETS = 1_000


def test_no_broken_packet_breaks_anything_or_gets_through(launch: Launch) -> None:
    server = launch(RECONNECT_GRACE="1")
    fuzz(server, PACKETS)
    assert server.health()["status"] == "healthy"
    check_the_log(server, PACKETS)
