"""Deadlines that move often and expire rarely, on whatever clock the caller reads."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator
from itertools import count
from typing import Generic, TypeVar


class Timed:
    """Something with a deadline: `due` is the true one, `entry` the one in the heap."""

    __slots__ = ("due", "entry")

    def __init__(self) -> None:
        self.due: float | None = None
        self.entry: float | None = None


T = TypeVar("T", bound=Timed)


class Timers(Generic[T]):
    """A heap, touched only when a deadline comes nearer: to move it later is an assignment."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, T]] = []
        self._tie = count()
        self._live = 0

    def set(self, item: T, due: float | None) -> None:
        """Give `item` the deadline `due`, or none."""
        item.due = due
        if due is None:
            self._release(item)
        elif item.entry is None or due < item.entry:
            self._live += item.entry is None
            self._push(item, due)

    def expired(self, now: float) -> Iterator[T]:
        """Take out, one by one, the items whose deadline has passed."""
        while self._heap and self._heap[0][0] <= now:
            when, _, item = heapq.heappop(self._heap)
            if item.entry != when or item.due is None:
                continue
            if item.due > now:
                self._push(item, item.due)
                continue
            item.due = item.entry = None
            self._live -= 1
            yield item
        self._tidy()

    @property
    def soonest(self) -> float:
        """The next deadline, or an earlier moment; inf if there is none."""
        return self._heap[0][0] if self._heap else math.inf

    def __len__(self) -> int:
        return len(self._heap)

    def _push(self, item: T, when: float) -> None:
        item.entry = when
        heapq.heappush(self._heap, (when, next(self._tie), item))

    def _release(self, item: T) -> None:
        if item.entry is not None:
            item.entry = None
            self._live -= 1
            self._tidy()

    def _tidy(self) -> None:
        """Entries that nobody needs any more never far outnumber the rest, nor outlive it."""
        if not self._live or len(self._heap) > 2 * self._live + 64:
            self._heap = [entry for entry in self._heap if entry[0] == entry[2].entry]
            heapq.heapify(self._heap)
