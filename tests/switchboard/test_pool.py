"""The corners, and the order of those who stand there."""

from __future__ import annotations

from rendezvous.matching import CANDIDATES
from rendezvous.switchboard.pool import Pool


def first(pool: Pool[str], *corners: str, unless: str = "") -> str | None:
    found = pool.first(corners, lambda who: who not in unless)
    return found.who if found else None


def test_whoever_came_first_is_asked_first() -> None:
    pool: Pool[str] = Pool()
    for ticket, who in ((2, "b"), (1, "a"), (3, "c")):
        pool.enter(who, ticket, ["corner"])
    assert [first(pool, "corner"), first(pool, "corner", unless="a")] == ["a", "b"]
    assert first(pool, "corner", unless="abc") is None
    assert first(pool, "corner") == "a"


def test_the_first_corner_where_somebody_suits_decides() -> None:
    pool: Pool[str] = Pool()
    pool.enter("early", 1, ["wide"])
    pool.enter("late", 2, ["narrow", "wide"])
    assert first(pool, "empty", "narrow", "wide") == "late"
    assert first(pool, "narrow", "wide", unless="late") == "early"


def test_one_who_steps_out_and_returns_keeps_the_place() -> None:
    pool: Pool[str] = Pool()
    stay = pool.enter("a", 1, ["corner"])
    pool.enter("b", 2, ["corner"])
    pool.leave(stay)
    assert first(pool, "corner") == "b"
    pool.enter("a", 1, ["corner"])
    assert first(pool, "corner") == "a"


def test_one_who_has_left_is_not_found_and_not_kept() -> None:
    pool: Pool[str] = Pool()
    stays = [
        pool.enter(str(ticket), ticket, ["corner", f"own {ticket}"]) for ticket in range(1_000)
    ]
    for stay in stays[:-1]:
        pool.leave(stay)
    assert len(pool._corners["corner"].heap) < 100
    assert first(pool, "corner") == "999"
    pool.leave(stays[-1])
    assert not pool._corners


def test_no_more_than_a_few_are_asked() -> None:
    pool: Pool[int] = Pool()
    for ticket in range(1_000):
        pool.enter(ticket, ticket, ["corner"])
    asked: list[int] = []

    def refuse(who: int) -> bool:
        asked.append(who)
        return False

    assert pool.first(["corner"], refuse) is None
    assert asked == list(range(CANDIDATES))
