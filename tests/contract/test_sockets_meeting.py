"""The Socket.IO door: how one comes into a chat, and back into it."""

from __future__ import annotations

import json

import pytest

from tests.contract.conftest import ON_REDIS_TOO, STUN
from tests.harness.guests import Guests
from tests.harness.raw import ACK, EVENT

pytestmark = ON_REDIS_TOO


class TestStarting:
    def test_the_first_waits_and_the_second_is_matched(self, guests: Guests) -> None:
        one, other = guests.socket(), guests.socket()
        first, second = one.start(), other.start()
        assert (first["status"], second["status"]) == ("waiting", "matched")
        assert first["ok"]
        assert first["chat_type"] == "text"
        assert first["session_id"] != second["session_id"]
        assert one.expect("matched")["session_id"] == first["session_id"]
        assert other.expect("matched")["session_id"] == second["session_id"]

    @pytest.mark.parametrize("chat_type", ["text", "video"])
    def test_exactly_one_side_is_the_initiator(self, guests: Guests, chat_type: str) -> None:
        one, other = guests.socket(), guests.socket()
        one.start(chat_type)
        other.start(chat_type)
        facts = [client.expect("matched") for client in (one, other)]
        assert sorted(fact["is_initiator"] for fact in facts) == [False, True]
        assert [fact["seq"] for fact in facts] == [1, 1]
        assert [fact["chat_type"] for fact in facts] == [chat_type, chat_type]

    def test_common_interests_are_told_however_they_are_spelt(self, guests: Guests) -> None:
        one, other = guests.socket(), guests.socket()
        one.start(interests=["Tea", " chess ", "GO", "\ufb01lm"])
        other.start(interests=["film", "CHESS", "jazz", "tea", "Tea"])
        for client in (one, other):
            assert client.expect("matched")["common_interests"] == ["chess", "films", "tea"]

    def test_the_servers_for_ice_are_told_with_the_match(self, hasty_guests: Guests) -> None:
        one, other = hasty_guests.socket(), hasty_guests.socket()
        one.start("video")
        other.start("video")
        for client in (one, other):
            servers = client.expect("matched")["ice_servers"]
            assert servers == [{"urls": [STUN]}]

    def test_text_and_video_do_not_mix(self, guests: Guests) -> None:
        assert guests.socket().start("text")["status"] == "waiting"
        assert guests.socket().start("video")["status"] == "waiting"

    def test_who_came_first_is_served_first(self, guests: Guests) -> None:
        first, second, third = guests.socket(), guests.socket(), guests.socket()
        first.start()
        assert second.start()["status"] == "matched"
        assert third.start()["status"] == "waiting"
        first.expect("matched")
        second.expect("matched")
        second.call("leave_session", {"session_id": second.session_id})
        assert second.start()["status"] == "matched"
        third.expect("matched")
        assert first.expect("partner_disconnected")["reason"] == "left"

    def test_start_in_a_chat_means_next(self, guests: Guests) -> None:
        one, other = guests.pair()
        before = one.session_id
        assert one.start()["status"] == "waiting"
        assert one.session_id != before
        assert other.expect("partner_disconnected")["reason"] == "left"
        assert other.start()["status"] == "waiting", "they have just left each other"
        assert guests.socket().start()["status"] == "matched"
        assert one.expect("matched")["session_id"] == one.session_id

    def test_start_while_waiting_matches_nobody_with_themselves(self, guests: Guests) -> None:
        one = guests.socket()
        for chat_type in ("text", "text", "video"):
            assert one.start(chat_type)["status"] == "waiting"
        health = guests.server.health()
        assert (health["online"], health["waiting"]) == (1, {"text": 0, "video": 1})


class TestJoining:
    def test_the_acknowledgement_comes_first_and_then_every_event_in_order(
        self, guests: Guests
    ) -> None:
        one, other = guests.rest_pair()
        for text in "abc":
            one.send(text)
        one.leave()
        socket = guests.raw()
        socket.say(f'{EVENT}7["join_session",{{"session_id":"{other.session_id}","after":1}}]')
        packets = [socket.hear() for _ in range(5)]
        assert packets[0].startswith(ACK + "7")
        (answer,) = json.loads(packets[0].removeprefix(ACK + "7"))
        assert answer == {
            "ok": True,
            "status": "ended",
            "chat_type": "text",
            "is_initiator": answer["is_initiator"],
            "last_seq": 5,
            "gap": False,
        }
        events = [json.loads(packet.removeprefix(EVENT)) for packet in packets[1:]]
        assert [data["seq"] for _, data in events] == [2, 3, 4, 5]
        assert [data["message"]["text"] for _, data in events[:3]] == ["a", "b", "c"]
        assert events[3][0] == "partner_disconnected"

    def test_it_tells_the_same_of_the_initiator_as_the_match_did(self, guests: Guests) -> None:
        one, other = guests.rest(), guests.rest()
        one.start("video")
        other.start("video")
        for client in (one, other):
            socket = guests.socket()
            answer = socket.join(client.session_id)
            assert answer["is_initiator"] == socket.expect("matched")["is_initiator"]
            assert (answer["status"], answer["chat_type"]) == ("matched", "video")

    def test_who_joins_while_waiting_hears_of_the_match(self, guests: Guests) -> None:
        rest, socket, other = guests.rest(), guests.socket(), guests.socket()
        rest.start()
        answer = socket.join(rest.session_id)
        assert (answer["status"], answer["last_seq"]) == ("waiting", 0)
        assert other.start()["status"] == "matched"
        socket.expect("matched")

    def test_an_older_socket_is_told_and_let_go(self, guests: Guests) -> None:
        one, other = guests.pair()
        newer = guests.socket()
        newer.join(other.session_id, after=1)
        told = other.expect("session_taken_over")
        assert told == {"session_id": other.session_id}
        assert one.send("to the newer one")["seq"] == 2
        assert newer.expect("new_message")["message"]["text"] == "to the newer one"
        assert other.has_heard_nothing()

    def test_what_an_older_socket_does_next_is_its_own_affair(self, guests: Guests) -> None:
        one, other = guests.pair()
        newer = guests.socket()
        newer.join(other.session_id, after=1)
        other.expect("session_taken_over")
        assert other.start("video")["status"] == "waiting"  # which leaves nothing
        other.disconnect()
        newer.send("still here")
        assert one.expect("new_message")["message"]["text"] == "still here"

    def test_other_sessions_of_an_older_socket_stay_with_it(self, guests: Guests) -> None:
        (one, other), both, newer = guests.rest_pair(), guests.socket(), guests.socket()
        both.join(one.session_id, after=1)
        both.join(other.session_id, after=1)
        newer.join(one.session_id, after=1)
        assert both.expect("session_taken_over") == {"session_id": one.session_id}
        newer.send("for the other one")
        assert both.expect("new_message")["session_id"] == other.session_id

    def test_joining_again_on_the_same_socket_only_repeats_what_is_asked_for(
        self, guests: Guests
    ) -> None:
        one, other = guests.pair()
        one.send("a")
        other.expect("new_message")
        assert other.join(other.session_id, after=1)["last_seq"] == 2
        assert other.expect("new_message")["seq"] == 2
        one.send("b")
        assert other.expect("new_message")["seq"] == 3

    def test_a_number_that_is_no_longer_kept_is_a_gap(self, guests: Guests) -> None:
        one, other = guests.pair()
        for _ in range(260):
            one.send("x")
            other.expect("new_message")
        answer = other.join(other.session_id, after=1)
        assert answer["gap"]
        assert answer["last_seq"] == 261
        seqs = [other.expect("new_message")["seq"] for _ in range(256)]
        assert seqs == list(range(6, 262))

    def test_a_socket_holds_16_sessions_and_no_more(self, guests: Guests) -> None:
        rests = [guests.rest() for _ in range(17)]
        for rest in rests:
            rest.start()
        socket = guests.raw()
        assert all(socket.join(rest.session_id)["ok"] for rest in rests[:16])
        assert socket.join(rests[16].session_id)["code"] == "too_many_sessions"
        assert socket.join(rests[0].session_id)["ok"]
