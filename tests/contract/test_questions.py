"""Question mode over both doors: somebody asks, two strangers discuss it, the asker watches."""

from __future__ import annotations

from typing import NamedTuple

import pytest
import requests

from tests.contract.conftest import ON_REDIS_TOO
from tests.harness.clients import TIMEOUT, SocketClient
from tests.harness.guests import Guests

pytestmark = ON_REDIS_TOO

QUESTION = 'Is "tea" 茶 better than coffee?'


class Trio(NamedTuple):
    asker: SocketClient
    one: SocketClient
    other: SocketClient


def trio(guests: Guests) -> Trio:
    """Who asks and watches, and the two; `one` is the asker's stranger 1."""
    asker, other, one = guests.socket(), guests.socket(), guests.socket()
    assert asker.start(question=QUESTION)["status"] == "waiting"
    assert other.start(discuss=True)["status"] == "waiting"
    one.start(discuss=True)
    for client in (one, other):
        assert client.expect("matched")["question"] == QUESTION
    assert asker.expect("discussion_started")["question"] == QUESTION
    return Trio(asker, one, other)


def test_the_asker_reads_what_the_two_write_and_not_who_they_are(guests: Guests) -> None:
    asker, one, other = trio(guests)
    one.send("hello")
    said = other.expect("new_message")
    assert "stranger" not in said
    overheard = asker.expect("new_message")
    assert overheard["stranger"] == 1
    assert overheard["message"] == said["message"]
    other.send("well")
    assert asker.expect("new_message")["stranger"] == 2
    one.call("typing", {"session_id": one.session_id, "is_typing": True})
    assert asker.expect("partner_typing") == {
        "session_id": asker.session_id,
        "stranger": 1,
        "is_typing": True,
    }


def test_the_asker_has_no_say(guests: Guests) -> None:
    asker, one, other = trio(guests)
    mine: dict[str, object] = {"session_id": asker.session_id}
    assert asker.send("listen to me")["code"] == "watching"
    assert asker.signal({})["code"] == "watching"
    refused: list[tuple[str, dict[str, object]]] = [
        ("typing", {"is_typing": True}),
        ("upgrade_request", {}),
        ("report", {"reason": "spam"}),
        ("block", {}),
    ]
    for event, more in refused:
        assert asker.call(event, mine | more)["code"] == "watching"
    one.send("did you hear anything?")
    assert other.expect("new_message")["message"]["text"] == "did you hear anything?"


def test_when_the_asker_leaves_the_two_go_on_unwatched(guests: Guests) -> None:
    asker, one, other = trio(guests)
    asker.call("leave_session", {"session_id": asker.session_id})
    for client in (one, other):
        client.expect("unwatched")
    one.send("alone at last")
    assert other.expect("new_message")["seq"] == 3


@pytest.mark.parametrize("number", [1, 2])
def test_when_one_of_the_two_leaves_the_asker_knows_which(guests: Guests, number: int) -> None:
    three = trio(guests)
    three[number].call("leave_session", {"session_id": three[number].session_id})
    end = three.asker.expect("partner_disconnected")
    assert (end["stranger"], end["reason"]) == (number, "left")
    three[3 - number].expect("partner_disconnected")


def test_an_asker_who_comes_back_has_missed_nothing(guests: Guests) -> None:
    asker, one, other = trio(guests)
    asker.disconnect()
    one.send("who is away?")
    other.expect("new_message")
    back = guests.socket()
    assert back.join(asker.session_id, after=1)["status"] == "matched"
    assert back.expect("new_message")["message"]["text"] == "who is away?"
    assert one.has_heard_nothing()


def test_everything_is_there_over_rest_too(guests: Guests) -> None:
    asker, other, one = guests.rest(), guests.rest(), guests.rest()
    asker.start(question=QUESTION)
    other.start(discuss=True)
    assert one.start(discuss=True)["status"] == "matched"
    one.send("hello")
    received = asker.receive()
    assert received["status"] == "matched"
    assert [event["event"] for event in received["events"]] == ["discussion_started"]
    assert [(each["stranger"], each["text"]) for each in received["messages"]] == [(1, "hello")]
    body = {"session_id": asker.session_id, "message": "me too"}
    refused = requests.post(f"{guests.server.url}/send", json=body, timeout=TIMEOUT)
    assert (refused.status_code, refused.json()["code"]) == (409, "watching")


@pytest.mark.parametrize(
    "wish",
    [
        {"question": ""},
        {"question": " \u00a0\u3000"},
        {"question": "x" * 501},
        {"question": 1},
        {"question": QUESTION, "discuss": True},
        {"chat_type": "video", "question": QUESTION},
        {"chat_type": "video", "discuss": True},
    ],
    ids=["empty", "blank", "long", "number", "both", "video", "video discussed"],
)
def test_what_is_no_question_is_refused_and_changes_nothing(
    guests: Guests, wish: dict[str, object]
) -> None:
    one, other = guests.pair()
    assert one.call("start", {"chat_type": "text", **wish})["code"] == "invalid_request"
    one.send("still here")
    assert other.expect("new_message")["message"]["text"] == "still here"


def test_a_question_of_the_greatest_length_is_discussed(guests: Guests) -> None:
    guests.rest().start(question="雪" * 500)
    guests.rest().start(discuss=True)
    assert guests.rest().start(discuss=True)["status"] == "matched"
