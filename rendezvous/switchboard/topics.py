"""What people wait with: how many of them, by interest. Counted as they come and go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice


class Topics:
    """Counts people, and not their sessions: one who waits in five tabs is one."""

    def __init__(self) -> None:
        self._people: dict[str, dict[str, int]] = {}  # their sessions, by topic and person
        self._by_size: dict[int, dict[str, None]] = {}  # topics, by how many people

    def enter(self, person: str, topics: Iterable[str]) -> None:
        """One of the person's sessions waits with these."""
        for topic in topics:
            people = self._people.setdefault(topic, {})
            people[person] = people.get(person, 0) + 1
            if people[person] == 1:
                self._move(topic, len(people) - 1, len(people))

    def leave(self, person: str, topics: Iterable[str]) -> None:
        """One that had entered waits no longer."""
        for topic in topics:
            people = self._people[topic]
            people[person] -= 1
            if not people[person]:
                del people[person]
                self._move(topic, len(people) + 1, len(people))
            if not people:
                del self._people[topic]

    def most_common(self, least: int, most: int) -> list[tuple[str, int]]:
        """At most `most` topics, each with how many people, of those that at least `least` have."""
        return list(islice(self._from_the_top(least), most))

    def __len__(self) -> int:
        return len(self._people)

    def _from_the_top(self, least: int) -> Iterator[tuple[str, int]]:
        for size in sorted(self._by_size, reverse=True):
            if size >= least:
                yield from ((topic, size) for topic in self._by_size[size])

    def _move(self, topic: str, former: int, size: int) -> None:
        if former:
            del self._by_size[former][topic]
            if not self._by_size[former]:
                del self._by_size[former]
        if size:
            self._by_size.setdefault(size, {})[topic] = None
