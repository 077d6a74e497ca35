"""Every home of the switchboard, on a clock that the tests move."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

import pytest

from rendezvous.matching import Widening
from rendezvous.switchboard import MemorySwitchboard, RedisSwitchboard, Switchboard, Terms
from rendezvous.switchboard.results import Delivery, Effects
from rendezvous.switchboard.verbs import Reason
from tests.harness.redis_server import RedisServer

TERMS = Terms(inbox_events=8, inbox_bytes=4_096, sessions_per_place=3, sessions_per_visitor=2)
# For who waits level by level, a second, two and four, and meets nobody soon again.
WIDENING = Widening(arrivals=1, soonest=4, latest=4, interest=0.25, language=0.5)
PATIENT = replace(TERMS, widening=WIDENING, not_again=20, lease=10_000)
ASKING = replace(TERMS, alive_within=5, answer_within=2)
LINK_TIMEOUT = 5.0
LONG = 1e9


class Clock:
    """Seconds since whenever, which pass when a test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def pass_by(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds


class Listener:
    """Where a switchboard takes what it learns by itself: here it is only kept."""

    def __init__(self) -> None:
        self.delivered: list[Effects] = []
        self.arrived: list[Delivery] = []
        self.looks = 0
        self.lettings_go: list[str] = []

    def deliver(self, effects: Effects) -> None:
        self.delivered.append(effects)

    def arrive(self, delivery: Delivery) -> None:
        self.arrived.append(delivery)

    def look_again(self, prefix: str) -> None:
        self.looks += 1

    def let_go(self, prefix: str, why: Reason) -> None:
        self.lettings_go.append(prefix)


@cache
def redis_server() -> RedisServer:
    """One for all tests of this folder; started when the first needs it."""
    return RedisServer()


def wait_for(condition: Callable[[], object], seconds: float = LINK_TIMEOUT) -> None:
    """Until it holds; fails if it never does."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it never came to that"
        time.sleep(0.005)  # between two tries


def opened(
    url: str,
    clock: Callable[[], float] | None = None,
    listener: Listener | None = None,
    leap: float = LONG,
    terms: Terms = TERMS,
) -> RedisSwitchboard:
    """A switchboard, as one worker has it, that is ready."""
    board = RedisSwitchboard(url, terms, clock, leap)
    listener = listener or Listener()
    board.open(listener)
    wait_for(lambda: board.is_up and listener.looks >= 2)
    return board


def fresh_redis(clock: Clock, terms: Terms = TERMS) -> RedisSwitchboard:
    server = redis_server()
    with server.client() as client:
        client.flushall()
    return opened(server.url, clock, terms=terms)


HOMES: dict[str, Callable[[Clock, Terms], Switchboard]] = {
    "memory": lambda clock, terms: MemorySwitchboard(terms, clock),
    "redis": fresh_redis,
}


def shut(board: Switchboard) -> None:
    """Give up what a switchboard holds of this process."""
    if isinstance(board, RedisSwitchboard):
        board.shut()


@pytest.fixture(scope="session", autouse=True)
def _redis_server_ends() -> Iterator[None]:
    yield
    if redis_server.cache_info().currsize:
        redis_server().close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def terms() -> Terms:
    """Those of `board`; a module that wants others says so."""
    return TERMS


@pytest.fixture(params=sorted(HOMES))
def board(request: pytest.FixtureRequest, clock: Clock, terms: Terms) -> Iterator[Switchboard]:
    board = HOMES[request.param](clock, terms)
    yield board
    shut(board)
