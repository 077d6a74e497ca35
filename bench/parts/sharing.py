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
from bench.servers import Kind, ours, redis_server, running

CHATS_AT_ONCE: Final = 16  # for each worker, so that each is as busy however many there are
LOOK: Final = 2.0  # s
LONGEST_START: Final = 30  # looks
MOST_OF_MEMORY: Final = 2.5
MOST_OF_TWO: Final = 1.15


@dataclass(frozen=True)
class Line:
    """One row: how many workers (0: one, without Redis), and milliseconds of CPU for a chat."""

    workers: int
    server: float
    redis: float
    idle: float
    others: float
    errors: int

    def __str__(self) -> str:
        name = f"Redis, {self.workers} workers" if self.workers > 1 else "Redis, 1 worker"
        return (
            f"| {name if self.workers else 'memory'} | {self.server:.2f} | {self.redis:.2f} "
            f"| {self.idle:.1%} | {self.others:.1f} | {self.errors} |"
        )


def write(scale: Scale) -> None:
    """Measure, print, and keep in `results/sharing.md`."""
    if shutil.which("redis-server") is None:
        print("There is no redis-server on the PATH.")
        return
    sizes = (0, 1, 2, 8)
    rounds = [[_measure(workers, scale) for workers in sizes] for _ in range(scale.rounds)]
    lines = {lines[0].workers: _middle(lines) for lines in zip(*rounds, strict=True)}
    text = "\n".join(_report(lines, scale))
    DIRECTORY.mkdir(exist_ok=True)
    (DIRECTORY / "sharing.md").write_text(text + "\n")
    print(text)


def _measure(workers: int, scale: Scale) -> Line:
    if not workers:
        return _one_round(ours(), 0, None, scale)
    with redis_server() as (url, pid):
        kind = ours()
        command = (*kind.command, "--workers", str(workers)) if workers > 1 else kind.command
        environment = {**kind.environment, "REDIS_URL": url}
        return _one_round(Kind(kind.name, kind.label, command, environment), workers, pid, scale)


def _one_round(kind: Kind, workers: int, redis_pid: int | None, scale: Scale) -> Line:
    at_once = CHATS_AT_ONCE * max(1, workers)
    with running(kind) as server:
        idle = _idle_share(server.pid, most=0.03 + 0.01 * workers)
        load.whole_chats(server, 2 * at_once, 0, at_once)
        before = cpu_seconds(redis_pid) if redis_pid else 0.0
        result = load.whole_chats(server, scale.chats, 0, at_once)
        redis = cpu_seconds(redis_pid) - before if redis_pid else 0.0
    each = result.reading.server_beyond(idle) / result.count
    print(f"{workers} workers: {1e3 * each:.2f} ms a chat, idle {idle:.1%}", flush=True)
    others = result.reading.others_share
    return Line(workers, 1e3 * each, 1e3 * redis / result.count, idle, others, result.errors)


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
        median(line.server for line in lines),
        median(line.redis for line in lines),
        median(line.idle for line in lines),
        max(line.others for line in lines),
        sum(line.errors for line in lines),
    )


def _report(lines: dict[int, Line], scale: Scale) -> list[str]:
    of_memory = lines[1].server / lines[0].server
    of_two = lines[8].server / lines[2].server
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
        f"{MOST_OF_MEMORY}; eight take {of_two:.2f} times what two take, of at most {MOST_OF_TWO}, "
        f"with {CHATS_AT_ONCE} chats at once for each worker.",
    ]
