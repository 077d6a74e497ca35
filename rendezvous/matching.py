"""Whom to introduce to whom: a pure policy, without input, output or clock."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from rendezvous.protocol.fields import ChatType


@dataclass(frozen=True, slots=True)
class Profile:
    """What somebody who looks for a stranger tells about the chat they want."""

    chat_type: ChatType
    interests: tuple[str, ...] = ()
    language: str | None = None
    visitor: str = ""
    """Who it is (`safety.visitor`), to whatever extent that is known."""
    place: str = ""
    """Where they come from: an address, in a form that tells it to nobody."""


def normalised(interests: Iterable[str]) -> tuple[str, ...]:
    """Interests as they are compared and shown: NFKC, case-folded, trimmed, each once."""
    folded = (unicodedata.normalize("NFKC", text).casefold().strip() for text in interests)
    return tuple(dict.fromkeys(text for text in folded if text))


def common_interests(one: Profile, other: Profile) -> list[str]:
    """What both are interested in, in alphabetical order, so that both see the same."""
    return sorted(set(one.interests) & set(other.interests))
