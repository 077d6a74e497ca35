"""Who waits and can be introduced now: in each corner, in the order in which they came."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count
from typing import Generic, TypeVar

from rendezvous.matching import CANDIDATES

Place = tuple[int, int]
"""A ticket, which keeps its order, and a number that no other stay has."""

T = TypeVar("T")


class Stay(Generic[T]):
    """From when somebody can be introduced until they are, or step out."""

    __slots__ = ("corners", "place", "who")

    def __init__(self, who: T, place: Place) -> None:
        self.who = who
        self.place = place
        self.corners: list[str] = []


class Pool(Generic[T]):
    """The corners; one who steps out and returns keeps the place that the ticket gives."""

    def __init__(self) -> None:
        self._stays: dict[Place, Stay[T]] = {}
        self._corners: dict[str, Corner] = {}
        self._serial = count()

    def enter(self, who: T, ticket: int, corners: Iterable[str]) -> Stay[T]:
        """Stand in `corners` from now on; a lower ticket goes before a higher one."""
        stay = Stay(who, (ticket, next(self._serial)))
        self._stays[stay.place] = stay
        self.stand(stay, corners)
        return stay

    def stand(self, stay: Stay[T], corners: Iterable[str]) -> None:
        """Stand in these corners too."""
        for name in corners:
            corner = self._corners.get(name)
            if corner is None:
                corner = self._corners[name] = Corner()
            corner.add(stay.place)
            stay.corners.append(name)

    def leave(self, stay: Stay[T]) -> None:
        """Be offered no longer."""
        del self._stays[stay.place]
        for name in stay.corners:
            corner = self._corners[name]
            corner.standing -= 1
            if not corner.standing:
                del self._corners[name]
            elif len(corner.heap) > 2 * corner.standing + 64:
                corner.heap = sorted(place for place in corner.heap if place in self._stays)

    def first(self, corners: Iterable[str], suits: Callable[[T], bool]) -> Stay[T] | None:
        """Who suits, in the first of `corners` where anybody does; who came first goes first."""
        for name in corners:
            if name in self._corners:  # as most are not, and a generator costs more than a look
                for stay in self.standing(name):
                    if suits(stay.who):
                        return stay
        return None

    def some(self, corners: Sequence[str], suits: Callable[[T], bool]) -> dict[Stay[T], int]:
        """The first few who suit, each with the number of the corner in which they were found."""
        found: dict[Stay[T], int] = {}
        for number, name in enumerate(corners):
            for stay in self.standing(name):
                if stay not in found and suits(stay.who):
                    found[stay] = number
                    if len(found) == CANDIDATES:
                        return found
        return found

    def standing(self, name: str) -> Iterator[Stay[T]]:
        """The first few in a corner, in their order; meanwhile nobody else may look into it."""
        corner = self._corners.get(name)
        if corner is None:
            return
        asked: list[Place] = []
        try:
            while corner.heap and len(asked) < CANDIDATES:
                stay = self._stays.get(corner.heap[0])
                if stay is None:
                    heapq.heappop(corner.heap)
                    continue
                yield stay
                asked.append(heapq.heappop(corner.heap))
        finally:
            for place in asked:
                heapq.heappush(corner.heap, place)

    def __contains__(self, corner: str) -> bool:
        return corner in self._corners

    def __len__(self) -> int:
        return len(self._stays)


class Corner:
    """A heap of places, some of whom may have left, and how many have not."""

    __slots__ = ("heap", "standing")

    def __init__(self) -> None:
        self.heap: list[Place] = []
        self.standing = 0

    def add(self, place: Place) -> None:
        self.standing += 1
        heapq.heappush(self.heap, place)
