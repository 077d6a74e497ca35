"""Question mode: who asks stands where nobody else does, and so do those who would discuss.

A pair that would discuss needs a question besides each other: `question_corners` says where it
looks for one.
"""

from __future__ import annotations

from rendezvous.matching.plans import Plan, Stage
from rendezvous.matching.profile import Profile
from rendezvous.matching.words import languages

ANY_QUESTION = "^"
"""Where a question stands that anybody may discuss, whatever they speak."""

ALL_QUESTIONS = "^*"
"""Where every question stands, which tells whether there are any."""

ALL_WHO_DISCUSS = "?"
"""Where everybody stands who would discuss."""


def asking(profile: Profile) -> Plan:
    """A question stands where its language is spoken, and after a while where any is."""
    tongue = tongue_of(profile)
    stands = (ALL_QUESTIONS, ANY_QUESTION + tongue)
    return Plan((), stands, (Stage("anyone", (), (ANY_QUESTION,), spares=False),) if tongue else ())


def discussing(plan: Plan) -> Plan:
    """The same plan among those who would discuss."""
    stages = tuple(
        each._replace(looks=_apart(each.looks), opens=_apart(each.opens)) for each in plan.stages
    )
    stands = (*_apart(plan.stands), ALL_WHO_DISCUSS)
    looks = (*plan.looks_if_slow, *plan.looks)  # because whoever asks waits for them
    return Plan(_apart(looks), stands, stages)


def question_corners(one: str, other: str) -> tuple[str, ...]:
    """Where two who speak these tongues look for a question, the best corner first."""
    return tuple(dict.fromkeys(ANY_QUESTION + tongue for tongue in (one, other, "")))


def tongue_of(profile: Profile) -> str:
    """A language without its regions, because a question is understood in all of them."""
    tags = languages(profile.language)
    return tags[-1] if tags else ""


def _apart(corners: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(ALL_WHO_DISCUSS + corner for corner in corners)
