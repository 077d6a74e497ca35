"""Addresses that a client makes up, and those that it has by the billion."""

from __future__ import annotations

import secrets

import pytest
from websocket import WebSocketBadStatusException

from tests.attacks.conftest import DEFAULTS
from tests.attacks.people import at, caller, somewhere
from tests.harness.guests import Guests
from tests.harness.raw import RawSocket

MOST_CONNECTIONS = int(DEFAULTS["MAX_CONNECTIONS_PER_ADDRESS"])
MOST_SESSIONS = 20  # SESSIONS_PER_ADDRESS, as it comes


def started(guests: Guests, addresses: list[str]) -> list[str]:
    """Each a visitor of their own, who would start a chat; what they are answered."""
    codes = []
    for number, address in enumerate(addresses):
        rest = caller(guests, address=address)
        answer = rest.post("/start" if number % 2 else "/start_video", {}).json()
        if "session_id" in answer:
            rest.sessions.append(answer["session_id"])
        codes.append(answer.get("code", "taken"))
    return codes


def forged(there: str, number: int) -> list[str]:
    """Headers of somebody at `there` who claims to come from so many places."""
    lies = ["203.0.113.{}", "127.0.0.1, 203.0.113.{}", "unknown, 203.0.113.{}", "2001:db8:{}::1"]
    return [f"{lies[each % len(lies)].format(each)}, {there}" for each in range(number)]


def hopping(number: int) -> list[str]:
    """Addresses of one IPv6 network, which is what a single customer gets."""
    network = f"2001:db8:{secrets.token_hex(2)}"
    return [f"{network}:7:{each * 601:x}::{each:x}" for each in range(number)]


def test_forged_entries_give_nobody_more_than_one_address_has(guests: Guests) -> None:
    codes = started(guests, forged(somewhere(), MOST_SESSIONS + 5))
    assert codes == ["taken"] * MOST_SESSIONS + ["rate_limited"] * 5
    assert started(guests, [somewhere()]) == ["taken"]


def test_hopping_within_an_ipv6_network_makes_nobody_another(guests: Guests) -> None:
    codes = started(guests, hopping(MOST_SESSIONS + 5))
    assert codes == ["taken"] * MOST_SESSIONS + ["rate_limited"] * 5
    assert started(guests, hopping(1)) == ["taken"]


@pytest.mark.parametrize("lie", [forged, hopping], ids=["forged", "hopping"])
def test_connections_are_counted_in_the_same_way(guests: Guests, lie: object) -> None:
    there = somewhere()
    number = MOST_CONNECTIONS + 1
    *those, one_more = forged(there, number) if lie is forged else hopping(number)
    for address in those:
        guests.raw(connect=False, headers=at(address))
    with pytest.raises(WebSocketBadStatusException, match="429"):
        guests.raw(connect=False, headers=at(one_more))
    assert guests.raw(headers=at(somewhere())).start()["ok"]


def test_an_address_is_free_again_after_its_connections(guests: Guests) -> None:
    here = somewhere()
    for _ in range(MOST_CONNECTIONS + 5):
        RawSocket(guests.server.url, connect=False, headers=at(here)).disconnect()
    assert guests.raw(headers=at(here)).start()["ok"]
