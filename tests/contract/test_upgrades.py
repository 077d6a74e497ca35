"""Text chats that grow into video chats, by whichever door the two have come."""

from __future__ import annotations

import pytest

from tests.contract.conftest import ON_REDIS_TOO
from tests.harness.clients import Json
from tests.harness.guests import Guests

pytestmark = ON_REDIS_TOO


def request(session_id: str) -> tuple[str, Json]:
    return "upgrade_request", {"session_id": session_id}


def answer(session_id: str, *, accept: bool) -> tuple[str, Json]:
    return "upgrade_answer", {"session_id": session_id, "accept": accept}


def test_a_yes_brings_both_servers_to_make_a_call_with(guests: Guests) -> None:
    one, other = guests.pair()
    asked = one.call(*request(one.session_id))
    assert asked == {"ok": True, "chat_type": "text", "retry_after": 60}
    assert other.expect("upgrade_requested")["ttl"] == 60
    agreed = other.call(*answer(other.session_id, accept=True))
    assert agreed == {"ok": True, "chat_type": "video"}
    for client, offers in ((one, True), (other, False)):
        upgraded = client.expect("upgraded")
        assert upgraded["is_initiator"] is offers
        assert upgraded["ice_transport_policy"] == "all"
    assert one.signal({"type": "offer"}) == {"ok": True}
    assert other.expect("webrtc_signal")["signal"] == {"type": "offer"}
    assert guests.server.health()["chats"] == 1


def test_a_no_leaves_it_at_text(guests: Guests) -> None:
    one, other = guests.pair()
    one.call(*request(one.session_id))
    other.expect("upgrade_requested")
    assert other.call(*answer(other.session_id, accept=False))["chat_type"] == "text"
    assert one.expect("upgrade_declined")["retry_after"] == 60
    again = one.call(*request(one.session_id))
    assert (again["code"], again["ok"]) == ("already_asked", False)
    assert 50 < again["retry_after"] <= 60
    one.send("As you like")
    assert other.expect("new_message")["message"]["text"] == "As you like"


def test_rest_does_all_of_it(guests: Guests) -> None:
    one, other = guests.rest_pair()
    assert other.post("/" + request("")[0], request(one.session_id)[1]).json() == {
        "ok": True,
        "chat_type": "text",
        "retry_after": 60,
    }
    (event,) = other.receive()["events"]
    assert (event["event"], event["data"]["ttl"]) == ("upgrade_requested", 60)
    response = one.post("/upgrade_answer", answer(one.session_id, accept=True)[1])
    assert (response.status_code, response.json()["code"]) == (409, "nothing_asked")
    response = other.post("/upgrade_answer", answer(other.session_id, accept=True)[1])
    assert response.json() == {"ok": True, "chat_type": "video"}
    (event,) = one.receive()["events"]
    assert (event["event"], event["data"]["is_initiator"]) == ("upgraded", True)
    response = one.post("/upgrade_request", {"session_id": one.session_id})
    assert (response.status_code, response.json()["code"]) == (409, "already_video")


def test_who_is_asked_too_soon_again_is_told_when(guests: Guests) -> None:
    one, _ = guests.rest_pair()
    body = {"session_id": one.session_id}
    assert one.post("/upgrade_request", body).status_code == 200
    response = one.post("/upgrade_request", body)
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) == response.json()["retry_after"] > 50


def test_two_who_ask_at_once_agree(guests: Guests) -> None:
    one, rest = guests.socket(), guests.rest()
    one.start()
    rest.start()
    one.expect("matched")
    one.call(*request(one.session_id))
    body = {"session_id": rest.session_id}
    assert rest.post("/upgrade_request", body).json() == {"ok": True, "chat_type": "video"}
    assert one.expect("upgraded")["is_initiator"]


def test_who_comes_back_knows_what_it_is_now(guests: Guests) -> None:
    one, other = guests.pair()
    one.call(*request(one.session_id))
    other.call(*answer(other.session_id, accept=True))
    back = guests.socket()
    joined = back.join(one.session_id)
    assert (joined["chat_type"], joined["is_initiator"]) == ("video", True)
    assert back.expect("matched")["chat_type"] == "text"
    assert back.expect("upgraded")["chat_type"] == "video"


@pytest.mark.parametrize("accept", [None, 1, "yes"])
def test_an_answer_is_yes_or_no(guests: Guests, accept: object) -> None:
    one, other = guests.pair()
    one.call(*request(one.session_id))
    refused = other.call("upgrade_answer", {"session_id": other.session_id, "accept": accept})
    assert refused["code"] == "invalid_request"
    assert other.call(*answer(other.session_id, accept=True))["ok"]
