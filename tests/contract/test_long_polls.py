"""`/receive` with `wait`: held until something arrives."""

from __future__ import annotations

import pytest

from tests.contract.conftest import ON_REDIS_TOO, Meanwhile
from tests.harness.clients import TIMEOUT
from tests.harness.guests import Guests

pytestmark = ON_REDIS_TOO

HELD = 0.3  # s; a call that has not answered by then is being held


def test_messages_arrive_in_the_order_in_which_they_were_sent(
    guests: Guests, meanwhile: Meanwhile
) -> None:
    one, other = guests.rest_pair()
    texts = [str(number) for number in range(30)]
    sending = meanwhile(lambda: [one.send(text) for text in texts])
    heard: list[dict[str, object]] = []
    while len(heard) < len(texts):
        heard += other.receive(wait=25)["messages"]
    sending.result(TIMEOUT)
    assert [message["text"] for message in heard] == texts
    assert [message["seq"] for message in heard] == list(range(2, 32))


def test_a_long_poll_is_held_until_something_arrives(guests: Guests, meanwhile: Meanwhile) -> None:
    one, other = guests.rest_pair()
    poll = meanwhile(other.receive, 25)
    with pytest.raises(TimeoutError):
        poll.result(HELD)
    one.send("At last")
    assert [message["text"] for message in poll.result(TIMEOUT)["messages"]] == ["At last"]


def test_a_long_poll_of_who_waits_returns_with_the_match(
    guests: Guests, meanwhile: Meanwhile
) -> None:
    one, other = guests.rest(), guests.rest()
    one.start()
    poll = meanwhile(one.receive, 25)
    with pytest.raises(TimeoutError):
        poll.result(HELD)
    other.start()
    received = poll.result(TIMEOUT)
    assert received["status"] == "matched"
    assert [event["event"] for event in received["events"]] == ["matched"]


def test_a_long_poll_returns_with_the_end_of_the_chat(guests: Guests, meanwhile: Meanwhile) -> None:
    one, other = guests.rest_pair()
    poll = meanwhile(other.receive, 25)
    with pytest.raises(TimeoutError):
        poll.result(HELD)
    one.leave()
    assert poll.result(TIMEOUT)["disconnected"]


def test_a_long_poll_is_not_ended_by_typing(guests: Guests, meanwhile: Meanwhile) -> None:
    one, other = guests.socket(), guests.rest()
    one.start()
    other.start()
    other.receive()
    poll = meanwhile(other.receive, 25)
    assert one.call("typing", {"session_id": one.session_id, "is_typing": True})["ok"]
    with pytest.raises(TimeoutError):
        poll.result(HELD)
    one.send("done")
    assert poll.result(TIMEOUT)["messages"][0]["seq"] == 2


def test_a_long_poll_ends_without_anything_when_its_time_is_up(guests: Guests) -> None:
    _, other = guests.rest_pair()
    received = other.receive(wait=0.1)
    assert (received["messages"], received["events"]) == ([], [])
    assert received["status"] == "matched"


def test_a_newer_long_poll_ends_an_older_one(guests: Guests, meanwhile: Meanwhile) -> None:
    one, other = guests.rest_pair()
    again = guests.rest()
    again.session_id, again.after = other.session_id, other.after
    older = meanwhile(other.receive, 25)
    with pytest.raises(TimeoutError):
        older.result(HELD)
    newer = meanwhile(again.receive, 25)
    assert older.result(TIMEOUT)["messages"] == []
    one.send("for the newer one")
    assert newer.result(TIMEOUT)["messages"][0]["text"] == "for the newer one"
