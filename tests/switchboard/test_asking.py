"""Two meet when both are known to be there; one who is not costs the other nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rendezvous.matching import Profile
from rendezvous.switchboard import Switchboard, Terms
from rendezvous.switchboard.results import Effects

from .conftest import ASKING, Clock

PICKY = replace(ASKING, not_again=20, again_after=60, lease=10_000)
LONG_AGO = ASKING.alive_within + 1
NEXT = 1e-3


@pytest.fixture(scope="module")
def terms() -> Terms:
    return PICKY


def text(visitor: str = "") -> Profile:
    return Profile("text", visitor=visitor)


def silent(board: Switchboard, clock: Clock) -> str:
    """One who waits with the socket "silent", of whom nothing was heard for long."""
    session_id = board.start(text(), "silent").session_id
    clock.pass_by(LONG_AGO)
    board.widen()
    return session_id


def held(board: Switchboard, clock: Clock) -> tuple[str, str]:
    """The same, and one who has come since, to be introduced when the first has answered."""
    waiter = silent(board, clock)
    begun = board.start(text(), "newcomer")
    assert (begun.status, begun.effects) == ("waiting", Effects(asks=(waiter,)))
    return waiter, begun.session_id


def in_time(board: Switchboard, clock: Clock) -> Effects:
    clock.pass_by(ASKING.answer_within - NEXT)
    return board.widen()


def too_late(board: Switchboard, clock: Clock) -> Effects:
    clock.pass_by(ASKING.answer_within + NEXT)
    return board.widen()


def pairs(effects: Effects) -> list[set[str]]:
    return [set(match.sessions) for match in effects.matches]


class TestAsking:
    def test_who_was_heard_of_lately_is_introduced_at_once(
        self, board: Switchboard, clock: Clock
    ) -> None:
        board.start(text(), "one")
        clock.pass_by(ASKING.alive_within - NEXT)
        begun = board.start(text(), "other")
        assert begun.status == "matched"
        assert begun.effects.asks == ()

    def test_who_was_not_is_asked_and_introduced_when_they_answer(
        self, board: Switchboard, clock: Clock
    ) -> None:
        waiter, newcomer = held(board, clock)
        assert board.counts().waiting["text"] == 2
        assert in_time(board, clock) == Effects()
        effects = board.vouch(waiter, "silent")
        assert [match.sessions for match in effects.matches] == [(waiter, newcomer)]
        assert {each.session_id for each in effects.deliveries} == {waiter, newcomer}
        assert board.read(newcomer, 0).is_initiator
        assert board.counts().waiting["text"] == 0

    def test_two_of_whom_nothing_was_heard_have_both_to_answer(
        self, board: Switchboard, clock: Clock
    ) -> None:
        first, _ = (board.start(text(name), name).session_id for name in ("one", "other"))
        board.leave(first)
        ids = [board.start(text(name), name).session_id for name in ("one", "other")]
        clock.pass_by(PICKY.again_after)
        assert set(board.widen().asks) == set(ids)
        assert board.vouch(ids[0], "one") == Effects()
        assert pairs(board.vouch(ids[1], "other")) == [set(ids)]

    def test_neither_is_offered_to_others_meanwhile(self, board: Switchboard, clock: Clock) -> None:
        waiter, newcomer = held(board, clock)
        third, fourth = board.start(text(), "third"), board.start(text(), "fourth")
        assert third.status == "waiting"
        assert pairs(fourth.effects) == [{third.session_id, fourth.session_id}]
        assert pairs(board.vouch(waiter, "silent")) == [{waiter, newcomer}]

    def test_two_tabs_each_meet_once_however_many_are_held_for_each_other(
        self, board: Switchboard, clock: Clock
    ) -> None:
        ann, bob = text("ann"), text("bob")
        one = board.start(ann, "ann 1").session_id
        clock.pass_by(LONG_AGO)
        other = board.start(bob, "bob 1").session_id
        again = board.start(ann, "ann 2").session_id
        clock.pass_by(LONG_AGO)
        assert board.start(bob, "bob 2").effects.asks == (again,)
        board.vouch(other, "bob 1")
        assert pairs(board.vouch(one, "ann 1")) == [{one, other}]
        assert board.vouch(again, "ann 2") == Effects()
        assert board.counts().waiting["text"] == 2
        third = board.start(text("cyd"), "cyd").session_id
        assert board.read(third, 0).status == "matched"
        assert board.read(again, 0).status == "matched"

    def test_another_socket_of_theirs_answers_as_well(
        self, board: Switchboard, clock: Clock
    ) -> None:
        waiter, newcomer = held(board, clock)
        assert board.join(waiter, 0, "another").status == "matched"
        assert board.read(newcomer, 0).status == "matched"

    def test_a_former_socket_answers_for_nobody(self, board: Switchboard, clock: Clock) -> None:
        waiter = silent(board, clock)
        board.join(waiter, 0, "another")
        clock.pass_by(LONG_AGO)
        assert board.start(text(), "newcomer").effects.asks == (waiter,)
        assert board.vouch(waiter, "silent") == Effects()
        assert pairs(board.vouch(waiter, "another")) != []

    def test_an_answer_that_nobody_waits_for_does_nothing(
        self, board: Switchboard, clock: Clock
    ) -> None:
        waiter, newcomer = held(board, clock)
        assert board.vouch(newcomer, "newcomer") == Effects()
        board.vouch(waiter, "silent")
        assert board.vouch(waiter, "silent") == Effects()
        assert board.vouch("nobody", "silent") == Effects()
        board.leave(waiter)
        assert board.vouch(waiter, "silent") == Effects()

    def test_who_has_answered_is_not_asked_again_for_a_while(
        self, board: Switchboard, clock: Clock
    ) -> None:
        waiter, newcomer = held(board, clock)
        board.leave(newcomer)
        board.vouch(waiter, "silent")
        clock.pass_by(ASKING.alive_within - NEXT)
        assert pairs(board.start(text(), "third").effects) != []


class TestNoAnswer:
    def test_who_does_not_answer_is_passed_over(self, board: Switchboard, clock: Clock) -> None:
        held(board, clock)
        too_late(board, clock)
        assert board.counts().waiting["text"] == 2
        assert board.start(text(), "third").status == "matched"
        assert board.start(text(), "fourth").status == "waiting"

    def test_whoever_was_kept_for_them_is_at_once_offered_to_the_next(
        self, board: Switchboard, clock: Clock
    ) -> None:
        _, newcomer = held(board, clock)
        third = board.start(text(), "third").session_id
        assert pairs(too_late(board, clock)) == [{newcomer, third}]

    def test_whoever_was_kept_for_them_has_kept_the_place(
        self, board: Switchboard, clock: Clock
    ) -> None:
        silent(board, clock)
        first = board.start(text("two tabs"), "first").session_id
        second = board.start(text("two tabs"), "second").session_id
        too_late(board, clock)
        (match,) = board.start(text(), "fourth").effects.matches
        assert first in match.sessions
        assert second not in match.sessions

    def test_they_are_offered_again_when_they_are_heard_of(
        self, board: Switchboard, clock: Clock
    ) -> None:
        waiter, newcomer = held(board, clock)
        board.leave(newcomer)
        too_late(board, clock)
        third = board.start(text(), "third").session_id
        assert pairs(board.vouch(waiter, "silent")) == [{waiter, third}]

    def test_they_come_back_to_their_old_place(self, board: Switchboard, clock: Clock) -> None:
        waiter = board.start(text("two tabs"), "silent").session_id
        clock.pass_by(LONG_AGO)
        board.leave(board.start(text(), "newcomer").session_id)
        too_late(board, clock)
        board.start(text("two tabs"), "second")
        board.vouch(waiter, "silent")
        (match,) = board.start(text(), "fourth").effects.matches
        assert waiter in match.sessions

    def test_a_question_may_get_lost_because_it_is_asked_again(
        self, board: Switchboard, clock: Clock
    ) -> None:
        waiter, newcomer = held(board, clock)
        assert too_late(board, clock).asks == (waiter,)
        clock.pass_by(ASKING.alive_within + NEXT)
        assert board.widen().asks == (waiter,)
        board.vouch(newcomer, "newcomer")
        assert pairs(board.vouch(waiter, "silent")) == [{waiter, newcomer}]

    def test_nobody_is_asked_who_is_over(self, board: Switchboard, clock: Clock) -> None:
        waiter, newcomer = held(board, clock)
        board.leave(waiter)
        board.leave(newcomer)
        clock.pass_by(1_000)
        assert board.widen() == Effects()
        assert board.counts().online == 0


class TestLosses:
    @pytest.mark.parametrize("lose", ["drop", "leave"])
    def test_the_end_of_one_who_is_asked_frees_the_other(
        self, board: Switchboard, clock: Clock, lose: str
    ) -> None:
        waiter, newcomer = held(board, clock)
        third = board.start(text(), "third").session_id
        effects = board.leave(waiter) if lose == "leave" else board.drop(waiter, "silent")
        assert pairs(effects) == [{newcomer, third}]

    @pytest.mark.parametrize("lose", ["drop", "leave"])
    def test_the_end_of_the_other_offers_the_one_who_answers_to_the_next(
        self, board: Switchboard, clock: Clock, lose: str
    ) -> None:
        waiter, newcomer = held(board, clock)
        third = board.start(text(), "third").session_id
        if lose == "leave":
            board.leave(newcomer)
        else:
            board.drop(newcomer, "newcomer")
        assert pairs(board.vouch(waiter, "silent")) == [{waiter, third}]

    def test_one_who_drops_while_held_keeps_the_place(
        self, board: Switchboard, clock: Clock
    ) -> None:
        waiter, newcomer = held(board, clock)
        board.drop(newcomer, "newcomer")
        board.vouch(waiter, "silent")
        assert board.join(newcomer, 0, "back").status == "matched"
        assert board.read(waiter, 0).status == "matched"

    def test_the_grace_of_one_who_is_held_ends_like_any_other(
        self, board: Switchboard, clock: Clock
    ) -> None:
        waiter, newcomer = held(board, clock)
        board.drop(newcomer, "newcomer")
        board.drop(waiter, "silent")
        clock.pass_by(ASKING.reconnect_grace + 1)
        board.widen()
        assert len(board.sweep().endings) == 2


class TestWithoutASocket:
    def test_who_has_called_lately_is_introduced(self, board: Switchboard, clock: Clock) -> None:
        caller = board.start(text()).session_id
        clock.pass_by(ASKING.alive_within - 1)
        board.read(caller, 0)
        clock.pass_by(ASKING.alive_within - 1)
        board.widen()
        assert board.start(text()).status == "matched"

    def test_who_has_not_is_passed_over_until_they_call(
        self, board: Switchboard, clock: Clock
    ) -> None:
        caller = board.start(text()).session_id
        clock.pass_by(LONG_AGO)
        begun = board.start(text())
        assert (begun.status, begun.effects) == ("waiting", Effects())
        view = board.read(caller, 0)
        assert view.status == "matched"
        assert board.read(begun.session_id, 0).status == "matched"

    def test_who_calls_by_http_waits_for_an_answer_too(
        self, board: Switchboard, clock: Clock
    ) -> None:
        waiter = silent(board, clock)
        caller = board.start(text())
        assert caller.effects.asks == (waiter,)
        clock.pass_by(1)
        assert pairs(board.vouch(waiter, "silent")) == [{waiter, caller.session_id}]

    def test_who_calls_no_more_while_held_is_not_offered_again_until_they_do(
        self, board: Switchboard, clock: Clock
    ) -> None:
        silent(board, clock)
        caller = board.start(text()).session_id
        third = board.start(text(), "third").session_id
        clock.pass_by(LONG_AGO)
        assert board.widen().matches == ()
        board.vouch(third, "third")
        assert board.read(caller, 0).status == "matched"
