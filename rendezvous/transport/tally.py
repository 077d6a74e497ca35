"""How many connections are open, in all and from each address."""

from __future__ import annotations


class Tally:
    """Counts by address, up to `most` for each and `most_in_all` (0: no cap)."""

    def __init__(self, most: int, most_in_all: int = 0) -> None:
        self._most = most
        self._most_in_all = most_in_all
        self.total = 0
        self._open: dict[str, int] = {}

    @property
    def overflows(self) -> bool:
        """Whether there are as many as there may be."""
        return 0 < self._most_in_all <= self.total

    def is_full(self, address: str) -> bool:
        """Whether the address has all that it may have."""
        # An empty address is everybody behind a proxy, so not one client.
        return bool(self._most and address) and self._open.get(address, 0) >= self._most

    def enter(self, address: str) -> None:
        """One more is open."""
        self.total += 1
        self._open[address] = self._open.get(address, 0) + 1

    def leave(self, address: str) -> None:
        """One has been closed."""
        self.total -= 1
        left = self._open.get(address, 0) - 1
        if left > 0:
            self._open[address] = left
        else:
            self._open.pop(address, None)
