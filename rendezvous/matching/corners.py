"""Where somebody is found, and where they look: corners, which a switchboard only has to index.

A corner is a name, such as `=en|chess` for those who speak English and like chess. Two who stand in
one corner have in common what it is named after.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

from rendezvous.matching.plans import Plan, Stage
from rendezvous.matching.profile import Profile
from rendezvous.matching.questions import asking, discussing
from rendezvous.matching.words import languages
from rendezvous.protocol.fields import Level, Wish

LEVELS: tuple[Level, ...] = get_args(Level)
KEPT: dict[Level, frozenset[Wish]] = {
    "exact": frozenset({"interests", "language"}),
    "interest": frozenset({"interests"}),
    "language": frozenset({"language"}),
    "anyone": frozenset(),
}
"""What two have in common who meet at a level."""

CANDIDATES = 32
"""How many a switchboard looks at in one corner, at most: more than anybody has met of late."""


def plan(profile: Profile) -> Plan:
    """Where `profile` stands and looks.

    Everybody stands, from the start, in the corners of all levels that they would ever accept, and
    whoever has waited long enough for a level finds them there. Who has done so and found nobody
    stands open at that level, and is found by everybody who comes.

    Who has an appointment stands and looks in a corner that only the other one knows.
    """
    if profile.appointment is not None:
        own = (f"!{profile.appointment.meeting}",)
        return Plan(looks=own, stands=own, stages=())
    if profile.question:
        return asking(profile)
    return discussing(_looking(profile)) if profile.discusses else _looking(profile)


def _looking(profile: Profile) -> Plan:
    levels = {level: own for level in _accepted(profile) if (own := _corners(profile, level))}
    first, *wider = levels
    opens = {level: tuple(map(_open, levels[level])) for level in wider}
    hesitates = bool(profile.language) and not profile.interests
    at_once = levels[first]
    return Plan(
        looks=(*(() if hesitates else at_once), *_all(opens.values())),
        stands=_all(levels.values()),
        stages=tuple(
            Stage(level, _looks(level, levels), opens[level], spares=level != "interest")
            for level in wider
        ),
        # Who gives a language only is of more use to those whose time is up.
        looks_if_slow=at_once if hesitates else (),
    )


def _looks(level: Level, levels: dict[Level, tuple[str, ...]]) -> tuple[str, ...]:
    return (*levels.get("language", ()), *levels[level]) if level == "anyone" else levels[level]


def _accepted(profile: Profile) -> list[Level]:
    """The levels that keep what is pinned; what was not given cannot be."""
    given = {"interests": bool(profile.interests), "language": bool(profile.language)}
    pinned = {wish for wish in profile.pinned if given[wish]}
    return [level for level in LEVELS if pinned <= KEPT[level]]


def _corners(profile: Profile, level: Level) -> tuple[str, ...]:
    tags = languages(profile.language)
    if level == "exact":
        # Who gives no interest or language looks, first, for others who give none.
        return tuple(
            f"={tag}|{interest}" for interest in profile.interests or ("",) for tag in tags or ("",)
        )
    if level == "interest":
        return tuple(f"~{interest}" for interest in profile.interests)
    return tuple(f"@{tag}" for tag in tags) if level == "language" else ("*",)


def _open(corner: str) -> str:
    return f"+{corner}"


def _all(groups: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(corner for group in groups for corner in group)
