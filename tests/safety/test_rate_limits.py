"""Limits as a running server holds them, told in every form: REST, acknowledgements, documents."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import requests

from tests.conftest import Launch
from tests.harness.clients import TIMEOUT
from tests.harness.guests import Guests
from tests.harness.raw import RawSocket
from tests.harness.redis_server import RedisServer
from tests.harness.servers import Server

HERE = "203.0.113.7"
SETTINGS = {
    "RATE_LIMITS": "on",
    "TRUSTED_PROXIES": "1",
    "SESSIONS_PER_ADDRESS": "4",
    "SESSIONS_PER_VISITOR": "2",
    "STARTS_PER_ADDRESS": "30/minute",
    "STARTS_PER_VISITOR": "8/minute",
    "MESSAGES_PER_VISITOR": "5/minute",
    "SIGNALS_PER_VISITOR": "6/minute",
    "BYTES_PER_VISITOR": "100000/minute",
    "SKIPS_FREE": "2",
}


@pytest.fixture(scope="module", params=["memory", "redis"])
def server(request: pytest.FixtureRequest, launch: Launch) -> Iterator[Server]:
    """A server on which little is much; it counts by itself, or in Redis."""
    with RedisServer() as redis:
        server = launch(**SETTINGS, REDIS_URL=redis.url if request.param == "redis" else "")
        yield server
        server.stop()


def from_(address: str) -> dict[str, str]:
    return {"X-Forwarded-For": address}


def pair(guests: Guests, number: int) -> tuple[RawSocket, RawSocket]:
    """Two of different addresses who have met; `number` makes them others than before."""
    one = guests.raw(headers=from_(f"198.51.100.{number}"))
    other = guests.raw(headers=from_(f"198.51.100.{number + 1}"))
    assert one.start("video")["status"] == "waiting"
    assert other.start("video")["status"] == "matched"
    return one, other


def test_one_address_has_so_many_chats_at_once_by_whichever_door(guests: Guests) -> None:
    sockets = [guests.raw(headers=from_(HERE)) for _ in range(3)]
    assert all(client.start()["ok"] for client in sockets[:2])
    rest = guests.rest()
    for chat_type in ("/start", "/start_video"):
        answer = rest.post(chat_type, {}, headers=from_(HERE)).json()
        rest.sessions.append(answer["session_id"])
    refused = sockets[2].start()
    assert (refused["ok"], refused["code"]) == (False, "rate_limited")
    assert refused["retry_after"] >= 1
    assert guests.raw(headers=from_("203.0.113.8")).start()["ok"]
    rest.post("/disconnect", {"session_id": rest.sessions[0]})
    assert sockets[2].start()["ok"]


def test_rest_says_when_to_come_back_in_the_body_and_in_the_header(guests: Guests) -> None:
    rest = guests.rest()
    for _ in range(2):
        answer = rest.post("/start", {}, headers=from_("203.0.113.20"))
        rest.sessions.append(answer.json()["session_id"])
    refused = rest.post("/start", {}, headers=from_("203.0.113.20"))
    assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")
    assert int(refused.headers["Retry-After"]) == refused.json()["retry_after"] >= 1


def test_starts_are_counted_for_a_visitor(guests: Guests) -> None:
    client = guests.raw(headers=from_("203.0.113.30"))
    answers = [client.start() for _ in range(9)]
    assert [answer["ok"] for answer in answers] == [True] * 8 + [False]
    assert answers[-1]["code"] == "rate_limited"
    # And the chat that it is in goes on.
    assert guests.server.health()["online"] == 1


def test_messages_and_signals_are_counted_apart(guests: Guests) -> None:
    one, other = pair(guests, 10)
    message = {"session_id": one.session_id, "message": "Hello"}
    sent = [one.ask("send_message", message) for _ in range(6)]
    assert [answer["ok"] for answer in sent] == [True] * 5 + [False]
    assert sent[-1]["retry_after"] >= 1
    signal = {"session_id": one.session_id, "signal": {"candidate": ""}}
    signals = [one.ask("webrtc_signal", signal) for _ in range(7)]
    assert [answer["ok"] for answer in signals] == [True] * 6 + [False]
    assert other.ask("send_message", {**message, "session_id": other.session_id})["ok"]


def test_messages_by_rest_are_counted_by_the_session(guests: Guests) -> None:
    _, other = pair(guests, 20)
    body = json.dumps({"session_id": other.session_id, "message": "Hello"})
    answers = [
        requests.post(f"{guests.server.url}/send", body, headers=from_(HERE), timeout=TIMEOUT)
        for _ in range(6)
    ]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]


def test_bytes_are_counted_whatever_they_are(guests: Guests) -> None:
    one, _ = pair(guests, 30)
    junk = {"session_id": one.session_id, "is_typing": "x" * 30_000}
    codes = [one.ask("typing", junk)["code"] for _ in range(5)]
    assert codes == ["invalid_request"] * 3 + ["rate_limited"] * 2


def test_who_skips_instantly_has_to_wait_longer_and_longer(guests: Guests) -> None:
    skipper = guests.raw(headers=from_("203.0.113.40"))
    waits = []
    for number in range(4):
        partner = guests.raw(headers=from_(f"203.0.113.5{number}"))
        assert partner.start()["ok"]
        answer = skipper.start()
        waits.append(answer.get("retry_after", 0))
        if answer["ok"]:
            skipper.ask("leave_session", {"session_id": skipper.session_id})
        partner.ask("leave_session", {"session_id": partner.session_id})
    assert waits[:3] == [0, 0, 0]
    assert waits[3] >= 1


def test_refusals_are_counted_and_not_told_one_by_one(guests: Guests) -> None:
    name = 'rendezvous_refusals_total{code="rate_limited"}'
    before = guests.server.metrics().get(name, 0)
    one, _ = pair(guests, 40)
    message = {"session_id": one.session_id, "message": "Hello"}
    refused = sum(not one.ask("send_message", message)["ok"] for _ in range(50))
    assert guests.server.metrics()[name] - before == refused == 45
    assert '"rate_limited"' not in guests.server.log()


def test_the_documents_say_so(guests: Guests) -> None:
    openapi = requests.get(f"{guests.server.url}/openapi.json", timeout=TIMEOUT).json()
    for path in ("/start", "/start_video", "/send", "/receive", "/disconnect"):
        answer = openapi["paths"][path]["post"]["responses"]["429"]
        assert "rate_limited" in answer["description"]
    for name in ("openapi", "asyncapi"):
        text = requests.get(f"{guests.server.url}/{name}.json", timeout=TIMEOUT).text
        assert "retry_after" in text
