"""How many share an interest with somebody, by what those gave who have come before them."""

from __future__ import annotations

from collections.abc import Sequence

WINDOW = 512
"""So many comings are remembered at least; at twice as many, all that was counted is halved."""


class Popularity:
    """How often each interest was given of late; in whole numbers, so that all homes agree.

    Never more than 20 times `WINDOW` interests are known at a time, of ten a person.
    """

    def __init__(self) -> None:
        self._comings = 0
        self._given: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._given)

    def prospects(self, interests: Sequence[str]) -> float:
        """The share of those who come who give one of these; who gives two of them counts twice."""
        given = sum(self._given.get(each, 0) for each in interests)
        return min(given / self._comings, 1.0) if given else 0.0

    def note(self, interests: Sequence[str]) -> None:
        """Somebody has come with these."""
        for each in interests:
            self._given[each] = self._given.get(each, 0) + 1
        self._comings += 1
        if self._comings == 2 * WINDOW:
            self._comings = WINDOW
            self._given = {each: count // 2 for each, count in self._given.items() if count > 1}
