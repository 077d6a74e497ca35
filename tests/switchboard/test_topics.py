"""What people wait with: as many as there are, whatever they do, and in however many tabs."""

from __future__ import annotations

import dataclasses

import pytest

from rendezvous.matching import Profile, Widening
from rendezvous.protocol.fields import ChatType
from rendezvous.switchboard import Switchboard, Terms

from .conftest import HOMES, TERMS, Clock, fresh_redis, redis_server, shut

PATIENT = Widening(arrivals=1, soonest=60, latest=60)
COUNTED = dataclasses.replace(
    TERMS, widening=PATIENT, topics=True, not_again=20, sessions_per_visitor=9
)


@pytest.fixture(scope="module")
def terms() -> Terms:
    return COUNTED


def wait(board: Switchboard, visitor: str, *interests: str, kind: ChatType = "text") -> str:
    """Start; a language of their own keeps people from meeting."""
    language = f"x{visitor}" if visitor else None
    pins = frozenset({"language"}) if visitor else frozenset()
    profile = Profile(kind, interests, language, visitor, pinned=pins)  # type: ignore[arg-type]
    begun = board.start(profile, f"socket of {visitor}")
    return begun.session_id


def topics(board: Switchboard, least: int = 1, most: int = 10) -> list[tuple[str, int]]:
    return sorted(board.topics("text", least, most))


def test_each_topic_has_as_many_as_wait_with_it(board: Switchboard) -> None:
    wait(board, "a", "go", "tea")
    wait(board, "b", "go")
    wait(board, "c", "jazz", kind="video")
    assert topics(board) == [("go", 2), ("tea", 1)]
    assert board.topics("video", 1, 10) == [("jazz", 1)]


def test_who_leaves_meets_or_never_comes_back_counts_no_more(
    board: Switchboard, clock: Clock
) -> None:
    left, _, _ = (wait(board, who, "go") for who in ("a", "b", "c"))
    board.leave(left)
    assert topics(board) == [("go", 2)]
    board.drop(wait(board, "d", "tea"), "socket of d")
    clock.pass_by(COUNTED.reconnect_grace + 1)
    board.sweep()
    assert topics(board) == [("go", 2)]
    first = wait(board, "", "jazz")
    assert topics(board) == [("go", 2), ("jazz", 1)]
    assert wait(board, "", "jazz") != first
    assert topics(board) == [("go", 2)], "the two have met"


def test_one_person_in_several_tabs_is_one(board: Switchboard) -> None:
    tabs = [wait(board, "a", "go") for _ in range(3)]
    assert topics(board) == [("go", 1)]
    for tab in tabs[:2]:
        board.leave(tab)
    assert topics(board) == [("go", 1)]
    board.leave(tabs[2])
    assert topics(board) == []


def test_only_what_enough_wait_with_is_told_and_not_too_much(board: Switchboard) -> None:
    for number in range(3):
        wait(board, f"a{number}", "go", "tea", *["jazz"][number:])
    assert topics(board, least=2) == [("go", 3), ("tea", 3)]
    assert topics(board, least=4) == []
    assert len(topics(board, most=2)) == 2


def test_any_text_can_be_a_topic(board: Switchboard) -> None:
    odd = ['a"b', "ä", "a b", "*", "{x}", "\u202eabc", "\\"]
    wait(board, "a", *odd)
    assert topics(board) == sorted((each, 1) for each in odd)


def test_nothing_is_counted_where_it_is_not_wanted(clock: Clock) -> None:
    terms = dataclasses.replace(COUNTED, topics=False)
    for home in HOMES.values():
        board = home(clock, terms)
        wait(board, "a", "go")
        assert topics(board) == []
        shut(board)


def test_nothing_is_left_in_redis(clock: Clock) -> None:
    board = fresh_redis(clock, COUNTED)
    for tab in [wait(board, who, "go", "tea") for who in ("a", "a", "b")]:
        board.leave(tab)
    with redis_server().client() as client:
        assert client.keys("*topic*") == client.keys("*queue*") == []
    shut(board)
