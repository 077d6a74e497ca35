"""Taking turns: whoever sends much at once waits now and then for everybody else."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .driver import Driver

SECONDS = 0.001
"""How long one connection may keep the process before the others are looked at."""


class Turn:
    """The time that a connection has for what it has sent at once."""

    __slots__ = ("_driver", "_end")

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self._end = monotonic() + SECONDS

    def pass_on(self) -> None:
        """Let everybody else have a turn, if this one is over."""
        if monotonic() >= self._end:
            self._driver.breathe()
            self._end = monotonic() + SECONDS
