"""The process that the bots run in, for whoever starts them together with the server."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

STOP_TIMEOUT = 3.0  # s; to hang up and say goodbye
NEEDED = ("aiortc", "aiohttp")


class DemoBots:
    """Starts the process; ends it, even if this one is killed, by closing its standard input."""

    def __init__(self, url: str, log_level: str, *, log_for_people: bool) -> None:
        command = [sys.executable, "-m", "rendezvous.demo", url, "--log-level", log_level]
        if log_for_people:
            command.append("--log-for-people")
        # A session of its own, or Ctrl-C in a terminal would reach it before we say goodbye.
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            command, stdin=subprocess.PIPE, start_new_session=True
        )

    def stop(self) -> None:
        """Have it end, and wait until it has."""
        assert self._process.stdin  # noqa: S101 - for mypy
        self._process.stdin.close()
        try:
            self._process.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def missing() -> list[str]:
    """Which of the packages that the bots need are not installed."""
    return [name for name in NEEDED if importlib.util.find_spec(name) is None]
