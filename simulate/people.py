"""Made-up people: interests with a long tail, languages, and how they chat, skip and go."""

from __future__ import annotations

import math
from bisect import bisect
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import Final

from rendezvous.matching import Profile, common_interests
from rendezvous.protocol.fields import ChatType

WORDS: Final = 5_000
"""Different interests in use."""

ZIPF: Final = 1.0
"""How fast they become rare: the tenth is asked for a tenth as often as the first."""

INTERESTS: Final = (0.25, 0.15, 0.20, 0.15, 0.10, 0.15)
"""The share of people who give none, one, ... and (the last) five."""

LANGUAGES: Final = {
    "en": 0.24,
    "en-US": 0.18,
    "en-GB": 0.05,
    "es": 0.08,
    "es-MX": 0.05,
    "pt-BR": 0.07,
    "pt": 0.02,
    "hi": 0.05,
    "ru": 0.05,
    "de": 0.04,
    "fr": 0.04,
    "ar": 0.03,
    "tr": 0.03,
    "id": 0.03,
    "it": 0.02,
    "ja": 0.02,
}
VIDEO: Final = 0.5

SKIPS: Final = 0.5
"""The share of chats with nothing in common that are left at once, in `GLANCE` seconds or so."""

SKIPS_WITH_COMMON: Final = 0.25
GLANCE: Final = 6.0
CHAT_MEDIAN, CHAT_SIGMA = 120.0, 1.1
"""The others last so many seconds at the median, with a long tail (log-normal)."""

GOES_ON: Final = 0.85
"""How likely somebody looks for the next stranger after a chat, rather than goes."""

PAUSE: Final = 1.5
"""Seconds until they do, on average."""


LAST: Final = 20


@dataclass(slots=True)
class Person:
    """A visitor, for as many chats as they stay."""

    profile: Profile
    met: tuple[str, ...] = ()
    """The last `LAST` partners."""


class Population:
    """Draws people and their moods, always the same ones for a seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self._shares = list(accumulate(1 / rank**ZIPF for rank in range(1, WORDS + 1)))
        self._visitors = 0

    def newcomer(self) -> Person:
        """Somebody who has not been here before."""
        draw = self.random
        self._visitors += 1
        chat_type: ChatType = "video" if draw.random() < VIDEO else "text"
        (language,) = draw.choices(list(LANGUAGES), list(LANGUAGES.values()))
        (number,) = draw.choices(range(len(INTERESTS)), INTERESTS)
        interests: set[str] = set()
        while len(interests) < number:
            interests.add(f"w{bisect(self._shares, draw.random() * self._shares[-1])}")
        given = tuple(sorted(interests))
        return Person(Profile(chat_type, given, language, f"visitor {self._visitors}"))

    def chat_seconds(self, one: Person, other: Person) -> float:
        """How long two talk before one of them has had enough."""
        draw = self.random
        common = common_interests(one.profile, other.profile)
        if draw.random() < (SKIPS_WITH_COMMON if common else SKIPS):
            return draw.expovariate(1 / GLANCE)
        return draw.lognormvariate(math.log(CHAT_MEDIAN), CHAT_SIGMA)

    def pause(self) -> float:
        """Seconds before somebody asks for the next stranger."""
        return self.random.expovariate(1 / PAUSE)

    def goes_on(self) -> bool:
        """Whether somebody stays for another chat."""
        return self.random.random() < GOES_ON
