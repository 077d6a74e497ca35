"""Token buckets of this process, for what happens thousands of times a second.

They follow the generic cell rate algorithm (ITU-T I.371): all that is kept is the moment when the
bucket will be full again. `docs/decisions/0006` says why messages are not counted in Redis.
"""

from __future__ import annotations

from limits import RateLimitItem

SWEEP_AT = 1_024  # keys; twice as many as were left the last time after that


class Buckets:
    """One bucket to a key: `rate` a period, of which all may be taken at once."""

    __slots__ = ("_each", "_full_at", "_period", "_sweep_at")

    def __init__(self, rate: RateLimitItem) -> None:
        self._period = float(rate.get_expiry())
        self._each = self._period / rate.amount
        self._full_at: dict[str, float] = {}
        self._sweep_at = SWEEP_AT

    def take(self, key: str, now: float, amount: float = 1.0) -> float:
        """Take `amount`, or nothing if there is not so much; returns the seconds to wait for it."""
        full_at = self._full_at.get(key, now)
        full_at = max(full_at, now)
        full_at += amount * self._each
        wait = full_at - now - self._period
        if wait > 0.0:
            return wait
        self._full_at[key] = full_at
        if len(self._full_at) > self._sweep_at:
            self._sweep(now)
        return 0.0

    def __len__(self) -> int:
        return len(self._full_at)

    def _sweep(self, now: float) -> None:
        """Forget buckets that are full, which is what those are that nobody knows."""
        self._full_at = {key: full_at for key, full_at in self._full_at.items() if full_at > now}
        self._sweep_at = max(SWEEP_AT, 2 * len(self._full_at))
