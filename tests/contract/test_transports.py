"""A whole chat over each way in which Socket.IO can travel."""

from __future__ import annotations

from itertools import product

import pytest

from tests.harness.guests import Guests

TRANSPORTS = {
    "polling": ["polling"],
    "websocket": ["websocket"],
    "upgrade": ["polling", "websocket"],
}
PAIRS = [pair for pair in product(TRANSPORTS, repeat=2) if pair != ("websocket", "websocket")]


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_a_whole_chat_whatever_the_two_travel_by(guests: Guests, first: str, second: str) -> None:
    one, other = guests.socket(TRANSPORTS[first]), guests.socket(TRANSPORTS[second])
    for client, name in ((one, first), (other, second)):
        assert client.transport == ("polling" if name == "polling" else "websocket")
    assert one.start("video", interests=["a"])["status"] == "waiting"
    assert other.start("video", interests=["a"])["status"] == "matched"
    for client in (one, other):
        assert client.expect("matched")["common_interests"] == ["a"]
    for number in range(5):
        one.signal({"candidate": "世界" * number})
        assert other.expect("webrtc_signal")["signal"] == {"candidate": "世界" * number}
        other.send("x" * 2_000)
        assert len(one.expect("new_message")["message"]["text"]) == 2_000
    one.call("typing", {"session_id": one.session_id, "is_typing": True})
    assert other.expect("partner_typing")["is_typing"]
    other.call("leave_session", {"session_id": other.session_id})
    assert one.expect("partner_disconnected")["reason"] == "left"


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_events_that_come_at_once_arrive_in_order(guests: Guests, transport: str) -> None:
    sender, other = guests.rest(), guests.socket(TRANSPORTS[transport])
    sender.start()
    other.start()
    other.expect("matched")
    for number in range(40):
        sender.send(str(number))
    heard = [other.expect("new_message")["message"]["text"] for _ in range(40)]
    assert heard == [str(number) for number in range(40)]


def test_pings_are_frequent_enough_to_notice_a_silent_peer_within_15_s(guests: Guests) -> None:
    opening = guests.raw().opening
    assert opening["pingInterval"] + opening["pingTimeout"] < 15_000


def test_a_peer_that_falls_silent_is_noticed_and_one_that_answers_is_not(
    hasty_guests: Guests,
) -> None:
    alive = [hasty_guests.socket(transports) for transports in TRANSPORTS.values()]
    partners = [hasty_guests.socket() for _ in TRANSPORTS]
    for transports, partner in zip(TRANSPORTS.values(), partners, strict=True):
        silent = hasty_guests.socket(transports)
        silent.start("video")
        partner.start("video")
        partner.expect("matched")
        silent.fall_silent()
    for partner in partners:
        partner.expect("partner_reconnecting")
    for client in alive:
        assert client.start("text")["ok"]


def test_a_polling_client_that_says_goodbye_can_come_back(guests: Guests) -> None:
    one, other = guests.socket(["polling"]), guests.socket()
    one.start("video")
    other.start("video")
    other.expect("matched")
    one.disconnect()
    other.expect("partner_reconnecting")
    other.send("missed")
    back = guests.socket(["polling"])
    back.join(one.session_id, after=1)
    assert back.expect("new_message")["message"]["text"] == "missed"
    other.expect("partner_reconnected")
