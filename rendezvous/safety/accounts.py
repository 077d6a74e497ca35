"""What is sent, counted for each sender: the token buckets of the hot path, three to a sender.

They are those of `buckets.py`, side by side, so that a message costs one look-up and no more calls.
"""

from __future__ import annotations

from limits import RateLimitItem

from rendezvous.safety.fading import Fading

OTHER, MESSAGE, SIGNAL = range(3)
"""What an event is, besides its bytes."""


class Accounts:
    """Of addresses, or of visitors: bytes, messages and signals that each may send."""

    __slots__ = ("_accounts", "_each", "_periods", "_volume_each", "_volume_period")

    def __init__(
        self, volume: RateLimitItem, messages: RateLimitItem, signals: RateLimitItem
    ) -> None:
        rates = (volume, messages, signals)
        self._periods = tuple(float(rate.get_expiry()) for rate in rates)
        self._each = tuple(rate.get_expiry() / rate.amount for rate in rates)
        self._volume_period, self._volume_each = self._periods[0], self._each[0]
        # An account that is full is what one is that nobody knows.
        self._accounts: Fading[list[float]] = Fading(lambda account, now: max(account) <= now)

    def charge(self, key: str, now: float, kind: int, size: int) -> float:
        """Take `size` bytes and one of its `kind`, or nothing of either if there is too little.

        Returns the seconds to wait for it.
        """
        account = self._accounts.get(key)
        if account is None:
            account = self._open(key, now)
        # Every message comes here twice, and `max` takes longer than all the rest of it.
        full_at = account[0]
        volume_full_at = (full_at if full_at > now else now) + size * self._volume_each  # noqa: FURB136
        wait = volume_full_at - now - self._volume_period
        if wait > 0.0:
            return wait
        if kind:
            full_at = account[kind]
            full_at = (full_at if full_at > now else now) + self._each[kind]  # noqa: FURB136
            wait = full_at - now - self._periods[kind]
            if wait > 0.0:
                return wait
            account[kind] = full_at
        account[0] = volume_full_at
        return 0.0

    def __len__(self) -> int:
        return len(self._accounts)

    def _open(self, key: str, now: float) -> list[float]:
        self._accounts.make_room(now)
        account = self._accounts[key] = [now] * 3
        return account
