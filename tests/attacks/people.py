"""Strangers of the attack suite: where they come from, and what they are known by."""

from __future__ import annotations

from itertools import count

from tests.harness.clients import RestClient
from tests.harness.guests import Guests
from tests.harness.visitors import known

_numbers = count(1)
Headers = dict[str, str]


def somewhere() -> str:
    """An address at which nobody has been before."""
    number = next(_numbers)
    return f"198.18.{number // 250}.{number % 250 + 1}"


def at(address: str) -> Headers:
    """The header of the proxy that the servers trust."""
    return {"X-Forwarded-For": address}


def caller(guests: Guests, visitor: str = "", days: float = 0, address: str = "") -> RestClient:
    """Somebody who calls over REST, from an address of their own unless told otherwise."""
    cookie = known(visitor, days) if visitor else {}
    return guests.rest(headers=at(address or somewhere()) | cookie)


def met(guests: Guests, chat_type: str = "text") -> tuple[RestClient, RestClient]:
    """Two of them who have met."""
    one, other = caller(guests), caller(guests)
    assert one.start(chat_type)["status"] == "waiting"
    assert other.start(chat_type)["status"] == "matched"
    return one, other
