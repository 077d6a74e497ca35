"""Two who would meet again: both have to wish it, and their tokens bring them together."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.contract.conftest import ON_REDIS_TOO
from tests.harness.clients import Json, SocketClient
from tests.harness.guests import Guests

pytestmark = ON_REDIS_TOO


def wish(client: SocketClient, session_id: str = "") -> Json:
    return client.call("meet_again", {"session_id": session_id or client.session_id})


def tokens(guests: Guests, chat_type: str = "text") -> list[str]:
    """Of two who have wished it and parted."""
    one, other = guests.pair(chat_type)
    wish(one)
    wish(other)
    halves = [client.expect("meet_again") for client in (one, other)]
    assert {half["chat_type"] for half in halves} == {chat_type}
    one.call("leave_session", {"session_id": one.session_id})
    return [half["token"] for half in halves]


def test_nobody_hears_of_it_unless_both_wish_it(guests: Guests) -> None:
    one, other = guests.pair()
    assert wish(one) == wish(one) == {"ok": True}
    one.send("Shall we?")
    assert other.expect("new_message")["seq"] == 2
    assert wish(other) == {"ok": True}
    halves = [client.expect("meet_again") for client in (one, other)]
    assert halves[0]["token"] != halves[1]["token"]
    expires = datetime.fromisoformat(halves[0]["expires"]) - datetime.now(UTC)
    assert timedelta(days=29, hours=23) < expires <= timedelta(days=30)


def test_a_wish_after_the_end_is_told_to_who_went_on(guests: Guests) -> None:
    one, other = guests.pair()
    former = one.session_id
    wish(one)
    one.start()
    assert other.expect("partner_disconnected")["reason"] == "left"
    wish(other)
    assert other.expect("meet_again")["session_id"] == other.session_id
    assert one.expect("meet_again")["session_id"] == former


def test_who_lost_the_link_meanwhile_finds_it_in_the_inbox(guests: Guests) -> None:
    one, other = guests.pair()
    wish(one)
    one.call("leave_session", {"session_id": one.session_id})
    one.disconnect()
    wish(other)
    back = guests.socket()
    assert back.join(one.session_id, after=1)["status"] == "ended"
    assert back.expect("meet_again")["token"]


def test_the_tokens_bring_the_two_together_and_nobody_else(guests: Guests) -> None:
    mine, theirs = tokens(guests)
    one, stranger, other = guests.socket(), guests.socket(), guests.rest()
    assert one.start(token=mine)["status"] == "waiting"
    assert stranger.start()["status"] == "waiting"
    assert other.start(token=theirs)["status"] == "matched"
    one.expect("matched")
    other.send("It is me")
    assert one.expect("new_message")["message"]["text"] == "It is me"


def test_rest_does_all_of_it(guests: Guests) -> None:
    one, other = guests.rest_pair("video")
    for client in (one, other):
        assert client.post("/meet_again", {"session_id": client.session_id}).json() == {"ok": True}
    halves = [client.receive()["events"][0] for client in (one, other)]
    assert [half["event"] for half in halves] == ["meet_again"] * 2
    other.leave()
    assert one.start("video", token=halves[0]["data"]["token"])["status"] == "waiting"
    assert other.start("video", token=halves[1]["data"]["token"])["status"] == "matched"


def test_a_token_that_is_wrong_is_refused(guests: Guests) -> None:
    mine, theirs = tokens(guests)
    forged = [mine.replace("text", "video", 1), mine.replace(".a.", ".b.", 1), mine[:-2], "x", "é"]
    forged = [token for token in forged if token not in (mine, theirs)]
    for token in forged:
        refused = guests.socket().start("text", token=token)
        assert (refused["ok"], refused["code"]) == (False, "token_invalid"), token
    refused = guests.socket().start("video", token=mine)
    assert refused["code"] == "wrong_chat_type"
    response = guests.rest().post("/start", {"token": "x"})
    assert (response.status_code, response.json()["code"]) == (400, "token_invalid")
    assert guests.socket().start(token="x" * 300)["code"] == "invalid_request"
    assert guests.server.health()["online"] == 0


def test_a_token_is_waited_with_once(guests: Guests) -> None:
    mine, theirs = tokens(guests)
    one = guests.socket()
    one.start(token=mine)
    assert guests.socket().start(token=mine)["code"] == "token_in_use"
    assert one.start(token=mine)["status"] == "waiting", "the same socket goes on"
    assert guests.socket().start(token=theirs)["status"] == "matched"


def test_a_refused_token_leaves_the_chat_as_it_is(guests: Guests) -> None:
    one, other = guests.pair()
    assert one.start(token="x")["code"] == "token_invalid"
    other.send("still here?")
    assert one.expect("new_message")["message"]["text"] == "still here?"


@pytest.mark.parametrize("late", [False, True])
def test_who_has_blocked_the_other_does_not_meet_them_again(guests: Guests, late: bool) -> None:
    one, other = guests.rest(), guests.rest()
    one.start()
    other.start()
    for client in (one, other):
        client.post("/meet_again", {"session_id": client.session_id})
    halves = [client.receive()["events"][-1]["data"]["token"] for client in (one, other)]
    if late:
        other.start(token=halves[1])
    one.post("/block", {"session_id": one.session_id})
    response = one.post("/start", {"token": halves[0]})
    assert (response.status_code, response.json()["code"]) == (403, "token_refused")
