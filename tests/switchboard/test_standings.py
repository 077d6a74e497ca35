"""How somebody who waits stands: the place in the queue, and whom they look for by now."""

from __future__ import annotations

import math
from typing import get_args

import pytest

from rendezvous.matching import Profile
from rendezvous.protocol.fields import ChatType, Wish
from rendezvous.switchboard import Switchboard, Terms
from rendezvous.switchboard.results import Standing

from .conftest import PATIENT, Clock

A_WHILE = 0.25


@pytest.fixture(scope="module")
def terms() -> Terms:
    return PATIENT


def wait(board: Switchboard, interest: str, pinned: str = "", kind: ChatType = "text") -> str:
    """Start with an interest and a language that nobody else has."""
    wishes: tuple[Wish, ...] = get_args(Wish)
    pins = frozenset(wish for wish in wishes if wish in pinned)
    profile = Profile(kind, (interest,) if interest else (), f"x{interest or 'x'}", pinned=pins)
    begun = board.start(profile, f"socket of {interest}")
    assert begun.status == "waiting"
    return begun.session_id


def places(board: Switchboard, *ids: str) -> list[int | None]:
    return [each.position if each else None for each in board.standings(ids)]


def standing(board: Switchboard, clock: Clock, session_id: str, after: float = 0) -> Standing:
    clock.pass_by(after)
    board.widen()
    (found,) = board.standings([session_id])
    assert found is not None
    return found


def test_places_are_those_of_the_queue_of_a_chat_type(board: Switchboard, clock: Clock) -> None:
    first, second, third = (wait(board, name) for name in ("go", "tea", "jazz"))
    other = wait(board, "go", kind="video")
    assert places(board, third, other, first) == [3, 1, 1]
    board.leave(first)
    clock.pass_by(A_WHILE)
    assert places(board, first, second, third) == [None, 1, 2]


def test_who_does_not_wait_has_no_place(board: Switchboard) -> None:
    waits = wait(board, "go")
    met = board.start(Profile("text", ("go",), "xgo")).session_id
    assert board.standings([waits, met, "nobody", ""]) == [None, None, None, None]
    assert board.standings([]) == []


def test_who_comes_back_from_a_dropped_link_has_kept_the_place(
    board: Switchboard, clock: Clock
) -> None:
    first, second = wait(board, "go"), wait(board, "tea")
    board.drop(first, "socket of go")
    board.join(first, 0, "new socket")
    clock.pass_by(A_WHILE)
    assert places(board, first, second) == [1, 2]


@pytest.mark.parametrize(
    ("interest", "pinned", "levels"),
    [
        ("go", "", ["exact", "interest", "language", "anyone"]),
        ("", "", ["exact", "exact", "language", "anyone"]),
        ("go", "interests", ["exact", "interest", "interest", "interest"]),
        ("go", "language", ["exact", "exact", "language", "language"]),
        ("go", "interests language", ["exact", "exact", "exact", "exact"]),
    ],
)
def test_a_wait_widens_to_what_is_not_pinned(
    board: Switchboard, clock: Clock, interest: str, pinned: str, levels: list[str]
) -> None:
    session_id = wait(board, interest, pinned)
    steps = (0, 1, 1, 2)
    assert [standing(board, clock, session_id, step).level for step in steps] == levels
    clock.pass_by(1_000)  # as when those met before would do
    assert standing(board, clock, session_id).level == levels[-1]


def test_it_is_known_how_long_one_has_waited_and_when_one_looks_wider(
    board: Switchboard, clock: Clock
) -> None:
    session_id = wait(board, "go")
    now = standing(board, clock, session_id, 0.25)
    assert (now.chat_type, now.waited, now.wider_in) == ("text", 0.25, 0.75)
    last = standing(board, clock, session_id, 4)
    assert (last.level, last.waited, last.wider_in) == ("anyone", 4.25, math.inf)
