"""Ways to introduce people: ours, and what it is measured against."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Protocol

from rendezvous.cleanup import LOOK, pause_until
from rendezvous.matching import AT_ONCE, Profile, Widening, common_interests
from rendezvous.switchboard import MemorySwitchboard, Terms
from rendezvous.switchboard.results import Effects

FOR_EVER: Final = 1e9
ROUNDING: Final = 1e-6  # s; so that a sum of times is not just before what is due


@dataclass(slots=True)
class Comer:
    """Somebody's wish for one chat, since `came`."""

    profile: Profile
    came: float


Pair = tuple[Comer, Comer]


class Matcher(Protocol):
    """Gets people as they come, and says who is introduced to whom."""

    def come(self, comer: Comer) -> list[Pair]:
        """Somebody comes, at the time `comer.came`."""
        ...

    def tick(self, now: float) -> list[Pair]:
        """Time has passed."""
        ...

    def pause(self) -> float:
        """Seconds until the next look at the clock."""
        ...

    def waiting(self) -> int:
        """How many wait."""
        ...


class Rendezvous:
    """The real memory home, on the simulation's clock."""

    def __init__(self, widening: Widening, not_again: int = 20) -> None:
        self._now = 0.0
        terms = Terms(
            lease=FOR_EVER,
            idle_timeout=FOR_EVER,
            ended_retention=0,
            widening=widening,
            not_again=not_again,
        )
        self._board = MemorySwitchboard(terms, lambda: self._now)
        self._comers: dict[str, Comer] = {}

    def come(self, comer: Comer) -> list[Pair]:
        self._now = comer.came
        begun = self._board.start(self._shown(comer.profile))
        self._comers[begun.session_id] = comer
        return self._pairs(begun.effects)

    def tick(self, now: float) -> list[Pair]:
        self._now = now
        pairs = self._pairs(self._board.widen())
        self._board.sweep()
        return pairs

    def pause(self) -> float:
        return pause_until(self._board.next_widening()) + ROUNDING

    def waiting(self) -> int:
        return len(self._comers)

    def _shown(self, profile: Profile) -> Profile:
        return profile

    def _pairs(self, effects: Effects) -> list[Pair]:
        """The chats are held elsewhere: here they are over at once."""
        pairs = []
        for match in effects.matches:
            one, other = (self._comers.pop(session_id) for session_id in match.sessions)
            self._board.leave(match.sessions[0])
            pairs.append((one, other))
        return pairs


class FirstCome(Rendezvous):
    """First come, first served: the same home, to which everybody looks the same."""

    def __init__(self) -> None:
        super().__init__(AT_ONCE, not_again=0)

    def _shown(self, profile: Profile) -> Profile:
        return Profile(profile.chat_type)


class BestOverlap:
    """Greedy: whoever shares most interests of all that wait, or after `patience` s anyone."""

    def __init__(self, patience: float = 5.0) -> None:
        self._patience = patience
        self._waiting: list[Comer] = []

    def come(self, comer: Comer) -> list[Pair]:
        best = max(self._of_type(comer), key=lambda other: _overlap(comer, other), default=None)
        if best is not None and (_overlap(comer, best) or self._is_due(best, comer.came)):
            return [self._take(comer, best)]
        self._waiting.append(comer)
        return []

    def tick(self, now: float) -> list[Pair]:
        pairs = []
        for comer in [each for each in self._waiting if self._is_due(each, now)]:
            if comer in self._waiting:
                other = next((each for each in self._of_type(comer) if each is not comer), None)
                if other is not None:
                    self._waiting.remove(comer)
                    pairs.append(self._take(comer, other))
        return pairs

    def pause(self) -> float:
        return LOOK

    def waiting(self) -> int:
        return len(self._waiting)

    def _of_type(self, comer: Comer) -> Iterable[Comer]:
        kind = comer.profile.chat_type
        return (other for other in self._waiting if other.profile.chat_type == kind)

    def _is_due(self, comer: Comer, now: float) -> bool:
        return now - comer.came >= self._patience

    def _take(self, comer: Comer, other: Comer) -> Pair:
        self._waiting.remove(other)
        return comer, other


def _overlap(one: Comer, other: Comer) -> int:
    return len(common_interests(one.profile, other.profile))
