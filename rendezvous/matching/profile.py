"""What somebody tells about the chat they look for, and what two of them have in common."""

from __future__ import annotations

from dataclasses import dataclass

from rendezvous.protocol.fields import ChatType, Wish


@dataclass(frozen=True, slots=True)
class Appointment:
    """A meeting of two who know each other, and which of the two this is."""

    meeting: str
    side: str


@dataclass(frozen=True, slots=True)
class Profile:
    """What somebody who looks for a stranger tells about the chat they want.

    `interests` are as `normalised` gives them, `language` is a BCP 47 tag. What is `pinned` is not
    given up however long it takes.
    """

    chat_type: ChatType
    interests: tuple[str, ...] = ()
    language: str | None = None
    visitor: str = ""
    """Who it is (`safety.visitor`), to whatever extent that is known."""
    place: str = ""
    """Where they come from: an address, in a form that tells it to nobody."""
    pinned: frozenset[Wish] = frozenset()
    blocked: frozenset[str] = frozenset()
    """The visitors whom they must never meet."""
    appointment: Appointment | None = None
    """With whom they want to be introduced, and with nobody else."""
    question: str = ""
    """What they ask two others to discuss; they only watch."""
    discusses: bool = False
    """Whether they look for somebody to discuss somebody's question with."""


def common_interests(one: Profile, other: Profile) -> list[str]:
    """What both are interested in, in alphabetical order, so that both see the same."""
    return sorted(set(one.interests) & set(other.interests))
