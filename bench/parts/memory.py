"""Memory for each connection, idle and in a chat, and connects a second."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import Final

from bench import load
from bench.chat import CHAT_WITHOUT_END, Chatter, Idler, Tally
from bench.driver import Driver
from bench.measure import Stopwatch, memory_bytes
from bench.parts import Outcome, Round, Scale, interleaved
from bench.servers import Kind, Server

WARM_UP: Final = 100
SETTLED: Final = 0.005
SETTLE_LIMIT: Final = 15.0


def measure(kinds: Sequence[Kind], scale: Scale) -> Outcome:
    idle = interleaved(
        "memory", kinds, scale.rounds, lambda server: one_round(server, scale.for_kind(server.kind))
    )
    chatting = interleaved(
        "memory in a chat", kinds, scale.rounds, lambda server: chatting_round(server, scale)
    )
    idle.merge(chatting)
    return idle


def one_round(server: Server, scale: Scale) -> Round:
    result: Round = {}
    with _warmed(server) as driver:
        tally, before = Tally(), settled(driver, server.pid)
        for size in scale.idle_sizes:
            stopwatch, already = Stopwatch(server.pid), tally.connected
            load.connect(driver, tally, size, lambda: Idler(driver, tally))
            reading = stopwatch.read()
            result[f"connects_per_second@{size}"] = (size - already) / reading.wall
            result[f"cpu_per_connect_us@{size}"] = 1e6 * reading.server / (size - already)
            grown = settled(driver, server.pid) - before
            result[f"kb_per_connection@{size}"] = grown / size / 1024
            result["driver_share"] = reading.driver_share
            result["others_share"] = reading.others_share
    result["errors"] = driver.errors.total()
    return result


def chatting_round(server: Server, scale: Scale) -> Round:
    size = scale.chatting
    with _warmed(server) as driver:
        tally, before = Tally(), settled(driver, server.pid)
        load.connect(driver, tally, size, lambda: Chatter(driver, tally, CHAT_WITHOUT_END))
        said = size * CHAT_WITHOUT_END.messages
        driver.run(lambda: tally.messages >= said, load.LIMIT)
        grown = settled(driver, server.pid) - before
    return {
        f"kb_per_chatting_connection@{size}": grown / size / 1024,
        "errors": driver.errors.total(),
    }


@contextmanager
def _warmed(server: Server) -> Iterator[Driver]:
    """Have some connections come and go first, so that what is loaded once isn't counted."""
    with load.driving(server) as driver:
        tally, idlers = Tally(), list[Idler]()
        load.connect(driver, tally, WARM_UP, lambda: load.kept(idlers, Idler(driver, tally)))
        for idler in idlers:
            idler.bye()
        driver.run(lambda: tally.finished >= WARM_UP, load.LIMIT)
        yield driver


def settled(driver: Driver, pid: int) -> int:
    """Answer pings until the memory of `pid` stays the same for a second; return it."""
    deadline = monotonic() + SETTLE_LIMIT
    seen = [memory_bytes(pid)]
    while monotonic() < deadline:
        driver.run_for(0.5)
        seen.append(memory_bytes(pid))
        last = seen[-3:]
        if len(last) == 3 and max(last) - min(last) < SETTLED * last[-1]:
            break
    return seen[-1]
