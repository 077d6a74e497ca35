"""What an attack does to the honest pair and to the server's memory."""

from __future__ import annotations

import re
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

from tests.harness.clients import wait_for
from tests.harness.servers import Server
from tests.hostile.pair import Pair
from tests.hostile.rogues import Attack

EXCHANGES = 50
MOST_DELAY = 0.050  # s, what an attack may add to an exchange
MOST_MEMORY = 2 * 1_048_576  # bytes for each hostile connection
MOST_GROWTH = 0.10  # of the memory, when the same attack comes again
LONG = 1.5  # s; a longer attack does not come again

SETTINGS = {
    "RECONNECT_GRACE": "2",
    "ENDED_RETENTION": "1",
    "HANDSHAKE_TIMEOUT": "1",  # so that we need not wait long for what times out
}
HEAD = (
    "| attack | open at once | exchange without, median / p95 ms | under attack, median / p95 ms "
    "| added, median ms | memory a connection, KB | still held, KB | more after another, KB "
    "| logged, KB | what becomes of it |\n"
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"
)


@dataclass(frozen=True)
class Delay:
    """Seconds that an exchange takes."""

    median: float
    p95: float

    @classmethod
    def of(cls, exchanges: list[float]) -> Delay:
        """Of a few dozen at least."""
        return cls(statistics.median(exchanges), statistics.quantiles(exchanges, n=20)[-1])

    def __str__(self) -> str:
        return f"{self.median * 1_000:.1f} / {self.p95 * 1_000:.1f}"


@dataclass(frozen=True)
class Effect:
    """The figures of one attack; memory in bytes.

    What it leaves (`memory_left`) may be the C library's, which keeps freed memory for later; but
    then the same attack once more takes that, and what it leaves on top (`growth`, None if it
    was too long to repeat) is what has leaked.
    """

    attack: Attack
    without: Delay
    under: Delay
    most_memory: int
    memory_before: int
    memory_left: int
    growth: int | None
    logged: int
    outcome: str

    @property
    def added(self) -> float:
        """Seconds that the attack adds to the median exchange."""
        return self.under.median - self.without.median

    @property
    def leaks(self) -> bool:
        """Whether memory grows with each attack."""
        return (self.growth or 0) > MOST_GROWTH * (self.memory_before + self.memory_left)

    @property
    def memory_each(self) -> float:
        """Bytes that one hostile connection costs at most."""
        return self.most_memory / self.attack.connections

    def __str__(self) -> str:
        figures = (
            self.attack.name,
            f"{self.attack.connections:,}",
            self.without,
            self.under,
            f"{self.added * 1_000:+.1f}",
            f"{self.memory_each / 1_024:,.0f}",
            f"{self.memory_left / 1_024:+,.0f}",
            "" if self.growth is None else f"{self.growth / 1_024:+,.0f}",
            f"{self.logged / 1_024:,.0f}",
            self.outcome,
        )
        return f"| {' | '.join(map(str, figures))} |"


def measure(server: Server, pair: Pair, attack: Attack) -> Effect:
    """Attack until the pair has exchanged enough messages meanwhile, and until all is over."""
    without = Delay.of(pair.next(EXCHANGES))
    before = Holdings.of(server)
    log = len(server.log())
    forget_peak(server)
    began = time.monotonic()
    outcome = attack.strike(server)
    took = time.monotonic() - began
    while len(pair.since(began)) < EXCHANGES:
        attack.strike(server)
    under = Delay.of(pair.since(began))
    peak = peak_memory(server) - before.memory
    left = before.wait_for_return(server)
    logged = len(server.log()) - log
    growth = None
    if took < LONG:
        attack.strike(server)
        growth = before.wait_for_return(server) - left
    return Effect(
        attack, without, under, peak, before.memory, left - before.memory, growth, logged, outcome
    )


@dataclass(frozen=True)
class Holdings:
    """What the server has: bytes, descriptors, sessions."""

    memory: int
    files: int
    online: int

    @classmethod
    def of(cls, server: Server) -> Holdings:
        """At this moment."""
        files = int(server.metrics()["process_open_fds"])  # this very request's included
        return cls(server.memory(), files, server.health()["online"])

    def wait_for_return(self, server: Server) -> int:
        """Wait until it has no more connections and sessions than these; its memory then."""
        wait_for(lambda: Holdings.of(server).files <= self.files, "the connections' end")
        wait_for(lambda: Holdings.of(server).online <= self.online, "the sessions' end")
        return server.memory()


def forget_peak(server: Server) -> None:
    """Let `peak_memory` begin anew (proc(5), clear_refs)."""
    Path(f"/proc/{server.process.pid}/clear_refs").write_text("5")


def peak_memory(server: Server) -> int:
    """The most resident bytes since `forget_peak`; a look now and then would miss short peaks."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    found = re.search(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)
    assert found is not None
    return int(found[1]) * 1_024
