"""How many sessions one place and one visitor may have at a time, in every home."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rendezvous.matching import Profile
from rendezvous.refusals import Refused
from rendezvous.switchboard import Switchboard

from .conftest import TERMS, Clock

PLACE = TERMS.sessions_per_place
VISITOR = TERMS.sessions_per_visitor


def start(board: Switchboard, place: str = "", visitor: str = "", holder: str | None = None) -> str:
    return board.start(Profile("video", (), None, visitor, place), holder).session_id


def is_full(board: Switchboard, place: str = "", visitor: str = "") -> bool:
    try:
        start(board, place, visitor)
    except Refused as refused:
        return (refused.code, bool(refused.retry_after)) == ("rate_limited", True)
    return False


def test_a_place_and_a_visitor_have_so_many_and_no_more(board: Switchboard) -> None:
    for number in range(PLACE):
        start(board, "here", f"visitor {number}")
    assert is_full(board, "here", "another")
    for number in range(VISITOR):
        start(board, f"place {number}", "somebody")
    assert is_full(board, "another", "somebody")
    assert not is_full(board, "another", "somebody else")


def test_whose_place_or_visitor_is_not_known_is_not_counted(board: Switchboard) -> None:
    for _ in range(2 * PLACE):
        start(board)
    assert not is_full(board)


def test_who_is_refused_takes_no_room(board: Switchboard) -> None:
    for number in range(PLACE):
        start(board, "here", f"visitor {number}")
    before = board.counts()
    for _ in range(5):
        assert is_full(board, "here", "another")
    assert board.counts() == before
    for number in range(VISITOR):
        assert not is_full(board, f"place {number}", "another")


def leave(board: Switchboard, _clock: Clock, session_ids: list[str]) -> None:
    board.leave(session_ids[0])


def go_silent(board: Switchboard, clock: Clock, session_ids: list[str]) -> None:
    for _ in range(3):
        clock.pass_by(TERMS.lease / 2)
        for session_id in session_ids[1:]:
            board.read(session_id, 0)
    board.sweep()


@pytest.mark.parametrize("end", [leave, go_silent])
def test_the_end_of_a_session_makes_room_for_another(
    board: Switchboard, clock: Clock, end: Callable[[Switchboard, Clock, list[str]], None]
) -> None:
    board.start(Profile("text"))  # so that nobody below is the partner of anybody below
    sessions = [board.start(Profile("text", (), None, "", "here")).session_id]
    sessions += [start(board, "here", holder=None) for _ in range(PLACE - 1)]
    assert is_full(board, "here")
    end(board, clock, sessions)
    assert not is_full(board, "here")


def test_a_chat_that_ends_makes_room_for_both(board: Switchboard) -> None:
    one, other = (start(board, f"of {who}", who) for who in ("one", "other"))
    start(board, "of one", "one")
    start(board, "of other", "other")
    assert is_full(board, "of one", "one")
    assert is_full(board, "of other", "other")
    board.leave(one)
    board.leave(other)
    assert not is_full(board, "of one", "one")
    assert not is_full(board, "of other", "other")
