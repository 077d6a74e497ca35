"""Whom to take of several with whom one has no interest in common: whom it costs least.

Who is introduced gives up whom they might have met instead, which is the introduction's opportunity
cost: as many as would still come, as long as they wait, who share an interest with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

FURTHER = 0.02
"""What it is worth to find somebody in an earlier corner, such as that of one's own language."""

ALONE = 0.1
"""What it costs to leave a third person behind alone who has waited for almost as long as they
would: they go on to wait for whoever comes next, longer than anybody else. Half as much, if two
are left, and so on: then they have each other."""


class Candidate(NamedTuple):
    """Somebody who suits, and with whom nothing better is in common."""

    prospects: float
    """The share of those who come who give one of their interests."""
    waited: float
    """The share of their own patience that is behind them."""
    corner: int
    """In which corner they were found, counted from 0."""

    @property
    def gives_up(self) -> float:
        """What an introduction costs them, from 0 to 1."""
        return self.prospects * (1 - self.waited)


def least_costly(candidates: Sequence[Candidate]) -> int:
    """The number of the one to take; of equals, the first."""
    oldest, second = _longest_waits(candidates)
    left = max(len(candidates) - 1, 1)

    def cost(number: int) -> float:
        one = candidates[number]
        behind = second if one.waited == oldest else oldest
        return one.gives_up + FURTHER * one.corner + ALONE * behind / left

    return min(range(len(candidates)), key=cost)


def _longest_waits(candidates: Sequence[Candidate]) -> tuple[float, float]:
    """The two highest shares of their patience that somebody has waited; 0 for nobody."""
    oldest, second, *_ = sorted((*(each.waited for each in candidates), 0.0, 0.0), reverse=True)
    return oldest, second
