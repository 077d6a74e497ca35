"""What each visitor and each address may do, and how they are told that it was too much."""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable
from functools import lru_cache

from rendezvous.refusals import Refused
from rendezvous.safety.accounts import Accounts
from rendezvous.safety.cooldown import Cooldowns
from rendezvous.safety.counters import Counters
from rendezvous.safety.rates import Pair, Rates
from rendezvous.safety.visitor import Caller
from rendezvous.switchboard.results import Effects

HANDLING = 200  # bytes that every event counts for on top of its own, because none comes for free
PLACE_DIGITS = 16
PLACES_KNOWN = 4_096


class Limiter:
    """Refuses with "rate_limited". Without `rates` everything is allowed.

    `secret` keys the hashes that addresses are known by outside of this process.
    """

    def __init__(
        self,
        rates: Rates | None,
        counters: Counters,
        secret: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._rates = rates
        self._counters = counters
        self._clock = clock
        self.place_of = lru_cache(PLACES_KNOWN)(_placing(secret))
        if rates is not None:
            self._cooldowns = Cooldowns(rates, counters, clock)
            volume, messages, signals = rates.volume, rates.messages, rates.signals
            self._by_visitor = Accounts(volume.visitor, messages.visitor, signals.visitor)
            self._by_address = Accounts(volume.address, messages.address, signals.address)

    def start(self, caller: Caller) -> None:
        """The caller would look for a stranger."""
        if self._rates is not None:
            self._cooldowns.check(self.place_of(caller.address), caller.visitor)
            self._hit("starts", self._rates.starts, caller)

    def report(self, caller: Caller) -> None:
        """The caller would report somebody."""
        if self._rates is not None:
            self._hit("reports", self._rates.reports, caller)

    def left(self, caller: Caller, effects: Effects) -> None:
        """The caller has left, with these effects; who leaves at once comes back later."""
        if self._rates is None:
            return
        for ending in effects.endings:
            if len(ending.sessions) > 1:
                place = self.place_of(caller.address)
                self._cooldowns.left(place, caller.visitor, ending.seconds)

    def spend(self, address: str, visitor: str, kind: int, size: int) -> None:
        """Somebody sends an event of a `kind` (`accounts`) in `size` bytes."""
        if self._rates is None:
            return
        now = self._clock()
        # The visitor first, whose excess must not be the neighbours'.
        wait = self._by_visitor.charge(visitor, now, kind, size + HANDLING)
        if not wait and address:
            wait = self._by_address.charge(address, now, kind, size + HANDLING)
        if wait:
            raise Refused("rate_limited", retry_after=wait)

    def _hit(self, what: str, rates: Pair, caller: Caller) -> None:
        place = self.place_of(caller.address)
        # A flood from one address, with a new visitor each time, costs no more than this.
        wait = self._counters.waits(what, place)
        wait = wait or self._counters.hit(rates.visitor, what, caller.visitor)
        if not wait and place:
            wait = self._counters.hit(rates.address, what, place)
        if wait:
            raise Refused("rate_limited", retry_after=wait)


def _placing(secret: str) -> Callable[[str], str]:
    key = secret.encode()

    def place_of(address: str) -> str:
        """What an address is known by in Redis: a keyed hash; "" for none."""
        if not address:
            return ""
        return hmac.digest(key, b"place" + address.encode(), "sha256").hex()[:PLACE_DIGITS]

    return place_of
