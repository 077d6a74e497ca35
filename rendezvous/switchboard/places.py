"""Who comes before whom among those who wait."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Collection

LASTS = 0.2  # s for which places in a long queue are taken to stay as they are
LONG = 1_000  # so that to ask for the places of many costs little


class Places:
    """Counted when somebody asks, and not by those who come and go."""

    def __init__(self) -> None:
        self._tickets: list[int] = []
        self._counted = -math.inf

    def of(self, ticket: int, waiting: Collection[int], now: float) -> int:
        """The place of a ticket among those `waiting`, from 1."""
        has_changed = len(waiting) != len(self._tickets) or ticket > self._tickets[-1]
        if now >= self._counted + LASTS or (has_changed and len(waiting) < LONG):
            self._tickets, self._counted = sorted(waiting), now
        return bisect_left(self._tickets, ticket) + 1
