"""What a switchboard has to know of somebody who waits: corners, and when others follow."""

from __future__ import annotations

from typing import NamedTuple

from rendezvous.protocol.fields import Level


class Stage(NamedTuple):
    """What becomes of a wait when it widens: look into corners, then stand open in others."""

    level: Level
    looks: tuple[str, ...]
    opens: tuple[str, ...]


class Plan(NamedTuple):
    """All that a switchboard has to know of a profile, the best corners first.

    Who comes looks into the corners of `looks`, then stands in those of `stands`, and goes on to
    the stages as time passes.
    """

    looks: tuple[str, ...]
    stands: tuple[str, ...]
    stages: tuple[Stage, ...]
