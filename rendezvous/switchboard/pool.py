"""Who waits and can be introduced now, in the order in which they came."""

from __future__ import annotations

import heapq


class Pool:
    """Tickets of those who wait and are present; one who steps out and returns keeps the place."""

    def __init__(self) -> None:
        self._present: set[int] = set()
        self._heap: list[int] = []

    def add(self, ticket: int) -> None:
        """Offer `ticket`; a lower one goes before a higher one."""
        if ticket not in self._present:
            self._present.add(ticket)
            heapq.heappush(self._heap, ticket)

    def discard(self, ticket: int) -> None:
        """Offer `ticket` no longer."""
        self._present.discard(ticket)
        if len(self._heap) > 2 * len(self._present) + 64:
            self._heap = sorted(self._present)

    def take(self) -> int | None:
        """The ticket that has been there longest, which is then offered no longer."""
        while self._heap:
            ticket = heapq.heappop(self._heap)
            if ticket in self._present:
                self._present.remove(ticket)
                return ticket
        return None
