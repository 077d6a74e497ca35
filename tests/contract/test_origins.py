"""Which web pages may use the server; `hasty_server` lists two."""

from __future__ import annotations

import json

import pytest
import requests
import websocket

from tests.contract.conftest import LISTED_ORIGINS
from tests.harness.clients import TIMEOUT
from tests.harness.guests import Guests
from tests.harness.raw import CLOSE
from tests.harness.servers import Server

FOREIGN = [
    "https://evil.example",
    "http://chat.example.org",
    "https://chat.example.org:8443",
    "https://chat.example.org.evil.example",
    "https://CHAT.example.org/",
    "null",
    "file://",
    "nonsense",
]
PATHS = ["/", "/start", "/openapi.json", "/docs", "/metrics"]
POLLING = "/socket.io/?EIO=4&transport=polling"


def ask(server: Server, path: str, origin: str, **headers: str) -> requests.Response:
    """Call as a web page of `origin` would."""
    method = "POST" if path == "/start" else "GET"
    given = {"Origin": origin, **headers}
    response = requests.request(method, server.url + path, headers=given, timeout=TIMEOUT)
    if path == POLLING and response.ok:
        sid = json.loads(response.text[1:])["sid"]
        requests.post(f"{server.url}{POLLING}&sid={sid}", CLOSE, headers=given, timeout=TIMEOUT)
    return response


def preflight(server: Server, origin: str) -> requests.Response:
    """What a browser asks before it posts JSON."""
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    return requests.options(f"{server.url}/start", headers=headers, timeout=TIMEOUT)


@pytest.mark.parametrize("origin", FOREIGN)
def test_a_foreign_page_is_refused_by_rest(hasty_guests: Guests, origin: str) -> None:
    for path in PATHS:
        response = ask(hasty_guests.server, path, origin)
        assert (response.status_code, response.json()["code"]) == (403, "origin_not_allowed")
        assert "Access-Control-Allow-Origin" not in response.headers
    assert hasty_guests.server.health()["online"] == 0


@pytest.mark.parametrize("origin", FOREIGN)
def test_a_foreign_page_is_refused_by_socket_io(hasty_guests: Guests, origin: str) -> None:
    assert ask(hasty_guests.server, POLLING, origin).status_code in {400, 403}
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        hasty_guests.raw(origin=origin)
    assert refused.value.status_code in {400, 403}


@pytest.mark.parametrize("origin", FOREIGN)
def test_a_foreign_page_is_told_so_before_it_posts(hasty_guests: Guests, origin: str) -> None:
    response = preflight(hasty_guests.server, origin)
    assert response.status_code == 403
    assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize("origin", LISTED_ORIGINS)
def test_a_listed_page_may_call_and_read_the_answers(hasty_guests: Guests, origin: str) -> None:
    for path in (*PATHS, POLLING):
        response = ask(hasty_guests.server, path, origin)
        assert response.status_code == 200
        assert response.headers["Access-Control-Allow-Origin"] == origin
        assert path == POLLING or "Origin" in response.headers["Vary"]
        if path == "/start":
            hasty_guests.rest().sessions.append(response.json()["session_id"])
    assert hasty_guests.raw(origin=origin).start()["ok"]


@pytest.mark.parametrize("origin", LISTED_ORIGINS)
def test_a_listed_page_is_told_what_it_may_post(hasty_guests: Guests, origin: str) -> None:
    response = preflight(hasty_guests.server, origin)
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == origin
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    assert "content-type" in response.headers["Access-Control-Allow-Headers"].lower()
    assert hasty_guests.server.health()["online"] == 0


def test_even_a_refusal_can_be_read_by_a_listed_page(hasty_guests: Guests) -> None:
    headers = {"Origin": LISTED_ORIGINS[0]}
    url = f"{hasty_guests.server.url}/send"
    response = requests.post(url, json={}, headers=headers, timeout=TIMEOUT)
    assert response.json()["code"] == "invalid_request"
    assert response.headers["Access-Control-Allow-Origin"] == LISTED_ORIGINS[0]


def test_the_servers_own_pages_may_use_it(hasty_guests: Guests) -> None:
    own = hasty_guests.server.url
    for path in ("/", "/docs", POLLING):
        assert ask(hasty_guests.server, path, own).status_code == 200
    assert hasty_guests.raw(origin=own).start()["ok"]


def test_who_is_no_web_page_may_use_it(hasty_guests: Guests) -> None:
    assert hasty_guests.rest().start()["status"] == "waiting"


def test_a_forwarded_host_opens_no_door(hasty_guests: Guests) -> None:
    for path in ("/", POLLING):
        lie = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
        response = ask(hasty_guests.server, path, "https://evil.example", **lie)
        assert response.status_code in {400, 403}
