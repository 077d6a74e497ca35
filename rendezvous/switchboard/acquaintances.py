"""Who has met whom of late, so that nobody gets back the stranger whom they have just left."""

from __future__ import annotations

from collections import OrderedDict

MOST_VISITORS = 100_000
"""So many are remembered at a time, those who met somebody last: without a cookie every connection
is a new visitor, so they could be any number."""


class Acquaintances:
    """Keeps the last `most` partners of each visitor, and each for `seconds`."""

    def __init__(self, most: int, seconds: float) -> None:
        self._most = most
        self._seconds = seconds
        # In the order in which they last met somebody. A plain dictionary would take longer and
        # longer to find who is first.
        self._met: OrderedDict[str, dict[str, float]] = OrderedDict()

    def introduce(self, one: str, other: str, now: float) -> None:
        """Two visitors meet now; whoever is unknown (`""`) is not remembered."""
        if one and other and self._most:
            self._note(one, other, now)
            self._note(other, one, now)
            self._forget(now)

    def have_met(self, one: str, other: str, now: float) -> bool:
        """Whether either still remembers the other."""
        return self._knows(one, other, now) or self._knows(other, one, now)

    def __len__(self) -> int:
        return len(self._met)

    def _knows(self, one: str, other: str, now: float) -> bool:
        partners = self._met.get(one)
        return partners is not None and partners.get(other, -self._seconds) > now - self._seconds

    def _note(self, one: str, other: str, now: float) -> None:
        partners = self._met.pop(one, {})
        partners.pop(other, None)
        partners[other] = now
        if len(partners) > self._most:
            del partners[next(iter(partners))]
        self._met[one] = partners
        if len(self._met) > MOST_VISITORS:
            self._met.popitem(last=False)

    def _forget(self, now: float) -> None:
        """Those at the front met nobody for longer than the rest."""
        while self._met:
            visitor = next(iter(self._met))
            if max(self._met[visitor].values()) > now - self._seconds:
                return
            del self._met[visitor]
