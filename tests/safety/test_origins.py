"""Which web pages come in where the operator has said more than nothing about them."""

from __future__ import annotations

import pytest
import requests

from tests.conftest import Launch
from tests.harness.clients import TIMEOUT
from tests.harness.raw import MESSAGE, RawSocket
from tests.harness.servers import Server

FOREIGN = ["https://evil.example", "null", "http://127.0.0.1:1"]
POLLING = "/socket.io/?EIO=4&transport=polling"
REFUSED_CONNECT = f"{MESSAGE}4"  # Socket.IO CONNECT_ERROR, protocol revision 5


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
