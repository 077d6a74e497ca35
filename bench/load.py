"""The kinds of load: whole chats and endless talk, at top speed or at a fixed rate."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from time import perf_counter
from typing import Final, TypeVar

from bench.chat import ENDLESS_TALK, INTRODUCTION, WHOLE_CHAT, Chatter, Idler, Passer, Tally
from bench.driver import Driver
from bench.measure import Reading, Stopwatch, percentile
from bench.servers import Server

# eventlet listens with a backlog of 50: more at once would measure lost SYNs.
HANDSHAKES_AT_ONCE: Final = 32
LIMIT: Final = 120.0
Client = TypeVar("Client", bound=Idler)


@dataclass(frozen=True)
class Result:
    """One run of a load: how much was done while the stopwatch ran, and how much went wrong."""

    count: int
    reading: Reading
    tally: Tally
    driver: Driver

    @property
    def errors(self) -> int:
        return self.driver.errors.total()

    @property
    def per_second(self) -> float:
        return self.count / self.reading.wall

    @property
    def cpu_each(self) -> float:
        return self.reading.server / self.count

    def match_time(self, share: float) -> float:
        return percentile(self.tally.match_times.tolist(), share)

    def relay_time(self, share: float) -> float:
        return percentile(self.tally.relay_times.tolist(), share)


@contextmanager
def driving(server: Server) -> Iterator[Driver]:
    driver = Driver(*server.ports)
    gc.collect()
    gc.disable()  # because a collection here would be seen as a delay there
    try:
        yield driver
    finally:
        gc.enable()
        driver.close()


def connect(driver: Driver, tally: Tally, count: int, new: Callable[[], Idler]) -> None:
    """Bring the run to `count` clients, a few handshakes at a time."""
    started = tally.connected

    def fill() -> None:
        nonlocal started
        while started < count and started - tally.connected < HANDSHAKES_AT_ONCE:
            new()
            started += 1

    driver.run(lambda: tally.connected >= count, LIMIT, fill)


def connects(server: Server, count: int) -> Result:
    """Connect and leave `count` times, a few at once."""
    tally = Tally()
    with driving(server) as driver:
        started = 0

        def fill() -> None:
            nonlocal started
            while started - tally.finished < HANDSHAKES_AT_ONCE and started < count:
                Passer(driver, tally)
                started += 1

        stopwatch = Stopwatch(server.pid)
        driver.run(lambda: tally.finished >= count, LIMIT, fill)
        return Result(count, stopwatch.read(), tally, driver)


def whole_chats(server: Server, chats: int, warm_up: int, at_once: int) -> Result:
    """Play `chats` whole chats, `at_once` at any time, after `warm_up` that don't count."""
    tally = Tally()
    with driving(server) as driver:
        started = 0

        def fill() -> None:
            nonlocal started
            while driver.opening < HANDSHAKES_AT_ONCE and started - tally.finished < 2 * at_once:
                Chatter(driver, tally, WHOLE_CHAT)
                started += 1

        driver.run(lambda: tally.chats >= warm_up, LIMIT, fill)
        stopwatch, before = Stopwatch(server.pid), tally.chats
        driver.run(lambda: tally.chats >= before + chats, LIMIT, fill)
        return Result(tally.chats - before, stopwatch.read(), tally, driver)


def endless_talk(server: Server, messages: int, warm_up: int, pairs: int) -> Result:
    """Let `pairs` talk, a message for a message, until `messages` after `warm_up` have arrived."""
    tally = Tally()
    with driving(server) as driver:
        connect(driver, tally, 2 * pairs, lambda: Chatter(driver, tally, ENDLESS_TALK))
        listen(driver, server, tally, warm_up)
        return listen(driver, server, tally, messages)


def listen(driver: Driver, server: Server, tally: Tally, messages: int) -> Result:
    """Let those who talk go on until `messages` more have arrived."""
    stopwatch, before = Stopwatch(server.pid), tally.messages
    driver.run(lambda: tally.messages >= before + messages, LIMIT)
    return Result(tally.messages - before, stopwatch.read(), tally, driver)


def paced_chats(server: Server, rate: float, seconds: float) -> Result:
    """Start whole chats at a fixed `rate` a second, whether or not the others are over."""
    tally = Tally()
    with driving(server) as driver:
        stopwatch = Stopwatch(server.pid)
        clients = 2 * round(rate * seconds)
        _pace(driver, 2 * rate, clients, lambda: Chatter(driver, tally, WHOLE_CHAT))
        driver.run(lambda: tally.finished >= clients, LIMIT)
        return Result(tally.chats, stopwatch.read(), tally, driver)


def paced_messages(server: Server, rate: float, seconds: float, pairs: int) -> Result:
    """Send messages at a fixed `rate` a second, each from the next of the 2 * `pairs` clients."""
    tally, clients = Tally(), list[Chatter]()
    with driving(server) as driver:
        connect(
            driver, tally, 2 * pairs, lambda: kept(clients, Chatter(driver, tally, INTRODUCTION))
        )
        driver.run(lambda: tally.introduced >= pairs, LIMIT)
        turn = cycle(clients)

        def say(for_seconds: float) -> Result:
            del tally.relay_times[:]
            stopwatch, before = Stopwatch(server.pid), tally.messages
            _pace(driver, rate, round(rate * for_seconds), lambda: next(turn).say())
            driver.run(lambda: not any(client.said_at for client in clients), LIMIT)
            return Result(tally.messages - before, stopwatch.read(), tally, driver)

        say(seconds / 2)
        return say(seconds)


def kept(clients: list[Client], client: Client) -> Client:
    clients.append(client)
    return client


def _pace(driver: Driver, rate: float, total: int, act: Callable[[], object]) -> None:
    """Call `act` at `rate` a second, evenly, `total` times; what is late is made up for at once."""
    start, done = perf_counter(), 0
    while done < total:
        due = min(int((perf_counter() - start) * rate) + 1, total)
        while done < due:
            act()
            done += 1
        driver.poll_until(start + done / rate)
