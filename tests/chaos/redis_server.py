"""A real redis-server, with what may happen to it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from tests.harness.ports import free_port

START_TIMEOUT = 10.0  # s
# What the switchboard keeps of sessions, their places and their visitors (see lua/core.lua).
OF_PEOPLE = re.compile(r"\{rdv:\w+\}:(s|i|a|k|plan|at|p|v|wide)(:|$)")


class RedisServer:
    """One redis-server on a port of its own; with `durable`, its append-only file loses nothing."""

    def __init__(
        self, folder: Path, *, durable: bool = False, environ: Mapping[str, str] = {}
    ) -> None:
        self.port = free_port()
        self._folder = folder
        self._environ = environ
        self._durable = durable
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True, exist_ok=True)
        self.start()

    def start(self) -> None:
        """Start it, again if need be, and wait until it has read its files."""
        durability = ("--appendonly", "yes", "--appendfsync", "always") if self._durable else ()
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *("redis-server", "--bind", "127.0.0.1", "--port", str(self.port)),
                    *("--dir", str(self._folder), "--save", "", *durability),
                ],
                env={**os.environ, **self._environ},
                stdout=log,
                stderr=log,
            )
        until = time.monotonic() + START_TIMEOUT
        while self.ask("PING") != "PONG":
            if time.monotonic() > until:
                raise RuntimeError((self._folder / "log").read_text())
            time.sleep(0.02)  # between two tries

    def ask(self, *words: str) -> str:
        """What redis-cli prints for a command."""
        done = subprocess.run(
            ["redis-cli", "-p", str(self.port), *words],
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        return done.stdout.strip()

    def of_people(self) -> list[str]:
        """The keys that are there because somebody is; not those by which one is known again."""
        keys = self.ask("--scan", "--pattern", "{rdv:*").splitlines()
        return [key for key in keys if OF_PEOPLE.match(key)]

    def keys_for_ever(self) -> list[str]:
        """The keys that would never expire."""
        script = (
            "local forever = {} for _, key in ipairs(redis.call('KEYS', '*')) do "
            "if redis.call('PTTL', key) == -1 then table.insert(forever, key) end end "
            "return forever"
        )
        return self.ask("EVAL", script, "0").split()

    def follow(self, port: int) -> None:
        """Be a replica, and wait until it has everything."""
        self.ask("REPLICAOF", "127.0.0.1", str(port))
        until = time.monotonic() + START_TIMEOUT
        while "master_link_status:up" not in self.ask("INFO", "replication"):
            if time.monotonic() > until:
                raise RuntimeError("the replica does not follow")
            time.sleep(0.02)  # between two looks

    def lead(self) -> None:
        """Be a replica no more."""
        self.ask("REPLICAOF", "NO", "ONE")

    def freeze(self) -> None:
        self._signal(signal.SIGSTOP)

    def wake(self) -> None:
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """End it as a crash would."""
        self._signal(signal.SIGKILL)
        assert self._process is not None
        self._process.wait()

    def restore(self) -> None:
        """Have it run, whatever was done to it."""
        assert self._process is not None
        if self._process.poll() is not None:
            self.start()
        self.wake()

    def cpu_seconds(self) -> float:
        """What it has used since its start."""
        info = dict(
            line.split(":", 1) for line in self.ask("INFO", "cpu").splitlines() if ":" in line
        )
        return float(info["used_cpu_user"]) + float(info["used_cpu_sys"])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None and self._process.poll() is None:
            self.wake()
            self.kill()

    def _signal(self, number: int) -> None:
        assert self._process is not None
        self._process.send_signal(number)
