"""The order of those who wait."""

from __future__ import annotations

from rendezvous.switchboard.pool import Pool


def test_whoever_came_first_is_taken_first() -> None:
    pool = Pool()
    for ticket in (2, 1, 3):
        pool.add(ticket)
    assert [pool.take() for _ in range(4)] == [1, 2, 3, None]


def test_one_who_steps_out_and_returns_keeps_the_place() -> None:
    pool = Pool()
    for ticket in (1, 2):
        pool.add(ticket)
    pool.discard(1)
    pool.add(1)
    assert [pool.take(), pool.take(), pool.take()] == [1, 2, None]


def test_one_who_has_left_is_not_taken_and_not_kept() -> None:
    pool = Pool()
    for ticket in range(1_000):
        pool.add(ticket)
    for ticket in range(999):
        pool.discard(ticket)
    assert len(pool._heap) < 100
    assert pool.take() == 999
