"""What a switchboard has to know of somebody who waits: corners, and when others follow."""

from __future__ import annotations

from typing import NamedTuple

from rendezvous.protocol.fields import Level

MOMENT = 1.0
"""Seconds that nobody minds to wait for somebody else's sake."""


class Stage(NamedTuple):
    """What becomes of a wait at the time of a `level`: look into corners, then stand in others.

    Who shares an interest is taken at once; of those who don't, whom it costs least, if the stage
    `spares` the others (`least_costly`).
    """

    level: Level
    looks: tuple[str, ...]
    opens: tuple[str, ...]
    spares: bool


class Plan(NamedTuple):
    """All that a switchboard has to know of a profile, the best corners first.

    Who comes looks into the corners of `looks`, then stands in those of `stands`, and goes on to
    the stages as time passes.
    """

    looks: tuple[str, ...]
    stands: tuple[str, ...]
    stages: tuple[Stage, ...]
    looks_if_slow: tuple[str, ...] = ()
    """Where they look, too, if it takes longer than a moment anyway until anyone will do."""

    def with_patience(self, seconds: float) -> Plan:
        """The plan of somebody for whom anyone will do after so many seconds."""
        if seconds <= MOMENT or not self.looks_if_slow:
            return self
        return self._replace(looks=(*self.looks_if_slow, *self.looks))
