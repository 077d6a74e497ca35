"""What it costs that processes share a switchboard in Redis: CPU for a whole chat."""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from bench import load
from bench.measure import cpu_seconds
from bench.parts import Scale
from bench.results import DIRECTORY, machine
from bench.servers import Kind, apart, ours, redis_server, running

CHATS_AT_ONCE: Final = 16  # for each worker, so that each is as busy however many there are
LOOK: Final = 2.0  # s
LONGEST_START: Final = 30  # looks
SIZES: Final = (1, 2, 8)
MOST_OF_MEMORY: Final = 2.5
MOST_OF_TWO: Final = 1.15


@dataclass(frozen=True)
class Line:
    """One row: how many servers (with Redis: workers), and milliseconds of CPU for a chat."""

    workers: int
    shares: bool
    server: float
    redis: float
    idle: float
    others: float
    errors: int

    def __str__(self) -> str:
        many = "s" if self.workers > 1 else ""
        name = f"{self.workers} worker{many} with Redis"
        apart = f"{self.workers} server{many} in memory" + (", apart" if many else "")
        return (
            f"| {name if self.shares else apart} | {self.server:.2f} | {self.redis:.2f} "
            f"| {self.idle:.1%} | {self.others:.1f} | {self.errors} |"
        )


def write(scale: Scale) -> None:
    """Measure, print, and keep in `results/sharing.md`."""
    if shutil.which("redis-server") is None:
        print("There is no redis-server on the PATH.")
        return
    rounds = [
        [_measure(workers, scale, shares=shares) for shares in (False, True) for workers in SIZES]
        for _ in range(scale.rounds)
    ]
    middles = (_middle(lines) for lines in zip(*rounds, strict=True))
    lines = {(each.shares, each.workers): each for each in middles}
    text = "\n".join(_report(lines, scale))
    DIRECTORY.mkdir(exist_ok=True)
    (DIRECTORY / "sharing.md").write_text(text + "\n")
    print(text)


def _measure(workers: int, scale: Scale, *, shares: bool) -> Line:
    if not shares:
        return _one_round(apart(workers), workers, None, scale)
    with redis_server() as (url, pid):
        kind = ours()
        command = (*kind.command, "--workers", str(workers)) if workers > 1 else kind.command
        environment = {**kind.environment, "REDIS_URL": url}
        return _one_round(Kind(kind.name, kind.label, command, environment), workers, pid, scale)


def _one_round(kind: Kind, workers: int, redis_pid: int | None, scale: Scale) -> Line:
    at_once = CHATS_AT_ONCE * workers
    with running(kind) as server:
        idle = _idle_share(server.pid, most=0.03 + 0.01 * workers)
        load.whole_chats(server, 2 * at_once, 0, at_once)
        before = cpu_seconds(redis_pid) if redis_pid else 0.0
        result = load.whole_chats(server, scale.chats, 0, at_once)
        redis = cpu_seconds(redis_pid) - before if redis_pid else 0.0
    each = result.reading.server_beyond(idle) / result.count
    others, shares = result.reading.others_share, redis_pid is not None
    redis /= result.count
    line = Line(workers, shares, 1e3 * each, 1e3 * redis, idle, others, result.errors)
    print(line, flush=True)
    return line


def _idle_share(pid: int, most: float) -> float:
    """What all workers take of a core while nobody talks, once the last of them has started.

    Until it is less than `most`, some are still starting.
    """
    last = 1.0
    for _ in range(LONGEST_START):
        before = cpu_seconds(pid)
        time.sleep(LOOK)
        share = (cpu_seconds(pid) - before) / LOOK
        if max(share, last) < most:
            return min(share, last)
        last = share
    return last


def _middle(lines: Sequence[Line]) -> Line:
    return Line(
        lines[0].workers,
        lines[0].shares,
        median(line.server for line in lines),
        median(line.redis for line in lines),
        median(line.idle for line in lines),
        max(line.others for line in lines),
        sum(line.errors for line in lines),
    )


def _report(lines: dict[tuple[bool, int], Line], scale: Scale) -> list[str]:
    of_memory = lines[True, 1].server / lines[False, 1].server
    of_two, apart_of_two = (
        lines[shares, 8].server / lines[shares, 2].server for shares in (True, False)
    )
    return [
        "# What sharing costs",
        "",
        f"Written by `python -m bench sharing`, on {machine()}; medians of {scale.rounds}.",
        "",
        "CPU of all server processes together for a whole chat, milliseconds, less what they take",
        "of a core while nobody talks (idle); Redis's own; cores that others took; errors.",
        "",
        "| | servers | Redis | idle | others | errors |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
        *(str(line) for line in lines.values()),
        "",
        f"One worker with Redis takes {of_memory:.2f} times what one without takes, of at most "
        f"{MOST_OF_MEMORY}. Eight take {of_two:.2f} times what two take, with {CHATS_AT_ONCE} "
        "chats at once for each. So many processes cost this machine more anyway: eight that "
        f"share nothing take {apart_of_two:.2f} times what two of those take. So sharing among "
        f"eight costs {of_two / apart_of_two:.2f} times what sharing among two does, of at most "
        f"{MOST_OF_TWO}.",
    ]
