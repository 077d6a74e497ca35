"""The Socket.IO door: what is said in a chat, and how it reaches the partner."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.contract.conftest import ON_REDIS_TOO
from tests.harness.guests import Guests
from tests.harness.raw import EVENT

pytestmark = ON_REDIS_TOO

LIMIT = 32_768  # bytes of a signal


class TestTalking:
    def test_the_same_client_id_gets_the_same_answer_and_is_delivered_once(
        self, guests: Guests
    ) -> None:
        one, other = guests.pair()
        first = one.send("a", client_id="1")
        assert one.send("a", client_id="1") == first
        assert one.send("a", client_id="2")["message_id"] != first["message_id"]
        assert [other.expect("new_message")["seq"] for _ in range(2)] == [2, 3]
        assert one.call("leave_session", {"session_id": one.session_id})["ok"]
        other.expect("partner_disconnected")
        assert one.send("a", client_id="1") == first

    def test_messages_arrive_in_the_order_in_which_they_were_sent(self, guests: Guests) -> None:
        socket, other = guests.raw(), guests.socket()
        socket.start()
        other.start()
        other.expect("matched")
        for number in range(200):
            data = {"session_id": socket.session_id, "message": str(number)}
            socket.say(EVENT + json.dumps(["send_message", data]))
        heard = [other.expect("new_message") for _ in range(200)]
        assert [event["message"]["text"] for event in heard] == [str(n) for n in range(200)]
        assert [event["seq"] for event in heard] == list(range(2, 202))

    def test_typing_is_told_at_once_and_kept_nowhere(self, guests: Guests) -> None:
        one, other = guests.pair()
        for is_typing in (True, False):
            data = {"session_id": one.session_id, "is_typing": is_typing}
            assert one.call("typing", data) == {"ok": True}
            told = other.expect("partner_typing")
            assert told == {"session_id": other.session_id, "is_typing": is_typing}
        assert other.join(other.session_id, after=0)["last_seq"] == 1
        other.expect("matched")
        assert other.has_heard_nothing()

    def test_an_event_without_a_callback_is_done_all_the_same(self, guests: Guests) -> None:
        socket, other = guests.raw(), guests.socket()
        socket.start()
        other.start()
        other.expect("matched")
        data = {"session_id": socket.session_id, "is_typing": True}
        socket.say(EVENT + json.dumps(["typing", data]))
        assert other.expect("partner_typing")["is_typing"]

    def test_leaving_tells_the_partner_and_twice_is_no_mistake(self, guests: Guests) -> None:
        one, other = guests.pair()
        data = {"session_id": one.session_id}
        assert one.call("leave_session", data) == {"ok": True}
        assert one.call("leave_session", data) == {"ok": True}
        gone = other.expect("partner_disconnected")
        assert (gone["reason"], gone["seq"]) == ("left", 2)
        assert other.send("too late")["code"] == "session_ended"
        assert other.has_heard_nothing()
        assert one.has_heard_nothing()

    def test_before_the_match_there_is_nobody_to_talk_to(self, guests: Guests) -> None:
        one = guests.socket()
        one.start("video")
        assert one.send("x")["code"] == "not_matched"
        assert one.signal({})["code"] == "not_matched"
        typing = {"session_id": one.session_id, "is_typing": True}
        assert one.call("typing", typing)["code"] == "not_matched"

    @pytest.mark.parametrize(
        ("event", "fields"),
        [
            ("join_session", {}),
            ("leave_session", {}),
            ("send_message", {"message": "x"}),
            ("typing", {"is_typing": True}),
            ("webrtc_signal", {"signal": {}}),
        ],
    )
    def test_an_unknown_session_is_refused(
        self, guests: Guests, event: str, fields: dict[str, Any]
    ) -> None:
        answer = guests.socket().call(event, {"session_id": "nobody", **fields})
        assert not answer["ok"]
        assert answer["code"] == "session_not_found"


class TestSignaling:
    @pytest.mark.parametrize(
        "signal",
        [
            "{}",
            '{"type":"offer","sdp":"v=0\\r\\no=- 1 2 IN IP4 127.0.0.1\\r\\n"}',
            '{ "candidate" : null ,\t"unknown":[1, 1.0, 1e2, -0, -0.0, true, {"":""}] }',
            '{"big":123456789012345678901234567890,"small":1e-300,"long":0.1000000000000000055}',
            '{"unicode":"世界 😀","escaped":"\\u4e16\\ud83d\\ude00\\/\\u2028"}',
            '{"session_id":"mine","seq":1,"same":1,"same":2}',
            '{"deep":' + "[" * 31 + "]" * 31 + "}",
        ],
    )
    def test_a_signal_is_relayed_letter_by_letter(self, guests: Guests, signal: str) -> None:
        one, other = guests.raw(), guests.raw()
        one.start("video")
        other.start("video")
        array = f'["webrtc_signal",{{"session_id":"{one.session_id}","signal":{signal}}}]'
        assert one.ask_as_it_is(array) == {"ok": True}
        other.hear_until(f'{EVENT}["matched"')
        packet = other.hear()
        session = f'"session_id":"{other.session_id}"'
        assert packet == f'{EVENT}["webrtc_signal",{{{session},"seq":2,"signal":{signal}}}]'

    def test_32_kb_pass_and_more_do_not(self, guests: Guests) -> None:
        one, other = guests.raw(), guests.socket()
        one.start("video")
        other.start("video")
        other.expect("matched")
        for size, code in ((LIMIT + 1, "too_large"), (LIMIT, None)):
            signal = '{"sdp":"' + "x" * (size - 10) + '"}'
            array = f'["webrtc_signal",{{"session_id":"{one.session_id}","signal":{signal}}}]'
            assert one.ask_as_it_is(array).get("code") == code
        relayed = other.expect("webrtc_signal")
        assert relayed["seq"] == 2
        assert len(relayed["signal"]["sdp"]) == LIMIT - 10

    @pytest.mark.parametrize("signal", [None, [], "offer", 1, True])
    def test_a_signal_that_is_no_object_is_refused(self, guests: Guests, signal: object) -> None:
        one, other = guests.pair("video")
        assert one.signal(signal)["code"] == "invalid_request"
        assert one.signal({"first": True})["ok"]
        assert other.expect("webrtc_signal")["signal"] == {"first": True}

    @pytest.mark.parametrize("chat_type", ["text", "video"])
    def test_signals_and_messages_share_one_order(self, guests: Guests, chat_type: str) -> None:
        one, other = guests.pair(chat_type)
        one.signal({"type": "offer"})
        one.send("Can you see me?")
        one.signal({"candidate": ""})
        assert other.expect("webrtc_signal")["seq"] == 2
        assert other.expect("new_message")["seq"] == 3
        assert other.expect("webrtc_signal")["seq"] == 4


def test_nothing_that_one_hears_is_a_secret_of_the_other(guests: Guests) -> None:
    one, other = guests.raw(), guests.raw()
    one.start("video")
    other.start("video")
    one.ask("send_message", {"session_id": one.session_id, "message": "Hi", "client_id": "mine"})
    one.ask("typing", {"session_id": one.session_id, "is_typing": True})
    one.ask("webrtc_signal", {"session_id": one.session_id, "signal": {}})
    one.disconnect()
    other.hear_until(f'{EVENT}["partner_reconnecting"')
    again = guests.raw()
    again.join(one.session_id)
    again.ask("leave_session", {"session_id": one.session_id})
    other.hear_until(f'{EVENT}["partner_disconnected"')
    heard = "".join(other.heard)
    assert heard.count(EVENT + "[") == 5
    for secret in (one.session_id, *one.sids, *again.sids, "mine"):
        assert secret not in heard
