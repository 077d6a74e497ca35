"""When a wait widens: soon where many come, later where few do, so that waiting is worth it."""

from __future__ import annotations

from dataclasses import dataclass

from rendezvous.protocol.fields import Level

SMOOTHING = 0.001
"""The usual time between two who come is that between the last thousand or so, because a patience
that goes up and down makes the longest waits longer and brings nobody together."""


@dataclass(frozen=True, slots=True)
class Widening:
    """Who waits looks for anyone after `arrivals` times the usual time between two who come, but
    not before `soonest` nor after `latest` seconds; the levels in between come after a share of it.
    """

    arrivals: float = 2.4
    soonest: float = 0.65
    latest: float = 2.5
    interest: float = 0.1
    language: float = 1.0

    @property
    def longest_gap(self) -> float:
        """Seconds between two who come, from which on it makes no difference."""
        return self.latest / self.arrivals if self.arrivals else self.latest

    def patience(self, gap: float) -> float:
        """Seconds until anyone will do; `gap` is the usual time between two who come."""
        return min(max(self.arrivals * gap, self.soonest), self.latest)

    def share(self, level: Level) -> float:
        """The share of the patience after which it is time for `level`."""
        shares: dict[Level, float] = {
            "exact": 0.0,
            "interest": self.interest,
            "language": self.language,
            "anyone": 1.0,
        }
        return shares[level]


AT_ONCE = Widening(arrivals=0, soonest=0, latest=0)
"""Nobody waits for somebody better than those who are there."""
