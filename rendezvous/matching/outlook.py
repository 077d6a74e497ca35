"""How long somebody who waits may still have to, by what introductions took of late."""

from __future__ import annotations

from bisect import bisect_right
from collections import deque

RECENT = 64
"""Introductions that are remembered."""

MEMORY = 600.0
"""Seconds after which one tells nothing about now any more."""

ENOUGH = 3
"""Fewer tell nothing."""


class Outlook:
    """Waits of late; times are on whatever clock the caller reads, seconds."""

    def __init__(self) -> None:
        self._recent: deque[tuple[float, float]] = deque(maxlen=RECENT)
        self._waits: list[float] = []

    def note(self, waited: float, now: float) -> None:
        """Two were introduced, of whom the one who was there first had waited so long."""
        self._recent.append((now, waited))
        self._waits = []

    def remaining(self, waited: float, now: float) -> float | None:
        """What it took at the median from here on, of those who had waited as long as this.

        None where too few did for it to tell anything.
        """
        while self._recent and self._recent[0][0] < now - MEMORY:
            self._recent.popleft()
            self._waits = []
        if not self._waits:
            self._waits = sorted(wait for _, wait in self._recent)
        longer = self._waits[bisect_right(self._waits, waited) :]
        return longer[len(longer) // 2] - waited if len(longer) >= ENOUGH else None
