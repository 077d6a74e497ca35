"""What every switchboard promises, whatever it is made of."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rendezvous.matching import Profile
from rendezvous.refusals import Refused
from rendezvous.switchboard import MemorySwitchboard, Switchboard
from rendezvous.switchboard.verbs import Effects, View

from .conftest import TERMS, Clock

TEXT = Profile("text")
VIDEO = Profile("video")


def names(effects: Effects, session_id: str) -> list[str]:
    return [each.event.name for each in effects.deliveries if each.session_id == session_id]


def facts(view: View, name: str) -> dict[str, Any]:
    """The members of the first event of that name."""
    event = next(event for event in view.events if event.name == name)
    return dict(json.loads(b"{" + event.members + b"}"))


def pair(board: Switchboard, profile: Profile = TEXT) -> tuple[str, str]:
    """Two who have sockets, named after the order in which they came."""
    return (
        board.start(profile, "socket 1").session_id,
        board.start(profile, "socket 2").session_id,
    )


def away(board: Switchboard, socket: str) -> str:
    """Somebody who waits for a video chat, and whose socket has dropped."""
    session_id = board.start(VIDEO, socket).session_id
    board.drop(session_id, socket)
    return session_id


def post(board: Switchboard, session_id: str, text: str, client_id: str | None = None) -> int:
    members = b'"text":' + json.dumps(text).encode()
    return board.post(session_id, "new_message", members, f"id of {text}", client_id).seq


def refusal(call: Any, *arguments: Any) -> str:
    with pytest.raises(Refused) as caught:
        call(*arguments)
    return caught.value.code


class TestMatching:
    def test_the_first_waits_and_the_second_is_matched_with_it(self, board: Switchboard) -> None:
        first, second = board.start(TEXT), board.start(TEXT)
        assert (first.status, second.status) == ("waiting", "matched")
        assert names(second.effects, first.session_id) == ["matched"]
        assert names(second.effects, second.session_id) == ["matched"]

    def test_the_two_of_a_pair_have_different_secrets(self, board: Switchboard) -> None:
        one, other = pair(board)
        assert one != other
        assert min(len(one), len(other)) >= 22  # 128 bits in base 64

    def test_exactly_one_side_is_the_initiator(self, board: Switchboard) -> None:
        views = [board.read(session_id, 0) for session_id in pair(board)]
        assert sorted(view.is_initiator for view in views) == [False, True]
        assert [facts(view, "matched")["is_initiator"] for view in views] == [
            view.is_initiator for view in views
        ]

    def test_text_and_video_do_not_mix(self, board: Switchboard) -> None:
        assert board.start(TEXT).status == "waiting"
        assert board.start(VIDEO).status == "waiting"

    def test_a_paired_session_is_not_given_twice(self, board: Switchboard) -> None:
        pair(board)
        assert board.start(TEXT).status == "waiting"

    def test_two_who_come_back_to_wait_are_introduced(self, board: Switchboard) -> None:
        one, other = away(board, "one"), away(board, "other")
        assert board.join(one, 0, "one again").status == "waiting"
        view = board.join(other, 0, "other again")
        assert view.status == "matched"
        assert [event.name for event in view.events] == ["matched"]
        assert names(view.effects, one) == ["matched"]
        assert names(view.effects, other) == []  # it is in the view already

    def test_a_session_that_left_while_waiting_is_never_given(self, board: Switchboard) -> None:
        board.leave(board.start(TEXT).session_id)
        assert board.start(TEXT).status == "waiting"

    def test_a_session_that_died_while_waiting_is_never_given(
        self, board: Switchboard, clock: Clock
    ) -> None:
        board.start(TEXT)
        clock.pass_by(TERMS.lease + 1)
        board.sweep()
        assert board.start(TEXT).status == "waiting"

    def test_a_session_whose_socket_is_away_is_not_offered_until_it_is_back(
        self, board: Switchboard
    ) -> None:
        away = board.start(TEXT, "socket").session_id
        board.drop(away, "socket")
        other = board.start(TEXT, "other")
        assert other.status == "waiting"
        view = board.join(away, 0, "new socket")
        assert names(view.effects, other.session_id) == ["matched"]

    def test_shared_interests_are_told_to_both(self, board: Switchboard) -> None:
        one = board.start(Profile("text", ("chess", "go", "tea"))).session_id
        other = board.start(Profile("text", ("tea", "chess", "jazz"))).session_id
        for session_id in (one, other):
            told = facts(board.read(session_id, 0), "matched")["common_interests"]
            assert told == ["chess", "tea"]

    def test_a_match_tells_how_long_the_first_has_waited(
        self, board: Switchboard, clock: Clock
    ) -> None:
        board.start(TEXT)
        clock.pass_by(7)
        (match,) = board.start(TEXT).effects.matches
        assert match.waited == pytest.approx(7, abs=0.01)


class TestInbox:
    def test_numbers_begin_at_one_and_have_no_holes(self, board: Switchboard) -> None:
        one, other = pair(board)
        for text in "abc":
            post(board, one, text)
        view = board.read(other, 0)
        assert [event.seq for event in view.events] == [1, 2, 3, 4]
        assert view.last_seq == 4
        assert not view.gap

    def test_what_the_client_has_is_not_sent_again(self, board: Switchboard) -> None:
        one, other = pair(board)
        post(board, one, "a")
        last = board.read(other, 0).last_seq
        post(board, one, "b")
        assert [event.seq for event in board.read(other, last).events] == [last + 1]

    def test_the_sender_learns_the_number_in_the_partners_inbox(self, board: Switchboard) -> None:
        one, other = pair(board)
        assert post(board, one, "a") == board.read(other, 0).last_seq

    def test_the_same_client_id_again_delivers_nothing(self, board: Switchboard) -> None:
        one, other = pair(board)
        first = board.post(one, "new_message", b'"text":"a"', "first id", "c1")
        again = board.post(one, "new_message", b'"text":"a"', "second id", "c1")
        assert (again.message_id, again.seq) == (first.message_id, first.seq)
        assert not again.effects.deliveries
        assert board.read(other, 0).last_seq == first.seq

    def test_the_same_client_id_gets_its_answer_even_after_the_end(
        self, board: Switchboard
    ) -> None:
        one, other = pair(board)
        seq = post(board, one, "a", "c1")
        board.leave(other)
        assert post(board, one, "a", "c1") == seq

    def test_a_client_id_belongs_to_its_sender(self, board: Switchboard) -> None:
        one, other = pair(board)
        post(board, one, "a", "c1")
        post(board, other, "b", "c1")
        assert board.read(one, 0).last_seq == 2

    def test_a_full_inbox_of_somebody_away_refuses_rather_than_loses(
        self, board: Switchboard
    ) -> None:
        one, other = pair(board)
        board.drop(other, "socket 2")
        accepted = 0
        for text in map(str, range(TERMS.inbox_events + 5)):
            try:
                post(board, one, text)
            except Refused as refused:
                assert refused.code == "inbox_full"  # noqa: PT017 - the others must pass
                break
            accepted += 1
        assert 0 < accepted <= TERMS.inbox_events
        view = board.join(other, 0, "socket 3")
        assert [event.name for event in view.events].count("new_message") == accepted
        assert not view.gap

    def test_an_inbox_is_bounded_in_bytes_too(self, board: Switchboard) -> None:
        one, other = pair(board)
        board.drop(other, "socket 2")
        post(board, one, "x" * (TERMS.inbox_bytes - 500))
        assert refusal(post, board, one, "y" * 600) == "inbox_full"

    def test_a_full_inbox_makes_room_again_when_the_client_has_read(
        self, board: Switchboard
    ) -> None:
        one = board.start(TEXT).session_id
        other = board.start(TEXT).session_id
        for _ in range(3):
            while True:
                try:
                    post(board, one, "x")
                except Refused:
                    break
            last = board.read(other, 0).last_seq
            assert board.read(other, last).events == []
        assert last > 2 * TERMS.inbox_events - 2

    def test_who_has_a_socket_is_sent_more_than_is_kept_and_told_of_the_gap_if_behind(
        self, board: Switchboard
    ) -> None:
        one, other = pair(board)
        for text in map(str, range(3 * TERMS.inbox_events)):
            post(board, one, text)
        assert board.join(other, 0, "socket 3").gap
        last = board.read(other, 0).last_seq
        assert not board.join(other, last - 1, "socket 4").gap

    def test_a_number_from_the_future_is_a_gap_and_loses_nothing(self, board: Switchboard) -> None:
        _, other = pair(board)
        assert board.read(other, 99).gap
        assert [event.name for event in board.read(other, 0).events] == ["matched"]


class TestReconnecting:
    def test_the_partner_sees_who_drops_and_who_returns(self, board: Switchboard) -> None:
        one, other = pair(board)
        assert names(board.drop(one, "socket 1"), other) == ["partner_reconnecting"]
        assert names(board.join(one, 1, "socket 3").effects, other) == ["partner_reconnected"]

    def test_what_was_missed_waits_in_order(self, board: Switchboard) -> None:
        one, other = pair(board)
        board.drop(other, "socket 2")
        for text in "abc":
            post(board, one, text)
        view = board.join(other, 1, "socket 3")
        texts = [json.loads(b"{" + event.members + b"}")["text"] for event in view.events]
        assert texts == ["a", "b", "c"]

    def test_who_does_not_return_ends_the_chat_for_the_partner(
        self, board: Switchboard, clock: Clock
    ) -> None:
        one, other = pair(board)
        board.drop(one, "socket 1")
        clock.pass_by(TERMS.reconnect_grace - 1)
        assert not board.sweep().deliveries
        clock.pass_by(2)
        assert names(board.sweep(), other) == ["partner_disconnected"]
        assert facts(board.read(other, 0), "partner_disconnected") == {"reason": "timeout"}
        assert board.read(one, 0).status == "ended"

    def test_an_old_socket_that_closes_late_takes_nothing_with_it(
        self, board: Switchboard, clock: Clock
    ) -> None:
        one, _ = pair(board)
        board.join(one, 0, "socket 3")
        assert not board.drop(one, "socket 1").deliveries
        clock.pass_by(TERMS.reconnect_grace + 1)
        board.sweep()
        assert board.read(one, 0).status == "matched"

    def test_a_client_that_calls_instead_is_back_as_well(
        self, board: Switchboard, clock: Clock
    ) -> None:
        one, other = pair(board)
        board.drop(one, "socket 1")
        assert names(board.read(one, 0).effects, other) == ["partner_reconnected"]
        clock.pass_by(TERMS.reconnect_grace + 1)
        board.sweep()
        assert board.read(one, 0).status == "matched"

    def test_a_session_without_a_socket_lives_as_long_as_its_client_calls(
        self, board: Switchboard, clock: Clock
    ) -> None:
        one, other = board.start(TEXT).session_id, board.start(TEXT, "socket").session_id
        for _ in range(5):
            clock.pass_by(TERMS.lease - 1)
            board.sweep()
            post(board, one, "still here")
        clock.pass_by(TERMS.lease + 1)
        assert names(board.sweep(), other) == ["partner_disconnected"]


class TestEnding:
    def test_leaving_tells_the_partner_and_ends_both(self, board: Switchboard) -> None:
        one, other = pair(board)
        effects = board.leave(one)
        assert names(effects, other) == ["partner_disconnected"]
        assert facts(board.read(other, 0), "partner_disconnected") == {"reason": "left"}
        assert {board.read(each, 0).status for each in (one, other)} == {"ended"}

    def test_leaving_twice_does_nothing_the_second_time(self, board: Switchboard) -> None:
        one, _ = pair(board)
        board.leave(one)
        assert board.leave(one) == Effects()

    def test_an_end_tells_how_long_and_how_many_messages(
        self, board: Switchboard, clock: Clock
    ) -> None:
        one, other = pair(board, VIDEO)
        post(board, one, "a")
        post(board, other, "b")
        board.post(one, "webrtc_signal", b'"signal":{}')
        clock.pass_by(5)
        (ending,) = board.leave(one).endings
        assert (ending.messages, ending.reason) == (2, "left")
        assert ending.seconds == pytest.approx(5, abs=0.01)

    def test_nothing_can_be_sent_before_a_match_or_after_the_end(self, board: Switchboard) -> None:
        waiting = board.start(VIDEO).session_id
        assert refusal(post, board, waiting, "a") == "not_matched"
        assert refusal(board.whisper, waiting, "partner_typing", b"") == "not_matched"
        one, other = pair(board)
        board.leave(one)
        for session_id in (one, other):
            assert refusal(post, board, session_id, "a") == "session_ended"
            assert refusal(board.whisper, session_id, "partner_typing", b"") == "session_ended"

    def test_an_idle_text_chat_ends_for_both(self, board: Switchboard, clock: Clock) -> None:
        one, other = pair(board)
        clock.pass_by(TERMS.idle_timeout - 1)
        post(board, one, "not idle yet")
        clock.pass_by(TERMS.idle_timeout - 1)
        assert not board.sweep().deliveries
        clock.pass_by(2)
        effects = board.sweep()
        for session_id in (one, other):
            assert names(effects, session_id) == ["session_ended"]
            assert facts(board.read(session_id, 0), "session_ended") == {"reason": "inactivity"}

    def test_a_video_chat_is_never_idle(self, board: Switchboard, clock: Clock) -> None:
        one = board.start(VIDEO, "socket 1").session_id
        board.start(VIDEO, "socket 2")
        clock.pass_by(10 * TERMS.idle_timeout)
        assert not board.sweep().deliveries
        assert board.read(one, 0).status == "matched"

    def test_an_ended_session_answers_for_a_while_and_is_then_forgotten(
        self, board: Switchboard, clock: Clock
    ) -> None:
        one, other = pair(board)
        post(board, other, "last words")
        board.leave(other)
        clock.pass_by(TERMS.ended_retention - 1)
        board.sweep()
        assert [event.name for event in board.read(one, 0).events] == [
            "matched",
            "new_message",
            "partner_disconnected",
        ]
        clock.pass_by(2)
        board.sweep()
        assert refusal(board.read, one, 0) == "session_not_found"

    def test_joining_a_chat_that_ended_meanwhile_tells_what_happened(
        self, board: Switchboard
    ) -> None:
        one, other = pair(board)
        board.drop(one, "socket 1")
        post(board, other, "bye")
        board.leave(other)
        view = board.join(one, 1, "socket 3")
        assert view.status == "ended"
        assert [event.name for event in view.events] == ["new_message", "partner_disconnected"]

    def test_closing_ends_with_a_word_what_nobody_else_can_go_on_with(self) -> None:
        board = MemorySwitchboard(TERMS)
        one, other = pair(board)
        waiting = board.start(TEXT).session_id
        effects = board.close()
        for session_id in (one, other, waiting):
            assert names(effects, session_id) == ["session_ended"]
            assert facts(board.read(session_id, 0), "session_ended") == {"reason": "shutdown"}
        assert board.counts().online == 0

    def test_unknown_sessions_are_refused_by_every_verb(self, board: Switchboard) -> None:
        assert refusal(board.join, "nobody", 0, "socket") == "session_not_found"
        assert refusal(board.leave, "nobody") == "session_not_found"
        assert refusal(post, board, "nobody", "a") == "session_not_found"
        assert refusal(board.whisper, "nobody", "partner_typing", b"") == "session_not_found"
        assert refusal(board.read, "nobody", 0) == "session_not_found"
        assert board.drop("nobody", "socket") == Effects()


def test_counts_tell_who_waits_and_who_chats(board: Switchboard) -> None:
    pair(board)
    board.start(TEXT)
    board.start(VIDEO)
    counts = board.counts()
    assert counts.waiting == {"text": 1, "video": 1}
    assert counts.chats == {"text": 1, "video": 0}
    assert counts.online == 4
