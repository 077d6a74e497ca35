"""The address of a client behind a proxy, as a running server takes it."""

from __future__ import annotations

import pytest
from websocket import WebSocketBadStatusException

from tests.conftest import Launch
from tests.harness.guests import Guests
from tests.harness.raw import RawSocket
from tests.harness.servers import Server

FORWARDED = "X-Forwarded-For"
CAP = 2


@pytest.fixture(scope="module")
def server(launch: Launch) -> Server:
    """A server that trusts one proxy, and lets few connections in from each address."""
    return launch(TRUSTED_PROXIES="1", MAX_CONNECTIONS_PER_ADDRESS=str(CAP))


def connect(guests: Guests, forwarded: str) -> RawSocket:
    return guests.raw(headers={FORWARDED: forwarded})


def test_connections_are_counted_by_the_address_that_the_proxy_saw(guests: Guests) -> None:
    for _ in range(CAP):
        connect(guests, "203.0.113.7")
    with pytest.raises(WebSocketBadStatusException, match="429"):
        connect(guests, "203.0.113.7")
    assert connect(guests, "203.0.113.8").start()["ok"]


def test_whatever_a_client_says_of_itself_is_left_of_that(guests: Guests) -> None:
    for number in range(CAP):
        connect(guests, f"198.51.100.{number}, 203.0.113.7")
    with pytest.raises(WebSocketBadStatusException, match="429"):
        connect(guests, "198.51.100.99, 203.0.113.7")


def test_hopping_within_an_ipv6_network_makes_nobody_another(guests: Guests) -> None:
    for number in range(CAP):
        connect(guests, f"2001:db8:0:1::{number}")
    with pytest.raises(WebSocketBadStatusException, match="429"):
        connect(guests, "2001:db8:0:1:ffff::1")
    assert connect(guests, "2001:db8:0:2::1").start()["ok"]


def test_the_address_is_free_again_after_its_connections(guests: Guests) -> None:
    for _ in range(3 * CAP):
        RawSocket(guests.server.url, headers={FORWARDED: "203.0.113.9"}).disconnect()
