"""Who comes to the switchboard's races, drawn by lot, and what the races know of them."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from itertools import count
from random import Random

from rendezvous.matching import Profile
from rendezvous.protocol.fields import ChatType
from rendezvous.switchboard.results import Effects, Match

INTERESTS = ("chess", "go", "tea", "jazz", "films", "cats")
LANGUAGES = (None, "en", "en-GB", "pt", "pt-BR", "ja")
SESSIONS_OF_A_VISITOR = 5


@dataclass(eq=False)
class Wait:
    """One session; `called` and `begun` are moments before and after it was started."""

    session_id: str
    profile: Profile
    called: int
    begun: int
    socket: str | None
    matches: list[Match] = field(default_factory=list)
    endings: int = 0

    @property
    def waits(self) -> bool:
        """Whether it is neither matched nor over."""
        return not (self.matches or self.endings)


def anybody(random: Random, number: int) -> Profile:
    """A profile by lot; every few of them are the same visitor's, who may block another."""
    visitor = number // SESSIONS_OF_A_VISITOR
    blocked = frozenset({f"visitor {visitor + random.randint(1, 3)}"})
    return Profile(
        "video" if random.random() < 0.2 else "text",
        tuple(random.sample(INTERESTS, random.choice([0, 0, 1, 2, 3]))),
        random.choice(LANGUAGES),
        f"visitor {visitor}",
        pinned=frozenset({"interests"} if random.random() < 0.05 else ()),
        blocked=blocked if random.random() < 0.2 else frozenset(),
    )


class Records:
    """What all who race have brought about, together."""

    def __init__(self) -> None:
        self.waits: dict[str, Wait] = {}
        self.matches: list[Match] = []
        self.asked: list[str] = []
        self.questions = 0
        self._moments = count()
        self._numbers = count()
        self._lock = threading.Lock()
        self._early: list[Effects] = []

    def moment(self) -> int:
        """Later than every moment before."""
        return next(self._moments)

    def number(self) -> int:
        """A number of its own."""
        return next(self._numbers)

    def come(self, wait: Wait) -> None:
        """Somebody has come."""
        with self._lock:
            self.waits[wait.session_id] = wait

    def note(self, effects: Effects) -> None:
        """Something has happened; maybe to one who has not even been told of their session."""
        with self._lock:
            self.asked += effects.asks
            self.questions += len(effects.asks)
            if effects.matches or effects.endings:
                self._early.append(effects)

    def settle(self) -> None:
        """Everybody has been told: see that nobody was matched twice, or ended twice."""
        for effects in self._early:
            for match in effects.matches:
                self._match(match)
            for ending in effects.endings:
                for session_id in ending.sessions:
                    self.waits[session_id].endings += 1
        self._early.clear()
        for wait in self.waits.values():
            assert len(wait.matches) <= 1, f"matched twice: {wait}"
            assert wait.endings <= 1, f"ended twice: {wait}"

    def _match(self, match: Match) -> None:
        one, other = (self.waits[session_id] for session_id in match.sessions)
        assert one is not other
        assert one.profile.chat_type == other.profile.chat_type == match.chat_type
        visitors = {one.profile.visitor, other.profile.visitor}
        assert len(visitors) == 2, f"two tabs of one visitor met: {one} {other}"
        assert not visitors & (one.profile.blocked | other.profile.blocked), f"{one} {other}"
        self.matches.append(match)
        one.matches.append(match)
        other.matches.append(match)

    def waiting(self, chat_type: ChatType) -> list[Wait]:
        """Who waits, in the order in which they were told of their session."""
        found = [
            wait
            for wait in self.waits.values()
            if wait.waits and wait.profile.chat_type == chat_type
        ]
        return sorted(found, key=lambda wait: wait.begun)

    def nobody_met_again(self) -> None:
        """See that no two visitors have met twice in the same type of chat."""
        met: set[tuple[str, frozenset[str]]] = set()
        for match in self.matches:
            visitors = frozenset(self.waits[each].profile.visitor for each in match.sessions)
            assert (match.chat_type, visitors) not in met, f"{visitors} met again"
            met.add((match.chat_type, visitors))
