"""Pages of other sites that try to act for a visitor who is known here."""

from __future__ import annotations

import pytest
import requests
from websocket import WebSocketBadStatusException

from tests.attacks.people import Headers, at, caller, somewhere
from tests.harness.clients import TIMEOUT
from tests.harness.guests import Guests

FOREIGN = ["https://evil.example", "null", "http://127.0.0.1:1"]
FORMS = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]
POLLING = "/socket.io/?EIO=4&transport=polling"
pytestmark = pytest.mark.parametrize("origin", FOREIGN)


@pytest.fixture
def victim(guests: Guests) -> Headers:
    """The cookie and the address of somebody who has the page open."""
    headers = at(somewhere())
    with requests.Session() as browser:
        browser.get(f"{guests.server.url}/chat/", headers=headers, timeout=TIMEOUT)
        cookie = "; ".join(f"{one.name}={one.value}" for one in browser.cookies)
    assert cookie
    return headers | {"Cookie": cookie}


def test_their_websocket_is_not_hijacked(guests: Guests, victim: Headers, origin: str) -> None:
    with pytest.raises(WebSocketBadStatusException) as refused:
        guests.raw(origin=origin, headers=victim)
    assert refused.value.status_code in {400, 403}
    assert guests.raw(origin=guests.server.url, headers=victim).start()["ok"]


def test_nothing_is_polled_for_them(guests: Guests, victim: Headers, origin: str) -> None:
    for method in ("GET", "POST", "OPTIONS"):
        answer = requests.request(
            method,
            guests.server.url + POLLING,
            headers=victim | {"Origin": origin},
            timeout=TIMEOUT,
        )
        assert answer.status_code in {400, 403}
        assert "sid" not in answer.text
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_no_form_acts_for_them(guests: Guests, victim: Headers, origin: str) -> None:
    theirs = caller(guests)
    theirs.start()
    body = f'{{"session_id":"{theirs.session_id}","reason":"spam","message":"psst"}}'
    for path in ("/start", "/start_video", "/send", "/report", "/block", "/disconnect", "/appeal"):
        for kind in FORMS:
            headers = victim | {"Origin": origin, "Content-Type": kind}
            url = guests.server.url + path
            answer = requests.post(url, data=body, headers=headers, timeout=TIMEOUT)
            assert (answer.status_code, answer.json()["code"]) == (403, "origin_not_allowed")
    assert guests.server.health()["online"] == 1


def test_no_answer_can_be_read_by_them(guests: Guests, victim: Headers, origin: str) -> None:
    for path in ("/", "/challenge", "/metrics", "/openapi.json", "/appeal?ban=AAAA"):
        headers = victim | {"Origin": origin}
        answer = requests.get(guests.server.url + path, headers=headers, timeout=TIMEOUT)
        assert answer.status_code == 403
        assert not [name for name in answer.headers if name.startswith("Access-Control")]
