"""A server at the open network, which trusts no proxy: it takes nobody for what they claim."""

from __future__ import annotations

import pytest

from tests.attacks.conftest import DEFAULTS
from tests.attacks.people import at, somewhere
from tests.conftest import Launch
from tests.harness.guests import Guests
from tests.harness.servers import Server

MOST_SESSIONS = 20  # SESSIONS_PER_ADDRESS, as it comes


@pytest.fixture(scope="session")
def server(launch: Launch) -> Server:
    return launch(**{**DEFAULTS, "TRUSTED_PROXIES": "0"})


def test_made_up_addresses_are_one_address(guests: Guests) -> None:
    answers = []
    for number in range(MOST_SESSIONS + 5):
        rest = guests.rest(headers=at(somewhere()) | {"Forwarded": f"for=203.0.113.{number}"})
        answer = rest.post("/start" if number % 2 else "/start_video", {}).json()
        rest.sessions += [answer["session_id"]] if "session_id" in answer else []
        answers.append(answer.get("code", "taken"))
    assert answers == ["taken"] * MOST_SESSIONS + ["rate_limited"] * 5
    assert guests.raw(headers=at(somewhere())).start()["code"] == "rate_limited"
