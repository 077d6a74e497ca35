"""What every switchboard promises to two who would meet again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rendezvous.matching import Appointment, Profile
from rendezvous.refusals import Refused
from rendezvous.switchboard import Switchboard, Terms
from rendezvous.switchboard.results import Acquaintance, Effects

from .conftest import TERMS, Clock
from .sessions import TEXT, VIDEO, facts, names, pair, refusal

CAREFUL = replace(TERMS, not_again=20, sessions_per_visitor=0)
ONE, OTHER = b'"token":"one"', b'"token":"other"'
A, B = Appointment("meeting", "a"), Appointment("meeting", "b")


@pytest.fixture(scope="module")
def terms() -> Terms:
    """By which nobody meets the same one soon again."""
    return CAREFUL


def keeping(appointment: Appointment | None, visitor: str = "", *blocked: str) -> Profile:
    return Profile("text", visitor=visitor, appointment=appointment, blocked=frozenset(blocked))


class TestWishing:
    def test_one_wish_is_told_to_nobody(self, board: Switchboard) -> None:
        one, other = pair(board)
        before = [board.read(each, 0).last_seq for each in (one, other)]
        assert board.meet_again(one, ONE, OTHER) == Effects()
        assert board.meet_again(one, ONE, OTHER) == Effects()
        assert [board.read(each, 0).last_seq for each in (one, other)] == before

    def test_both_are_told_once_both_wish_it(self, board: Switchboard) -> None:
        one, other = pair(board)
        board.meet_again(one, b"", b"")
        effects = board.meet_again(other, OTHER, ONE)
        assert names(effects, one) == names(effects, other) == ["meet_again"]
        assert facts(board.read(one, 0), "meet_again") == {"token": "one"}
        assert facts(board.read(other, 0), "meet_again") == {"token": "other"}
        assert board.meet_again(one, ONE, OTHER) == Effects()

    @pytest.mark.parametrize("first_in_time", [True, False])
    def test_it_is_not_too_late_after_the_end(
        self, board: Switchboard, clock: Clock, first_in_time: bool
    ) -> None:
        one, other = pair(board)
        if first_in_time:
            board.meet_again(one, b"", b"")
        board.leave(other)
        clock.pass_by(TERMS.ended_retention - 1)
        if not first_in_time:
            assert board.meet_again(one, b"", b"") == Effects()
        effects = board.meet_again(other, OTHER, ONE)
        assert names(effects, one) == names(effects, other) == ["meet_again"]
        view = board.join(one, 0, "socket 3")
        assert view.status == "ended"
        assert facts(view, "meet_again") == {"token": "one"}

    def test_what_is_forgotten_is_forgotten(self, board: Switchboard, clock: Clock) -> None:
        one, other = pair(board)
        board.meet_again(one, ONE, OTHER)
        board.leave(one)
        clock.pass_by(TERMS.ended_retention + 1)
        board.sweep()
        assert refusal(board.meet_again, other, OTHER, ONE) == "session_not_found"
        assert refusal(board.acquaintance, other) == "session_not_found"

    def test_who_has_met_nobody_has_nobody_to_meet_again(self, board: Switchboard) -> None:
        alone = board.start(TEXT).session_id
        assert refusal(board.meet_again, alone, ONE, OTHER) == "not_matched"
        board.leave(alone)
        assert refusal(board.meet_again, alone, ONE, OTHER) == "not_matched"
        assert refusal(board.acquaintance, alone) == "not_matched"

    def test_it_is_known_who_they_were_and_what_chat_it_was(self, board: Switchboard) -> None:
        one = board.start(Profile("text", visitor="ann")).session_id
        other = board.start(Profile("text", visitor="bob")).session_id
        assert board.acquaintance(one) == Acquaintance("text", "ann", "bob")
        board.request_upgrade(one)
        board.answer_upgrade(other, accept=True)
        board.leave(one)
        assert board.acquaintance(other) == Acquaintance("video", "bob", "ann")


class TestMeeting:
    def test_the_two_meet_though_they_have_just_met(self, board: Switchboard) -> None:
        for appointments in ((None, None), (A, B)):
            assert board.start(keeping(appointments[0], "ann"), "socket 1").status == "waiting"
            begun = board.start(keeping(appointments[1], "bob"), "socket 2")
            assert begun.status == "matched"
            board.leave(begun.session_id)
        board.start(keeping(None, "ann"))
        assert board.start(keeping(None, "bob")).status == "waiting"

    def test_nobody_else_is_offered(self, board: Switchboard, clock: Clock) -> None:
        first = board.start(TEXT, "socket 1").session_id
        kept = board.start(keeping(A), "socket 2")
        assert kept.status == "waiting"
        assert board.start(keeping(Appointment("another", "b")), "socket 3").status == "waiting"
        clock.pass_by(1_000)
        assert board.widen().matches == ()
        assert board.start(TEXT, "socket 4").effects.matches[0].sessions[0] == first
        begun = board.start(keeping(B), "socket 5")
        assert begun.effects.matches[0].sessions == (kept.session_id, begun.session_id)

    def test_the_same_half_does_not_wait_twice(self, board: Switchboard) -> None:
        first = board.start(keeping(A), "socket 1").session_id
        with pytest.raises(Refused) as caught:
            board.start(keeping(A), "socket 2")
        assert (caught.value.code, caught.value.retry_after) == ("token_in_use", 5)
        board.drop(first, "socket 1")
        assert refusal(board.start, keeping(A)) == "token_in_use"
        assert board.counts().online == 1
        board.leave(first)
        assert board.start(keeping(A)).status == "waiting"

    def test_who_has_gone_for_good_makes_room(self, board: Switchboard, clock: Clock) -> None:
        board.drop(board.start(keeping(A), "socket 1").session_id, "socket 1")
        clock.pass_by(TERMS.reconnect_grace + 1)
        board.sweep()
        assert board.start(keeping(A)).status == "waiting"
        assert board.start(keeping(B)).status == "matched"

    def test_a_block_keeps_them_apart_and_so_does_being_one(self, board: Switchboard) -> None:
        board.start(keeping(A, "ann"), "socket 1")
        blocked = keeping(B, "bob", "ann")
        bob = board.start(blocked, "socket 2")
        assert bob.status == "waiting"
        board.leave(bob.session_id)
        assert board.start(keeping(B, "ann"), "socket 3").status == "waiting"

    def test_text_and_video_do_not_mix(self, board: Switchboard) -> None:
        board.start(keeping(A))
        assert board.start(replace(VIDEO, appointment=A)).status == "waiting"
        assert board.start(replace(VIDEO, appointment=B)).status == "matched"
