"""Counts of this process, and those that all processes share through Redis.

Sharing is the `limits` package's; here is only what happens while Redis is away: counting goes on
in this process, so that nobody waits for long and nobody is refused for it. Its memory storage is
not used, because it looks through all keys a hundred times a second (`docs/decisions/0006`).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock
from typing import Any, Protocol, TypeVar

import structlog
from limits import RateLimitItem
from limits.storage import RedisClusterStorage, RedisStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from redis.backoff import NoBackoff
from redis.retry import Retry

from rendezvous.safety.buckets import Buckets
from rendezvous.safety.fading import Fading

PATIENCE = 0.25  # s; for a connection, and for an answer
RECOVERY = 5.0  # s; after a failure Redis is left alone so long
PREFIX = "rendezvous:limits"
SHORTEST_WAIT = 0.1  # s
REMEMBERED = 1.0  # s; so long at most a refusal is repeated without asking Redis

T = TypeVar("T")
log = structlog.get_logger()


class Counters(Protocol):
    """What limits are counted with."""

    def hit(self, rate: RateLimitItem, what: str, key: str) -> float:
        """Count one; returns the seconds to wait if that is one too many, which is not counted."""
        ...

    def waits(self, what: str, key: str) -> float:
        """The seconds that somebody is known to have to wait, without asking anybody; or 0."""
        ...

    def count(self, key: str, seconds: int) -> int:
        """Count one; returns how many there have been in the `seconds` since the first."""
        ...


class LocalCounters:
    """Of this process; `clock` is monotonic, in seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: dict[tuple[RateLimitItem, str], Buckets] = {}
        self._counts: Fading[tuple[int, float]] = Fading(lambda count, now: count[1] <= now)

    def hit(self, rate: RateLimitItem, what: str, key: str) -> float:
        buckets = self._buckets.get((rate, what))
        if buckets is None:
            buckets = self._buckets[rate, what] = Buckets(rate)
        return buckets.take(key, self._clock())

    def waits(self, what: str, key: str) -> float:
        return 0.0  # because to count costs nothing here

    def count(self, key: str, seconds: int) -> int:
        now = self._clock()
        self._counts.make_room(now)
        count, until = self._counts.get(key, (0, 0.0))
        if until <= now:
            count, until = 0, now + seconds
        self._counts[key] = (count + 1, until)
        return count + 1


class RedisCounters:
    """Of all processes that use the Redis at `url`."""

    def __init__(self, url: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._local = LocalCounters(clock)
        self._url = url
        self._made: SlidingWindowCounterRateLimiter | None = None
        self._away_until = 0.0
        self._turn = Lock()  # as there is one connection
        self._refused: Fading[tuple[float, float]] = Fading(lambda refusal, now: refusal[0] <= now)

    def hit(self, rate: RateLimitItem, what: str, key: str) -> float:
        def shared() -> float:
            if self._window.hit(rate, what, key):
                return 0.0
            stats = self._window.get_window_stats(rate, what, key)
            wait = max(SHORTEST_WAIT, stats.reset_time - time.time())
            self._remember(what, key, wait)
            return wait

        return self.waits(what, key) or self._ask(shared, lambda: self._local.hit(rate, what, key))

    def waits(self, what: str, key: str) -> float:
        now = self._clock()
        asked_again_at, until = self._refused.get(f"{what}/{key}", (0.0, 0.0))
        return until - now if now < asked_again_at else 0.0

    def count(self, key: str, seconds: int) -> int:
        return self._ask(
            lambda: self._window.storage.incr(key, seconds),
            lambda: self._local.count(key, seconds),
        )

    def _remember(self, what: str, key: str, wait: float) -> None:
        now = self._clock()
        self._refused.make_room(now)
        self._refused[f"{what}/{key}"] = now + min(wait, REMEMBERED), now + wait

    @property
    def _window(self) -> SlidingWindowCounterRateLimiter:
        if self._made is None:  # not before, because a cluster is asked for its nodes then
            self._made = SlidingWindowCounterRateLimiter(_storage(self._url))
        return self._made

    def _ask(self, shared: Callable[[], T], alone: Callable[[], T]) -> T:
        with self._turn:
            # Only now, or all who wait would find out for themselves that Redis is away.
            if self._clock() >= self._away_until:
                try:
                    return shared()
                except Exception as error:  # noqa: BLE001 - nobody may be refused because of it
                    self._away_until = self._clock() + RECOVERY
                    log.warning("counting alone: Redis does not answer", error=type(error).__name__)
        return alone()


def counters_at(url: str) -> Counters:
    """Those that all share where `url` names a Redis, or else this process's own."""
    return RedisCounters(url) if url not in ("", "memory://") else LocalCounters()


def _storage(url: str) -> RedisStorage:
    options: dict[str, Any] = {
        "socket_connect_timeout": PATIENCE,
        "socket_timeout": PATIENCE,
        "retry": Retry(NoBackoff(), 0),
    }
    scheme, _, rest = url.partition("://")
    if scheme.endswith("+cluster"):
        secure = {"ssl": True} if scheme.startswith("rediss") else {}
        return RedisClusterStorage(
            f"redis+cluster://{rest}", key_prefix=PREFIX, **options, **secure
        )
    # One connection, because to take one out of a pool costs a look at whether it is still good.
    return RedisStorage(url, key_prefix=PREFIX, single_connection_client=True, **options)
