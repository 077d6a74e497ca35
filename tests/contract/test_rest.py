"""The HTTP door: what each call answers."""

from __future__ import annotations

import json

import pytest
import requests

from rendezvous import __version__
from tests.harness.clients import TIMEOUT
from tests.harness.guests import Guests

LIMIT = 65_536  # bytes of a body


def test_the_health_check_counts_who_is_here_and_names_nobody(guests: Guests) -> None:
    guests.pair()
    guests.rest().start("text")
    guests.rest().start("video")
    response = requests.get(guests.server.url, timeout=TIMEOUT)
    assert response.status_code == 200
    assert response.json() == {
        "status": "healthy",
        "version": __version__,
        "online": 4,
        "waiting": {"text": 1, "video": 1},
        "chats": 1,
    }


@pytest.mark.parametrize("chat_type", ["text", "video"])
def test_the_first_waits_and_the_second_is_matched(guests: Guests, chat_type: str) -> None:
    one, other = guests.rest(), guests.rest()
    first, second = one.start(chat_type), other.start(chat_type)
    assert first == {"session_id": one.session_id, "chat_type": chat_type, "status": "waiting"}
    assert second == {"session_id": other.session_id, "chat_type": chat_type, "status": "matched"}
    assert one.session_id != other.session_id
    assert min(len(one.session_id), len(other.session_id)) >= 22  # 128 bits in base 64


@pytest.mark.parametrize("how", [{"data": b""}, {"json": {}}, {"data": b"{}"}])
def test_start_needs_no_body(guests: Guests, how: dict[str, object]) -> None:
    response = requests.post(f"{guests.server.url}/start", timeout=TIMEOUT, **how)  # type: ignore[arg-type]
    assert response.status_code == 200
    client = guests.rest()
    client.sessions.append(response.json()["session_id"])
    assert response.json()["status"] == "waiting"


def test_start_takes_interests_and_a_language(guests: Guests) -> None:
    assert guests.rest().start(interests=["Tea", "雪"], language="pt-BR")["status"] == "waiting"


def test_a_message_is_sent_and_received(guests: Guests) -> None:
    one, other = guests.rest_pair()
    sent = one.send("Hello, 世界 <b>&</b> \u2028\x00\U0001f600")
    received = other.receive()
    (message,) = received["messages"]
    assert sent == {"ok": True, "message_id": message["id"], "seq": message["seq"]}
    assert message["text"] == "Hello, 世界 <b>&</b> \u2028\x00\U0001f600"
    assert message["from"] == "stranger"
    assert received["status"] == "matched"
    assert received["last_seq"] == sent["seq"] == 2
    assert received["events"] == []
    assert not received["disconnected"]


def test_events_tell_what_a_socket_would_have_been_told(guests: Guests) -> None:
    one, other = guests.rest(), guests.rest()
    one.start("video", interests=["chess"])
    other.start("video", interests=["Chess "])
    (event,) = one.receive()["events"]
    assert (event["seq"], event["event"]) == (1, "matched")
    assert event["data"]["session_id"] == one.session_id
    assert event["data"]["common_interests"] == ["chess"]
    assert event["data"]["chat_type"] == "video"


def test_after_leaves_out_what_the_client_has(guests: Guests) -> None:
    one, other = guests.rest_pair()
    for text in "abc":
        one.send(text)
    body = {"session_id": other.session_id, "after": 3}
    for _ in range(2):  # an answer that got lost can be had again
        received = other.post("/receive", body).json()
        assert [message["text"] for message in received["messages"]] == ["c"]
        assert received["last_seq"] == 4
        assert not received["gap"]


def test_what_the_client_said_it_has_is_not_kept(guests: Guests) -> None:
    one, other = guests.rest_pair()
    one.send("a")
    one.send("b")
    other.post("/receive", {"session_id": other.session_id, "after": 2})
    received = other.post("/receive", {"session_id": other.session_id, "after": 0}).json()
    assert [message["text"] for message in received["messages"]] == ["b"]
    assert received["gap"]


def test_who_disconnects_is_done_and_the_partner_is_told(guests: Guests) -> None:
    one, other = guests.rest_pair()
    assert one.leave() == {"ok": True}
    received = other.receive()
    (event,) = received["events"]
    assert (event["event"], event["data"]["reason"]) == ("partner_disconnected", "left")
    assert (received["status"], received["disconnected"]) == ("ended", True)
    mine = one.receive()
    assert (mine["status"], mine["disconnected"]) == ("ended", True)
    assert mine["events"] == []


def test_disconnecting_twice_is_no_mistake(guests: Guests) -> None:
    one, other = guests.rest_pair()
    assert one.leave() == one.leave() == other.leave() == {"ok": True}
    assert len(other.receive()["events"]) == 1


def test_who_waits_can_disconnect_and_is_never_given(guests: Guests) -> None:
    one, other = guests.rest(), guests.rest()
    one.start()
    one.leave()
    assert other.start()["status"] == "waiting"


def test_a_message_before_the_match_and_after_the_end_is_refused(guests: Guests) -> None:
    one = guests.rest()
    one.start()
    early = one.post("/send", {"session_id": one.session_id, "message": "x"})
    assert (early.status_code, early.json()["code"]) == (409, "not_matched")
    other = guests.rest()
    other.start()
    one.leave()
    for client in (one, other):
        late = client.post("/send", {"session_id": client.session_id, "message": "x"})
        assert (late.status_code, late.json()["code"]) == (410, "session_ended")


@pytest.mark.parametrize("path", ["/send", "/receive", "/disconnect"])
def test_an_unknown_session_is_refused(guests: Guests, path: str) -> None:
    message = {"message": "x"} if path == "/send" else {}
    response = guests.rest().post(path, {"session_id": "nobody", **message})
    assert (response.status_code, response.json()["code"]) == (404, "session_not_found")


def test_the_same_client_id_gets_the_same_answer_and_is_delivered_once(guests: Guests) -> None:
    one, other = guests.rest_pair()
    assert one.send("a", client_id="1") == one.send("a", client_id="1")
    assert one.send("a", client_id="2")["seq"] == 3
    assert len(other.receive()["messages"]) == 2


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not_found"),
        ("POST", "/start/", 404, "not_found"),
        ("GET", "/start", 405, "method_not_allowed"),
        ("DELETE", "/disconnect", 405, "method_not_allowed"),
        ("POST", "/", 405, "method_not_allowed"),
    ],
)
def test_a_wrong_address_or_method_is_refused_like_anything_else(
    guests: Guests, method: str, path: str, status: int, code: str
) -> None:
    response = requests.request(method, guests.server.url + path, timeout=TIMEOUT)
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/json"
    assert response.json().keys() == {"error", "code"}
    assert response.json()["code"] == code
    assert status != 405 or response.headers["Allow"]


def padded(body: dict[str, object], size: int) -> bytes:
    """`body` as JSON, with blanks up to `size` bytes."""
    return json.dumps(body).encode().ljust(size)


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("path", ["/start", "/send", "/disconnect"])
def test_a_body_over_64_kb_is_refused_and_one_of_64_kb_is_not(
    guests: Guests, path: str, chunked: bool
) -> None:
    one, other = guests.rest_pair()
    body: dict[str, object] = {} if path == "/start" else {"session_id": one.session_id}
    if path == "/send":
        body["message"] = "It fits"
    for size, status in ((LIMIT + 1, 413), (3 * LIMIT, 413), (LIMIT, 200)):
        data = padded(body, size)
        response = guests.rest().post(path, data=iter([data]) if chunked else data)
        assert response.status_code == status
        assert status == 200 or response.json()["code"] == "too_large"
    if path == "/start":
        one.sessions.append(response.json()["session_id"])
    heard = {"/send": [2], "/disconnect": [], "/start": []}[path]
    assert [message["seq"] for message in other.receive()["messages"]] == heard
