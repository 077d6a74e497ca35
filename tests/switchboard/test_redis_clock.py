"""The board's time is Redis's, without the leaps of its clock."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rendezvous.matching import Profile
from rendezvous.switchboard import RedisSwitchboard
from rendezvous.switchboard.redis.scripts import LEAP

from .conftest import Clock, fresh_redis, opened, redis_server, shut

TEXT = Profile("text")
HOUR = 3_600.0


@pytest.fixture
def board(clock: Clock) -> Iterator[RedisSwitchboard]:
    """One whose Redis has the clock `clock`, which may be moved."""
    clock.now = 1e9
    shut(fresh_redis(clock))
    board = opened(redis_server().url, clock, leap=LEAP)
    yield board
    board.shut()


def ticks(board: RedisSwitchboard, clock: Clock, seconds: float) -> int:
    """Let time pass as it does; how many sessions have ended meanwhile."""
    ended = 0
    for _ in range(round(2 * seconds)):
        clock.pass_by(0.5)
        ended += sum(len(ending.sessions) for ending in board.sweep().endings)
    return ended


@pytest.mark.parametrize("leap", [HOUR, -HOUR, 30 * 24 * HOUR, -10.0, 10.0])
def test_a_clock_that_is_moved_ends_nothing(
    board: RedisSwitchboard, clock: Clock, leap: float
) -> None:
    one = board.start(TEXT).session_id
    other = board.start(TEXT, "socket").session_id
    board.drop(other, "socket")
    assert ticks(board, clock, 5) == 0
    clock.pass_by(leap)
    assert board.read(one, 0).status == board.read(other, 0).status == "matched"
    assert ticks(board, clock, 5) == 0
    (ending,) = board.leave(one).endings
    assert 5 < ending.seconds <= 10


@pytest.mark.parametrize("leap", [HOUR, -HOUR])
def test_time_goes_on_after_a_leap(board: RedisSwitchboard, clock: Clock, leap: float) -> None:
    board.start(TEXT)
    clock.pass_by(leap)
    assert ticks(board, clock, 28) == 0
    assert ticks(board, clock, 4) == 1  # its lease of 30 s is over


def test_time_stands_still_while_nobody_ticks(board: RedisSwitchboard, clock: Clock) -> None:
    session_id = board.start(TEXT).session_id
    board.sweep()
    clock.pass_by(HOUR)
    (ending,) = board.leave(session_id).endings
    assert ending.seconds < LEAP
