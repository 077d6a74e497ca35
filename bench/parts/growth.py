"""What a match, a relay and a disconnect cost while more and more others are there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from statistics import median
from time import monotonic, process_time
from typing import Final

from bench import load
from bench.chat import ENDLESS_TALK, INTRODUCTION, Chatter, Script, Tally
from bench.driver import Driver
from bench.measure import Stopwatch, raise_descriptor_limit
from bench.parts import Outcome, Round, Scale, interleaved
from bench.servers import Kind, Server
from rendezvous.matching import Profile
from rendezvous.switchboard import MemorySwitchboard, Terms

PROBES: Final = 50
MESSAGES: Final = 10_000
# What neither the server nor the driver can use for clients: its files, sockets and libraries.
SPARE_DESCRIPTORS: Final = 200
# An hour, in seconds: pings to 20,000 would be noise in the cost of 50 disconnects.
NO_PINGS: Final = {"PING_INTERVAL": "3600"}
IDLE_SHARE: Final = 0.005
IDLE_LIMIT: Final = 20.0  # because timers of a handshake may run for 10 s
QUIET: Final = 0.3
PAIRS_MATCHED: Final = 2_000
RETENTION: Final = 60.0
ALIVE_WITHIN: Final = 5.0


def measure(kinds: Sequence[Kind], scale: Scale) -> Outcome:
    silent = [replace(kind, environment={**kind.environment, **NO_PINGS}) for kind in kinds]
    room = raise_descriptor_limit() - SPARE_DESCRIPTORS
    outcome = Outcome()
    for wanted in scale.growth_sizes:
        size = min(wanted, room)
        if size < wanted:
            outcome.remarks.append(f"growth: {size:,} instead of {wanted:,}, for `ulimit -n`")
        one_round = partial(one_size, size=size, scale=scale)
        outcome.merge(interleaved(f"growth to {size:,}", silent, scale.growth_rounds, one_round))
    for round_ in matches(scale):
        outcome.add("rendezvous", round_)
    return outcome


def one_size(server: Server, size: int, scale: Scale) -> Round:
    with load.driving(server) as driver:
        tally = Tally()
        load.connect(driver, tally, size - PROBES, lambda: Chatter(driver, tally, INTRODUCTION))
        idle = _idle_share(driver, server)
        relay = _cpu_per_relay(driver, server, tally, scale.growth_windows, idle)
        drop = _cpu_per_disconnect(driver, server, tally, scale.disconnect_windows, idle)
    return {
        f"relay_us@{size}": 1e6 * relay,
        f"disconnect_us@{size}": 1e6 * drop,
        f"idle_share@{size}": idle,
        "errors": driver.errors.total(),
    }


def _idle_share(driver: Driver, server: Server) -> float:
    """Wait until what connecting has left to do is done; return what idleness costs."""
    deadline = monotonic() + IDLE_LIMIT
    while True:
        stopwatch = Stopwatch(server.pid)
        driver.run_for(1.0)
        share = stopwatch.read().server_share
        if share < IDLE_SHARE or monotonic() > deadline:
            return share


def _cpu_per_relay(
    driver: Driver, server: Server, tally: Tally, windows: int, idle: float
) -> float:
    probes = _probes(driver, tally, ENDLESS_TALK)
    load.listen(driver, server, tally, MESSAGES)
    results = [load.listen(driver, server, tally, MESSAGES) for _ in range(windows)]
    _drop(driver, probes)
    return median(result.reading.server_beyond(idle) / result.count for result in results)


def _cpu_per_disconnect(
    driver: Driver, server: Server, tally: Tally, windows: int, idle: float
) -> float:
    costs = []
    for _ in range(windows):
        probes = _probes(driver, tally, INTRODUCTION)
        driver.run_for(QUIET)
        stopwatch = Stopwatch(server.pid)
        _drop(driver, probes)
        costs.append(stopwatch.read().server_beyond(idle) / PROBES)
    return median(costs)


def _probes(driver: Driver, tally: Tally, script: Script) -> list[Chatter]:
    """Add some who are in chats with each other."""
    probes: list[Chatter] = []
    total, introduced = tally.connected + PROBES, tally.introduced + PROBES // 2
    load.connect(driver, tally, total, lambda: load.kept(probes, Chatter(driver, tally, script)))
    driver.run(lambda: tally.introduced >= introduced, load.LIMIT)
    return probes


def _drop(driver: Driver, probes: list[Chatter]) -> None:
    """Close their sockets without a word, and give the server time to deal with it."""
    for probe in probes:
        probe.drop()
    driver.run_for(QUIET)


class Clock:
    """A clock that is put forward by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def matches(scale: Scale) -> Iterator[Round]:
    """Time matches on the switchboard itself, while others wait whom nobody suits."""
    for size in scale.waiting_sizes:
        clock = Clock()
        board = _board_with_waiting(size, clock)
        _seconds_per_match(board)
        for _ in range(scale.growth_windows):
            clock.now += RETENTION + 1
            board.sweep()
            yield {f"match_us@{size}": 1e6 * _seconds_per_match(board)}


def _board_with_waiting(size: int, clock: Clock) -> MemorySwitchboard:
    terms = Terms(ended_retention=RETENTION, alive_within=ALIVE_WITHIN)
    board = MemorySwitchboard(terms, clock)
    for number in range(size):
        wish = Profile("video", (f"what only {number} likes",), pinned=frozenset({"interests"}))
        board.start(wish, f"waiting-{number}")
    return board


def _seconds_per_match(board: MemorySwitchboard) -> float:
    """Return the mean of a whole match: both starts."""
    profile, started = Profile("video"), []
    begin = process_time()
    for number in range(PAIRS_MATCHED):
        started.append(board.start(profile, f"one-{number}"))
        started.append(board.start(profile, f"other-{number}"))
    seconds = process_time() - begin
    if sum(begun.status == "matched" for begun in started) != PAIRS_MATCHED:
        raise AssertionError("not every second one was matched")
    for begun in started:
        board.leave(begun.session_id)
    return seconds / PAIRS_MATCHED
