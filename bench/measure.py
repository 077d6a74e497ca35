"""What the kernel says about a process: its CPU time and its memory, children included."""

from __future__ import annotations

import os
import resource
import time
from pathlib import Path
from typing import Final

CPU_CLOCK: Final = 2  # because clock_getcpuclockid(3), which makes these ids, isn't in Python


def tree(pid: int) -> list[int]:
    """Return `pid` and all that descend from it."""
    pids = [pid]
    for parent in pids:
        for children in Path(f"/proc/{parent}/task").glob("*/children"):
            pids += map(int, children.read_text().split())
    return pids


def cpu_seconds(pid: int) -> float:
    """Return user and system time of all threads so far; finer than the ticks in /proc/PID/stat."""
    return sum(time.clock_gettime((~each << 3) | CPU_CLOCK) for each in tree(pid))


def memory_bytes(pid: int) -> int:
    """Return the proportional set size (PSS), which counts a shared page once in all."""
    return 1024 * sum(_pss_kilobytes(each) for each in tree(pid))


def _pss_kilobytes(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    raise ValueError(f"no Pss for process {pid}")


def busy_seconds() -> float:
    """Return the CPU time that the whole machine has used, in ticks of about 10 ms."""
    user, nice, system, _, _, irq, softirq = map(int, Path("/proc/stat").read_text().split()[1:8])
    return (user + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK")


class Stopwatch:
    """CPU of the server, of this process and of all others, from its making to its reading."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._wall = time.perf_counter()
        self._busy = busy_seconds()
        self._server = cpu_seconds(self._pid)
        self._driver = time.process_time()

    def read(self) -> Reading:
        return Reading(
            wall=time.perf_counter() - self._wall,
            server=cpu_seconds(self._pid) - self._server,
            driver=time.process_time() - self._driver,
            busy=busy_seconds() - self._busy,
        )


class Reading:
    """What a stopwatch shows: seconds on the wall, and of CPU."""

    def __init__(self, wall: float, server: float, driver: float, busy: float) -> None:
        self.wall, self.server, self.driver, self.busy = wall, server, driver, busy

    @property
    def server_share(self) -> float:
        return self.server / self.wall

    @property
    def driver_share(self) -> float:
        return self.driver / self.wall

    def server_beyond(self, idle_share: float) -> float:
        """Return the server's CPU less what it would have used while idle."""
        return self.server - idle_share * self.wall

    @property
    def others_share(self) -> float:
        """How much of a core went to processes that have no part in this."""
        return max(0.0, self.busy - self.server - self.driver) / self.wall


def percentile(values: list[float], share: float) -> float:
    """Return the value below which `share` (0 to 1) of `values` lie."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def raise_descriptor_limit() -> int:
    """Lift the soft limit of open files to the hard one, also for the servers, and return it."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard
