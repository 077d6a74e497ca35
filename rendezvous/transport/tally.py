"""How many connections each address has open."""

from __future__ import annotations


class Tally:
    """Counts by address, up to `most` for each (0: no cap)."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._open: dict[str, int] = {}

    def is_full(self, address: str) -> bool:
        """Whether the address has all that it may have."""
        # An empty address is everybody behind a proxy, so not one client.
        return bool(self._most and address) and self._open.get(address, 0) >= self._most

    def enter(self, address: str) -> None:
        """One more is open."""
        self._open[address] = self._open.get(address, 0) + 1

    def leave(self, address: str) -> None:
        """One has been closed."""
        left = self._open.get(address, 0) - 1
        if left > 0:
            self._open[address] = left
        else:
            self._open.pop(address, None)

    def total(self) -> int:
        """How many are open, from all addresses."""
        return sum(self._open.values())
