"""Addresses as they are kept: keyed hashes, with another key for every period.

Without the server's secret nobody can tell which address a hash is of, nor that two hashes of
different periods are of the same one.
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable, Iterable
from functools import lru_cache

KEPT = 16  # bytes of a hash; for addresses, far from any collision


class AddressHashes:
    """Hashes addresses; the key changes every `period` seconds."""

    def __init__(self, secret: str, period: float, clock: Callable[[], float] = time.time) -> None:
        self._secret = secret.encode()
        self._period = period
        self._clock = clock
        self._key = lru_cache(maxsize=64)(self._made_key)

    def of(self, address: str) -> str:
        """The hash of an address that is kept from now on: "<period>:<hash>"; "" for none."""
        return self._hash(int(self._clock() // self._period), address) if address else ""

    def all_of(self, address: str, periods: Iterable[int]) -> list[str]:
        """The hashes that an address had, or will have, in some periods."""
        return [self._hash(period, address) for period in periods] if address else []

    def _hash(self, period: int, address: str) -> str:
        digest = hmac.digest(self._key(period), address.encode(), "sha256")
        return f"{period}:{digest[:KEPT].hex()}"

    def _made_key(self, period: int) -> bytes:
        return hmac.digest(self._secret, b"address %d" % period, "sha256")


def period_of(hashed: str) -> int:
    """The period that a hash is of."""
    return int(hashed.partition(":")[0])
