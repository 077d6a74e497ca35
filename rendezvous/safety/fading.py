"""A dictionary that forgets what time has made void, at a cost that does not grow with its size."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

SWEEP_AT = 1_024  # entries; twice as many as were left the last time after that

V = TypeVar("V")


class Fading(dict[str, V]):
    """Ask it to make room before an entry is added; `is_over` tells what to forget then."""

    __slots__ = ("_is_over", "_sweep_at")

    def __init__(self, is_over: Callable[[V, float], bool]) -> None:
        """`is_over(value, now)`, with whatever clock `make_room` is given."""
        super().__init__()
        self._is_over = is_over
        self._sweep_at = SWEEP_AT

    def make_room(self, now: float) -> None:
        """Look for what is over, if there are twice as many entries as the last time."""
        if len(self) < self._sweep_at:
            return
        for key in [key for key, value in self.items() if self._is_over(value, now)]:
            del self[key]
        self._sweep_at = max(SWEEP_AT, 2 * len(self))
