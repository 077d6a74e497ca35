"""Every home of the switchboard, on a clock that the tests move."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rendezvous.switchboard import MemorySwitchboard, Switchboard, Terms

TERMS = Terms(inbox_events=8, inbox_bytes=4_096)

Open = Callable[["Clock"], Switchboard]
HOMES: dict[str, Open] = {"memory": lambda clock: MemorySwitchboard(TERMS, clock)}


class Clock:
    """Seconds since whenever, which pass when a test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def pass_by(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=sorted(HOMES))
def board(request: pytest.FixtureRequest, clock: Clock) -> Switchboard:
    return HOMES[request.param](clock)
