"""The processes that tests start: whether they are up yet, and which they have started."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import requests

START_TIMEOUT = 100.0  # s; because a busy machine takes its time


def wait_until_up(
    process: subprocess.Popen[bytes], answers: Callable[[], object], log: Path
) -> None:
    """Wait until it answers; raises with its log if it never does."""
    until = time.monotonic() + START_TIMEOUT
    while not answers():
        if process.poll() is not None or time.monotonic() > until:
            end = log.read_text(errors="replace")[-4_000:]
            raise RuntimeError(f"{process.args!r} did not start:\n{end}")
        time.sleep(0.02)  # between two tries


def status_of(url: str) -> int:
    """The status of `GET` there; 0 if there is no answer."""
    try:
        return requests.get(url, timeout=5).status_code
    except requests.RequestException:
        return 0


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_running(pid: int) -> bool:
    """Whether there is such a process, and it has not ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
