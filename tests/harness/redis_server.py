"""A real redis-server of our own, on a free port, whose data are gone when it is."""

from __future__ import annotations

import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import redis

from tests.harness.ports import free_port

START_TIMEOUT = 10.0


class RedisServer:
    """`options` are those of redis.conf: `RedisServer(appendonly="yes")`."""

    def __init__(self, **options: str) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}"
        self._directory = Path(tempfile.mkdtemp(prefix="redis-"))
        self._options = {"save": "", "appendonly": "no", **options}
        self.process: subprocess.Popen[bytes]
        self.start()

    def start(self, **options: str) -> None:
        """Start, or start again with the data that are on disk, and maybe other options."""
        self._options |= options
        given = {"port": str(self.port), "bind": "127.0.0.1", "dir": str(self._directory)}
        words = [f"--{name} {value or chr(34) * 2}" for name, value in given.items()]
        words += [
            f"--{name.replace('_', '-')} {value or chr(34) * 2}"
            for name, value in self._options.items()
        ]
        arguments = [part for word in words for part in word.split(" ")]
        with (self._directory / "log").open("ab") as log:
            self.process = subprocess.Popen(
                ["redis-server", *(part.replace('""', "") for part in arguments)],
                stdout=log,
                stderr=log,
            )
        self._wait_until_up()

    def _wait_until_up(self) -> None:
        until = time.monotonic() + START_TIMEOUT
        while time.monotonic() < until and self.process.poll() is None:
            try:
                with self.client() as client:
                    client.ping()
            except redis.RedisError:
                time.sleep(0.02)  # between two tries
            else:
                return
        raise RuntimeError((self._directory / "log").read_text())

    def client(self) -> redis.Redis:
        """A plain client, to look at what is there."""
        return redis.Redis(port=self.port, decode_responses=True)

    def kill(self) -> None:
        """End it as a crash does."""
        self.process.kill()
        self.process.wait()

    def freeze(self) -> None:
        """Stop it in the middle of whatever it does."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self.process.send_signal(signal.SIGCONT)

    def close(self) -> None:
        """End it, with its data."""
        self.kill()
        shutil.rmtree(self._directory, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
