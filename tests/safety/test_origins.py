"""Pages of other sites that try to act for a visitor: with the default settings, and others."""

from __future__ import annotations

import pytest
import requests
from websocket import WebSocketBadStatusException

from tests.conftest import Launch
from tests.harness.clients import TIMEOUT
from tests.harness.guests import Guests
from tests.harness.raw import MESSAGE, RawSocket
from tests.harness.servers import Server

FOREIGN = ["https://evil.example", "null", "http://127.0.0.1:1"]
POLLING = "/socket.io/?EIO=4&transport=polling"
REFUSED_CONNECT = f"{MESSAGE}4"  # Socket.IO CONNECT_ERROR, protocol revision 5


def cookie_of_a_victim(server: Server) -> dict[str, str]:
    with requests.Session() as browser:
        browser.get(f"{server.url}/chat/", timeout=TIMEOUT)
        return {"Cookie": "; ".join(f"{one.name}={one.value}" for one in browser.cookies)}


@pytest.mark.parametrize("origin", FOREIGN)
def test_another_site_cannot_hijack_a_visitors_websocket(guests: Guests, origin: str) -> None:
    victim = cookie_of_a_victim(guests.server)
    assert victim["Cookie"]
    with pytest.raises(WebSocketBadStatusException) as refused:
        guests.raw(origin=origin, headers=victim)
    assert refused.value.status_code in {400, 403}
    assert guests.raw(origin=guests.server.url, headers=victim).start()["ok"]


@pytest.mark.parametrize("origin", FOREIGN)
def test_another_site_cannot_poll_for_a_visitor(guests: Guests, origin: str) -> None:
    headers = {"Origin": origin, **cookie_of_a_victim(guests.server)}
    for method in ("GET", "POST", "OPTIONS"):
        answer = requests.request(
            method, guests.server.url + POLLING, headers=headers, timeout=TIMEOUT
        )
        assert answer.status_code in {400, 403}
        assert "sid" not in answer.text
        assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("origin", FOREIGN)
@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded"])
def test_another_site_cannot_start_a_chat_by_a_form(guests: Guests, origin: str, kind: str) -> None:
    headers = {"Origin": origin, "Content-Type": kind, **cookie_of_a_victim(guests.server)}
    url = f"{guests.server.url}/start"
    answer = requests.post(url, data="{}", headers=headers, timeout=TIMEOUT)
    assert (answer.status_code, answer.json()["code"]) == (403, "origin_not_allowed")
    assert guests.server.health()["online"] == 0


def test_nobody_elses_page_may_read_an_answer_by_default(guests: Guests) -> None:
    answer = requests.get(guests.server.url, headers={"Origin": FOREIGN[0]}, timeout=TIMEOUT)
    assert answer.status_code == 403
    assert not [name for name in answer.headers if name.startswith("Access-Control")]


@pytest.fixture(scope="module")
def open_server(launch: Launch) -> Server:
    return launch(CORS_ORIGINS="*")


@pytest.mark.parametrize("origin", FOREIGN)
def test_a_star_lets_every_page_in_but_never_with_cookies(open_server: Server, origin: str) -> None:
    for path in ("/", "/openapi.json", POLLING):
        answer = requests.get(open_server.url + path, headers={"Origin": origin}, timeout=TIMEOUT)
        assert answer.status_code == 200
        assert answer.headers["Access-Control-Allow-Origin"] in {"*", origin}
        assert "Access-Control-Allow-Credentials" not in answer.headers
    with RawSocket(open_server.url, origin=origin) as client:
        assert client.start()["ok"]


@pytest.fixture(scope="module")
def strict_server(launch: Launch) -> Server:
    listed = "https://chat.example.org"
    return launch(REQUIRE_ORIGIN="True", CORS_ORIGINS=listed, HANDSHAKE_TIMEOUT="1")


def test_where_an_origin_is_required_who_has_none_starts_nothing(strict_server: Server) -> None:
    url = strict_server.url
    assert requests.post(f"{url}/start", timeout=TIMEOUT).json()["code"] == "origin_not_allowed"
    with RawSocket(url, connect=False) as client:
        client.say("40")
        assert client.hear().startswith(REFUSED_CONNECT)
        client.say('421["start",{"chat_type":"text"}]')
        client.hear_until_closed()
        assert not client.heard
    assert strict_server.health()["online"] == 0


@pytest.mark.parametrize("origin", ["https://chat.example.org", ""])
def test_where_an_origin_is_required_pages_go_on_as_before(
    strict_server: Server, origin: str
) -> None:
    headers = {"Origin": origin or strict_server.url}
    for path in ("/chat/", "/docs", "/"):
        assert requests.get(strict_server.url + path, timeout=TIMEOUT).status_code == 200
    answer = requests.post(f"{strict_server.url}/start", headers=headers, timeout=TIMEOUT)
    assert answer.status_code == 200
    with RawSocket(strict_server.url, origin=headers["Origin"]) as client:
        assert client.start()["status"] == "matched"
        client.ask("leave_session", {"session_id": client.session_id})


def test_a_named_site_may_send_its_cookies(strict_server: Server) -> None:
    headers = {"Origin": "https://chat.example.org"}
    for path in ("/", POLLING):
        answer = requests.get(strict_server.url + path, headers=headers, timeout=TIMEOUT)
        assert answer.headers["Access-Control-Allow-Credentials"] == "true"
