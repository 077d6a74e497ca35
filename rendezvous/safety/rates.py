"""How much of what, and in which time."""

from __future__ import annotations

from dataclasses import dataclass

from limits import RateLimitItem, parse


@dataclass(frozen=True, slots=True)
class Pair:
    """A rate for each address and one for each visitor, as "120/minute"."""

    address: RateLimitItem
    visitor: RateLimitItem

    @classmethod
    def of(cls, address: str, visitor: str) -> Pair:
        """Read two rates; raises ValueError."""
        return cls(parse(address), parse(visitor))


@dataclass(frozen=True, slots=True)
class Rates:
    """What everybody may do; `skips_free` chats left at once (`skip_seconds`) are forgiven, and
    each further one doubles the wait before the next start, up to `skip_cooldown` seconds.
    """

    starts: Pair
    messages: Pair
    signals: Pair
    volume: Pair
    """Bytes of whatever is sent."""

    reports: Pair
    skip_seconds: float = 3
    skips_free: int = 5
    skip_cooldown: float = 60
