"""What every switchboard promises, whatever it is made of."""

from __future__ import annotations

import pytest

from rendezvous.matching import Profile
from rendezvous.switchboard import MemorySwitchboard, Switchboard
from rendezvous.switchboard.results import Effects

from .conftest import TERMS, Clock
from .sessions import TEXT, VIDEO, facts, names, pair, post, refusal


def away(board: Switchboard, socket: str) -> str:
    """Somebody who waits for a video chat, and whose socket has dropped."""
    session_id = board.start(VIDEO, socket).session_id
    board.drop(session_id, socket)
    return session_id


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
