"""What a fault is shown on: a deployment, a Redis, and how large everything is."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.chaos.chats import Broken
from tests.chaos.deployment import Deployment
from tests.chaos.remains import for_ever, of_people
from tests.harness.link import Links
from tests.harness.redis_server import DURABLE, RedisServer


@dataclass(frozen=True)
class Size:
    """How much of everything; seconds, and numbers of things."""

    workers: int = 3
    chats: int = 200
    kills: int = 100
    worker_frozen: float = 30
    redis_gone: float = 20
    redis_frozen: float = 8
    link_frozen: float = 5
    crowd: int = 2_000
    races: int = 10_000
    slack: float = 1.0  # how many times over a limit of time is still good
    settings: dict[str, str] = field(default_factory=lambda: {"ENDED_RETENTION": "5"})


FULL = Size()
SHORT = Size(
    chats=15,
    kills=2,
    worker_frozen=7,
    redis_gone=4,
    redis_frozen=3,
    link_frozen=2,
    crowd=150,
    races=1_000,
    slack=4.0,
    settings={
        "ENDED_RETENTION": "1",
        "RECONNECT_GRACE": "9",  # more than it takes to notice that a worker is cut off
        "PING_INTERVAL": "1.5",
        "PING_TIMEOUT": "1.5",
        "LOG_LEVEL": "WARNING",
    },
)


@dataclass(frozen=True)
class Stage:
    """Everything a fault may touch."""

    deployment: Deployment
    redis: RedisServer
    links: Links
    size: Size
    folder: Path

    @property
    def grace(self) -> float:
        """Seconds that a client has to come back."""
        return float(self.size.settings.get("RECONNECT_GRACE", 15))

    def within(self, seconds: float, limit: float, what: str) -> str:
        """`what` took so long, in words; raises Broken if that is more than it may be."""
        if seconds > limit * self.size.slack:
            raise Broken(f"{what} took {seconds:.2f} s, which may be {limit:g} s")
        return f"{what} {seconds:.2f} s"

    def restore(self) -> None:
        """Leave no fault behind, not even after one that was not survived."""
        self.redis.restore()
        for link in self.deployment.to_redis:
            link.target = self.redis.port
            link.mend()
        for worker in self.deployment.workers:
            worker.restore()
        while self.deployment.online() > 0:
            time.sleep(0.1)  # between two looks; whoever a fault has left has a grace


Fault = Callable[[Stage], Coroutine[Any, Any, str]]


@dataclass(frozen=True)
class Line:
    """A line of the table: a fault (with sizes to fill in), what must hold, and what shows it.

    `quick` are those that `make test` has the time for.
    """

    name: str
    must_hold: str
    show: Fault
    quick: bool

    def title(self, size: Size) -> str:
        """The fault's name, with its sizes."""
        return self.name.format(**asdict(size))


TABLE: list[Line] = []


def fault(name: str, must_hold: str, *, quick: bool = False) -> Callable[[Fault], Fault]:
    """Enter a fault into the table; it returns its figures in words, or raises Broken."""

    def enter(show: Fault) -> Fault:
        TABLE.append(Line(name, must_hold, show, quick))
        return show

    return enter


@contextmanager
def open_stage(folder: Path, size: Size) -> Iterator[Stage]:
    """A fresh deployment of `size.workers` on a durable Redis."""
    with Links() as links, RedisServer(**DURABLE) as redis:
        ports = [redis.port] * size.workers
        deployment = Deployment(folder, links, ports, size.settings)
        try:
            yield Stage(deployment, redis, links, size, folder)
        finally:
            redis.thaw()
            deployment.close()


async def nothing_left(stage: Stage) -> str:
    """Wait until Redis holds nothing of anybody, and the rest for a time only."""
    limit = float(stage.size.settings["ENDED_RETENTION"]) + 2 * stage.grace
    began = time.monotonic()
    while left := await asyncio.to_thread(of_people, stage.redis):
        if time.monotonic() - began > limit:
            raise Broken(f"{len(left)} keys are left, such as {left[:5]}")
        await asyncio.sleep(0.1)  # between two looks
    if forever := for_ever(stage.redis):
        raise Broken(f"keys that never expire: {forever[:5]}")
    return "nothing left"
