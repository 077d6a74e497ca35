"""What is counted of a crowd's meetings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final

from rendezvous.matching import common_interests
from rendezvous.matching.words import languages
from simulate.matchers import Comer

MANY: Final = 50
"""With so many others waiting, nobody ought to meet the same stranger again."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two who were introduced; `waiting` is how many were left waiting."""

    when: float
    one: Comer
    other: Comer
    again: bool = False
    waiting: int = 0

    @property
    def waits(self) -> tuple[float, float]:
        """Seconds that each of the two has waited."""
        return self.when - self.one.came, self.when - self.other.came

    @property
    def interest(self) -> bool:
        """Whether the two have an interest in common."""
        return bool(common_interests(self.one.profile, self.other.profile))

    @property
    def language(self) -> bool:
        """Whether they speak the same language."""
        spoken = (languages(each.profile.language)[-1:] for each in (self.one, self.other))
        return next(spoken) == next(spoken)


@dataclass(frozen=True, slots=True)
class Figures:
    """Waits in seconds, shares from 0 to 1."""

    meetings: int
    p50: float
    p95: float
    p99: float
    interest: float
    language: float
    both: float
    again: float
    again_with_many: int

    @classmethod
    def of(cls, meetings: list[Meeting]) -> Figures:
        """Count."""
        waits = sorted(waits_of(meetings))
        return cls(
            len(meetings),
            percentile(waits, 0.5),
            percentile(waits, 0.95),
            percentile(waits, 0.99),
            _share(each.interest for each in meetings),
            _share(each.language for each in meetings),
            _share(each.interest and each.language for each in meetings),
            _share(each.again for each in meetings),
            sum(each.again and each.waiting >= MANY for each in meetings),
        )


def waits_of(meetings: Iterable[Meeting]) -> list[float]:
    """Seconds that each of them has waited."""
    return [wait for each in meetings for wait in each.waits]


def percentile(ordered: Sequence[float], share: float) -> float:
    """The value below which there is this share."""
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def _share(facts: Iterable[bool]) -> float:
    return fmean(facts)
