"""Skippers: who leaves chat after chat at once waits longer and longer for the next."""

from __future__ import annotations

import time
from collections.abc import Callable

from rendezvous.refusals import Refused
from rendezvous.safety.counters import Counters
from rendezvous.safety.fading import Fading
from rendezvous.safety.rates import Rates

MEMORY = 600  # s; so long after the first of them skips count together
SHARED_BY = 4  # how many may be behind one address before it is taken for one skipper


class Cooldowns:
    """Skips are counted everywhere, waits are kept in this process; `clock` is monotonic."""

    def __init__(
        self, rates: Rates, counters: Counters, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rates = rates
        self._counters = counters
        self._clock = clock
        self._until: Fading[float] = Fading(lambda until, now: until <= now)

    def check(self, place: str, visitor: str) -> None:
        """Raises Refused: "rate_limited" while one of them has to wait."""
        if not self._until:
            return
        now = self._clock()
        left = max(self._until.get(place, 0.0), self._until.get(visitor, 0.0)) - now
        if left > 0:
            raise Refused("rate_limited", "You leave too quickly; take a breath.", retry_after=left)

    def left(self, place: str, visitor: str, seconds: float) -> None:
        """Somebody has left a chat after `seconds`."""
        if seconds < self._rates.skip_seconds:
            self._skipped(visitor, self._rates.skips_free)
            self._skipped(place, self._rates.skips_free * SHARED_BY)

    def _skipped(self, who: str, free: int) -> None:
        if not who:
            return
        over = self._counters.count(f"skips/{who}", MEMORY) - free
        if over > 0:
            now = self._clock()
            self._until.make_room(now)
            # The exponent has a bound, or a thousand skips would make a number of 300 digits.
            self._until[who] = now + min(self._rates.skip_cooldown, 2.0 ** min(over - 1, 32))
