"""What it costs to come while more and more others wait, in memory and in Redis."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

from redis import Redis

from bench.parts import Scale
from bench.results import DIRECTORY, machine
from bench.servers import redis_server
from rendezvous.matching import Profile, Widening
from rendezvous.protocol.fields import Wish
from rendezvous.switchboard import MemorySwitchboard, RedisSwitchboard, Switchboard, Terms
from rendezvous.switchboard.results import Begun

TERMS: Final = Terms(widening=Widening(), not_again=20, ended_retention=0)
Meter = Callable[[], AbstractContextManager[list[float]]]

AT_A_TIME: Final = 100
TURNS: Final = 10
PINNED: Final[frozenset[Wish]] = frozenset({"interests"})
UP_WITHIN: Final = 10.0  # s


@dataclass(frozen=True)
class Line:
    """So many others wait, whom nobody suits: microseconds of a start that finds nobody, and of one
    that finds the one who suits.
    """

    home: str
    waiting: int
    in_vain: float
    meeting: float

    def __str__(self) -> str:
        return f"| {self.home} | {self.waiting:,} | {self.in_vain:.0f} | {self.meeting:.0f} |"


def write(scale: Scale) -> None:
    """Measure, print, and keep in `results/waiting.md`."""
    lines = list(_lines(scale))
    text = "\n".join(_report(lines))
    DIRECTORY.mkdir(exist_ok=True)
    (DIRECTORY / "waiting.md").write_text(text + "\n")
    print(text)


def _lines(scale: Scale) -> Iterator[Line]:
    for size in scale.waiting_sizes:
        yield _line("memory", size, MemorySwitchboard(TERMS, time.monotonic), _process)
    if shutil.which("redis-server") is None:
        print("There is no redis-server on the PATH.")
        return
    for size in scale.waiting_sizes:
        with _in_redis() as (board, meter):
            yield _line("Redis", size, board, meter)


def _line(home: str, size: int, board: Switchboard, meter: Meter) -> Line:
    for number in range(size):
        board.start(_somebody(f"waiting {number}"), f"waiting {number}")
    costs = [_turn(board, meter, turn) for turn in range(TURNS + 1)][1:]
    line = Line(home, size, *(1e6 * median(each) for each in zip(*costs, strict=True)))
    print(line, flush=True)
    return line


def _turn(board: Switchboard, meter: Meter, turn: int) -> tuple[float, float]:
    """Seconds of a start in vain, and of one that meets who has come last in vain."""
    names = [f"{turn} {number}" for number in range(AT_A_TIME)]
    each: list[float] = []
    begun: list[Begun] = []
    for side, status in (("one", "waiting"), ("other", "matched")):
        with meter() as costs:
            begun = [board.start(_somebody(name, side), f"{side} {name}") for name in names]
        if any(one.status != status for one in begun):
            raise AssertionError(f"not everybody was {status}")
        each += costs
    for one in begun:
        board.leave(one.session_id)
    return each[0], each[1]


def _somebody(name: str, side: str = "") -> Profile:
    """Who has three interests, of which the same name shares the first."""
    interests = (name, *(f"{liked} of {name}, {side}" for liked in ("tea", "jazz")))
    return Profile("text", interests, "en", f"{name} {side}", pinned=PINNED)


@contextmanager
def _process() -> Iterator[list[float]]:
    """Adds what a verb has taken of this process, in seconds."""
    costs: list[float] = []
    begin = time.process_time()
    yield costs
    costs.append((time.process_time() - begin) / AT_A_TIME)


def _scripts(client: Redis) -> Meter:
    """A meter of what a verb has taken of Redis, which keeps count by command."""

    @contextmanager
    def meter() -> Iterator[list[float]]:
        costs: list[float] = []
        client.config_resetstat()
        yield costs
        found: dict[str, Any] = client.info("commandstats")
        costs.append(found["cmdstat_evalsha"]["usec_per_call"] / 1e6)

    return meter


class _Nowhere:
    """An exit for what nobody waits for."""

    def deliver(self, _effects: object) -> None: ...

    def arrive(self, _delivery: object) -> None: ...

    def look_again(self, _prefix: str) -> None: ...

    def let_go(self, _prefix: str, _why: object) -> None: ...


@contextmanager
def _in_redis() -> Iterator[tuple[Switchboard, Meter]]:
    with redis_server() as (url, _):
        board = RedisSwitchboard(url, TERMS)
        board.open(_Nowhere())
        until = time.monotonic() + UP_WITHIN
        while not board.is_up and time.monotonic() < until:
            time.sleep(0.05)  # between two looks
        try:
            yield board, _scripts(Redis.from_url(url))
        finally:
            board.shut()


def _report(lines: list[Line]) -> Iterator[str]:
    yield "# What it costs to come while others wait"
    yield ""
    yield f"Written by `python -m bench waiting`, on {machine()};"
    yield f"medians of {TURNS} times {AT_A_TIME}."
    yield ""
    yield "Microseconds of a start, with three interests and a language, while so many others wait"
    yield "who want something else and nothing less: in vain, and with somebody there who suits. In"
    yield "memory those of the process, of Redis what it takes itself."
    yield ""
    yield "| | others | in vain | with somebody |"
    yield "| --- | ---: | ---: | ---: |"
    yield from map(str, lines)
