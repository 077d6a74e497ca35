"""Token buckets of this process, for what happens thousands of times a second.

They follow the generic cell rate algorithm (ITU-T I.371): all that is kept is the moment when the
bucket will be full again. `docs/decisions/0006` says why messages are not counted in Redis.
"""

from __future__ import annotations

from limits import RateLimitItem

from rendezvous.safety.fading import Fading


class Buckets:
    """One bucket to a key: `rate` a period, of which all may be taken at once."""

    __slots__ = ("_each", "_full_at", "_period")

    def __init__(self, rate: RateLimitItem) -> None:
        self._period = float(rate.get_expiry())
        self._each = self._period / rate.amount
        # A bucket that is full is what one is that nobody knows.
        self._full_at: Fading[float] = Fading(lambda full_at, now: full_at <= now)

    def take(self, key: str, now: float, amount: float = 1.0) -> float:
        """Take `amount`, or nothing if there is not so much; returns the seconds to wait for it."""
        full_at = self._full_at.get(key, now)
        full_at = max(full_at, now)
        full_at += amount * self._each
        wait = full_at - now - self._period
        if wait > 0.0:
            return wait
        self._full_at.make_room(now)
        self._full_at[key] = full_at
        return 0.0

    def __len__(self) -> int:
        return len(self._full_at)
