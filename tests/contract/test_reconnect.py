"""Dropping and coming back: nobody is lost, and nothing is lost, repeated or reordered."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.contract.conftest import ON_REDIS_TOO
from tests.harness.clients import SocketClient, wait_for
from tests.harness.guests import Guests

pytestmark = ON_REDIS_TOO

WAYS = [SocketClient.vanish, SocketClient.disconnect]
Drop = Callable[[SocketClient], None]


@pytest.mark.parametrize("drop", WAYS)
def test_who_comes_back_gets_what_was_missed_once_and_in_order(guests: Guests, drop: Drop) -> None:
    one, other = guests.pair("video")
    one.send("heard before")
    other.expect("new_message")
    drop(other)
    assert one.expect("partner_reconnecting")["seq"] == 2
    one.send("missed")
    one.signal({"missed": True})
    one.send("missed, too")
    back = guests.socket()
    answer = back.join(other.session_id, after=2)
    assert (answer["status"], answer["last_seq"], answer["gap"]) == ("matched", 5, False)
    assert one.expect("partner_reconnected")["seq"] == 3
    assert back.expect("new_message")["message"]["text"] == "missed"
    assert back.expect("webrtc_signal")["signal"] == {"missed": True}
    assert back.expect("new_message")["seq"] == 5
    one.send("and on")
    assert back.expect("new_message")["seq"] == 6
    back.send("indeed")
    assert one.expect("new_message")["message"]["text"] == "indeed"


def test_what_was_on_its_way_when_the_link_broke_comes_again(guests: Guests) -> None:
    one, other = guests.pair()
    one.send("perhaps heard")
    other.vanish()
    one.expect("partner_reconnecting")
    back = guests.socket()
    back.join(other.session_id, after=1)
    assert back.expect("new_message")["message"]["text"] == "perhaps heard"
    one.expect("partner_reconnected")


def test_a_client_that_calls_instead_is_back_as_well(guests: Guests) -> None:
    one, other = guests.pair()
    other.vanish()
    one.expect("partner_reconnecting")
    rest = guests.rest()
    rest.session_id, rest.after = other.session_id, 1
    assert rest.receive()["status"] == "matched"
    one.expect("partner_reconnected")
    rest.send("by other means")
    assert one.expect("new_message")["message"]["text"] == "by other means"


def test_a_drop_behind_a_takeover_is_noticed_by_nobody(guests: Guests) -> None:
    one, other = guests.pair()
    newer = guests.socket()
    newer.join(other.session_id, after=1)
    other.expect("session_taken_over")
    other.vanish()
    wait_for(lambda: guests.log.lines("disconnected"), "the end of the older socket")
    newer.send("here")
    assert one.expect("new_message")["seq"] == 2


def test_both_can_drop_and_come_back(guests: Guests) -> None:
    one, other = guests.pair()
    one.vanish()
    other.expect("partner_reconnecting")
    other.vanish()
    wait_for(lambda: len(guests.log.lines("disconnected")) == 2, "the end of both sockets")
    one_back, other_back = guests.socket(), guests.socket()
    one_back.join(one.session_id, after=1)
    other_back.join(other.session_id, after=2)
    assert one_back.expect("partner_reconnecting")["seq"] == 2
    assert one_back.expect("partner_reconnected")["seq"] == 3
    assert other_back.expect("partner_reconnected")["seq"] == 3
    one_back.send("again")
    assert other_back.expect("new_message")["seq"] == 4


def test_leaving_while_the_partner_is_away_is_told_on_return(guests: Guests) -> None:
    one, other = guests.pair()
    other.vanish()
    one.expect("partner_reconnecting")
    one.send("bye")
    one.call("leave_session", {"session_id": one.session_id})
    back = guests.socket()
    assert back.join(other.session_id, after=1)["status"] == "ended"
    assert back.expect("new_message")["message"]["text"] == "bye"
    assert back.expect("partner_disconnected")["reason"] == "left"


def test_who_waits_and_is_away_is_not_offered_until_back(guests: Guests) -> None:
    away, later = guests.socket(), guests.socket()
    away.start("video")
    away.vanish()
    wait_for(lambda: guests.log.lines("disconnected"), "the end of the socket")
    assert later.start("video")["status"] == "waiting"
    back = guests.socket()
    assert back.join(away.session_id)["status"] == "matched"
    assert back.expect("matched")["session_id"] == away.session_id
    assert later.expect("matched")["session_id"] == later.session_id
    back.send("Hello")
    assert later.expect("new_message")["message"]["text"] == "Hello"


def test_who_waits_and_comes_back_to_nobody_goes_on_waiting(guests: Guests) -> None:
    away, back, other = guests.socket(), guests.socket(), guests.socket()
    away.start()
    away.vanish()
    wait_for(lambda: guests.log.lines("disconnected"), "the end of the socket")
    assert back.join(away.session_id)["status"] == "waiting"
    assert other.start()["status"] == "matched"
    assert back.expect("matched")["session_id"] == away.session_id


def test_a_full_inbox_of_who_is_away_refuses_rather_than_loses(guests: Guests) -> None:
    one, other = guests.pair()
    other.vanish()
    one.expect("partner_reconnecting")
    accepted = 0
    while (answer := one.send(str(accepted)))["ok"]:
        accepted += 1
    assert answer["code"] == "inbox_full"
    back = guests.socket()
    assert not back.join(other.session_id, after=1)["gap"]
    heard = [back.expect("new_message")["message"]["text"] for _ in range(accepted)]
    assert heard == [str(number) for number in range(accepted)]
    assert one.send("there is room again")["ok"]
