"""Says of a flood no more than somebody would read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

BURST = 200  # lines of a kind that may come at once
A_SECOND = 20  # lines of a kind, after that


@dataclass(slots=True)
class _Kind:
    left: float
    at: float
    unsaid: int = 0


class Sparing:
    """Decides which lines are written, kind by kind; there have to be few kinds."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._kinds: dict[str, _Kind] = {}

    def unsaid(self, kind: str) -> int | None:
        """How many lines of this kind were left out since the last one; None to leave this out."""
        now = self._clock()
        known = self._kinds.setdefault(kind, _Kind(BURST, now))
        known.left = min(BURST, known.left + (now - known.at) * A_SECOND)
        known.at = now
        if known.left < 1:
            known.unsaid += 1
            return None
        known.left -= 1
        unsaid, known.unsaid = known.unsaid, 0
        return unsaid
