"""What a switchboard has to know of somebody who waits: corners, and when others follow."""

from __future__ import annotations

from typing import Literal, NamedTuple

from rendezvous.protocol.fields import Level

Step = Level | Literal["spare"]
"""What has its time in a wait: a level, or to fill in for others."""


class Stage(NamedTuple):
    """What becomes of a wait at the time of a `step`: look into corners, then stand in others.

    From then on it is as wide as `level`.
    """

    step: Step
    level: Level
    looks: tuple[str, ...]
    opens: tuple[str, ...]


class Plan(NamedTuple):
    """All that a switchboard has to know of a profile, the best corners first.

    Who comes looks into the corners of `looks`, then stands in those of `stands`, and goes on to
    the stages as time passes. Who has no prospect of somebody who shares an interest stands in
    those of `fills` from the start, and is taken before others by who has waited long enough.
    """

    looks: tuple[str, ...]
    stands: tuple[str, ...]
    stages: tuple[Stage, ...]
    fills: tuple[str, ...] = ()
