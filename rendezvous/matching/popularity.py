"""Whether somebody may well meet others who share an interest, by what those before them gave."""

from __future__ import annotations

from collections.abc import Sequence

WINDOW = 512
"""So many comings are remembered at least; at twice as many, all that was counted is halved."""

ENOUGH = 16
"""Those have a prospect of whose interests at least one in so many who come gives one."""


class Popularity:
    """How often each interest was given of late; in whole numbers, so that all homes agree.

    Never more than 20 times `WINDOW` interests are known at a time, of ten a person.
    """

    def __init__(self) -> None:
        self._comings = 0
        self._given: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._given)

    def has_prospects(self, interests: Sequence[str]) -> bool:
        """Whether those who come share one of these often enough for it to be worth a wait."""
        return ENOUGH * sum(self._given.get(each, 0) for each in interests) > self._comings

    def note(self, interests: Sequence[str]) -> None:
        """Somebody has come with these."""
        for each in interests:
            self._given[each] = self._given.get(each, 0) + 1
        self._comings += 1
        if self._comings == 2 * WINDOW:
            self._comings = WINDOW
            self._given = {each: count // 2 for each, count in self._given.items() if count > 1}
