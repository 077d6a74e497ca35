"""Discrete events: people come, are introduced, talk, skip, look again or go."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from itertools import count
from typing import Any, Final

from simulate.figures import Meeting
from simulate.matchers import Comer, Matcher, Pair
from simulate.people import LAST, Person, Population

# How many are online in each hour of the day, as a share of the evening's peak.
# fmt: off
HOURS: Final = (
    0.62, 0.48, 0.38, 0.31, 0.27, 0.25, 0.27, 0.32, 0.38, 0.43, 0.47, 0.51,
    0.55, 0.57, 0.60, 0.64, 0.69, 0.75, 0.82, 0.90, 0.97, 1.00, 0.92, 0.77,
)
# fmt: on
MINUTE: Final = 60.0
HOUR: Final = 3_600.0


class Crowd:
    """`online` people at the peak, from `start` (seconds since midnight) for `seconds`."""

    def __init__(self, matcher: Matcher, online: int, start: float, seed: int) -> None:
        self.people = Population(seed)
        self.meetings: list[Meeting] = []
        self.comings: list[Comer] = []
        self._matcher = matcher
        self._online = online
        self._here = 0
        self._now = self._start = start
        self._events: list[tuple[float, int, Callable[..., None], tuple[Any, ...]]] = []
        self._tie = count()
        self._persons: dict[str, Person] = {}

    def run(self, warm_up: float, seconds: float) -> None:
        """Let it happen; what happens in the `warm_up` is not counted."""
        self._fill(spread=MINUTE)
        self._at(self._start, self._tick)
        counted_from, end = self._start + warm_up, self._start + warm_up + seconds
        while self._events[0][0] < end:
            self._now, _, act, arguments = heapq.heappop(self._events)
            act(*arguments)
        self.meetings = [each for each in self.meetings if each.when >= counted_from]
        self.comings = [each for each in self.comings if each.came >= counted_from]

    def _at(self, when: float, act: Callable[..., None], *arguments: Any) -> None:
        heapq.heappush(self._events, (when, next(self._tie), act, arguments))

    def _target(self) -> float:
        hour, part = divmod(self._now / HOUR, 1)
        level, following = HOURS[int(hour) % 24], HOURS[int(hour + 1) % 24]
        return self._online * (level + (following - level) * part)

    def _fill(self, spread: float) -> None:
        """Newcomers, as many as the hour asks for, within the next `spread` seconds."""
        while self._here < self._target():
            self._here += 1
            soon = self._now + self.people.random.random() * spread
            self._at(soon, self._come, self.people.newcomer())
        self._at(self._now + MINUTE, self._fill, MINUTE)

    def _come(self, person: Person) -> None:
        comer = Comer(person.profile, self._now)
        self._persons[person.profile.visitor] = person
        self.comings.append(comer)
        self._introduce(self._matcher.come(comer))

    def _tick(self) -> None:
        self._introduce(self._matcher.tick(self._now))
        self._at(self._now + self._matcher.pause(), self._tick)

    def _introduce(self, pairs: list[Pair]) -> None:
        for one, other in pairs:
            two = self._persons[one.profile.visitor], self._persons[other.profile.visitor]
            self.meetings.append(
                Meeting(
                    self._now,
                    one,
                    other,
                    again=two[1].profile.visitor in two[0].met,
                    waiting=self._matcher.waiting(),
                )
            )
            for person, stranger in (two, two[::-1]):
                person.met = (*person.met[1 - LAST :], stranger.profile.visitor)
            self._at(self._now + self.people.chat_seconds(*two), self._part, two)

    def _part(self, two: tuple[Person, Person]) -> None:
        for person in two:
            if self.people.goes_on():
                self._at(self._now + self.people.pause(), self._come, person)
            elif self._here <= self._target():
                self._at(self._now + self.people.pause(), self._come, self.people.newcomer())
            else:
                self._here -= 1
            # Who has gone is forgotten, and who goes on is known again when they come.
            self._persons.pop(person.profile.visitor)


def replay(matcher: Matcher, comings: list[Comer]) -> list[Meeting]:
    """The same people at the same moments, with their chats left out."""
    meetings: list[Meeting] = []
    tick = comings[0].came
    for comer in comings:
        while tick < comer.came:
            meetings += [Meeting(tick, *pair) for pair in matcher.tick(tick)]
            tick += matcher.pause()
        fresh = Comer(comer.profile, comer.came)
        meetings += (Meeting(comer.came, *pair) for pair in matcher.come(fresh))
    return meetings
