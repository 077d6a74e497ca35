"""A running server: `run.py`, gunicorn on gevent or on eventlet, each as the README says."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec
import requests

from bench.environments import eventlet_python, runtime_python
from config import Settings
from tests.harness.clients import TIMEOUT, Schemas
from tests.harness.ports import free_port
from tests.harness.processes import children, status_of, wait_until_up
from tests.harness.redis_server import RedisServer

ROOT = Path(__file__).parents[2]
STOP_TIMEOUT = 30.0


def _text(value: object) -> str:
    return ",".join(value) if isinstance(value, tuple) else str(value)


# Every setting is given, so that a developer's own `.env` does not change what is tested. Then what
# would reach outside of this machine, or keep tests on one address from running side by side.
SETTINGS = {
    name.upper(): _text(value) for name, value in msgspec.structs.asdict(Settings()).items()
}
SETTINGS |= {
    "SECRET_KEY": "a secret for tests",
    "STUN_URLS": "",
    "HOST": "127.0.0.1",
    "MAX_CONNECTIONS_PER_ADDRESS": "0",
    "RATE_LIMITS": "off",
    "PYTHONWARNINGS": "default",
}


def gunicorn(python: str, worker: str, port: int, workers: int = 1) -> list[str]:
    """The production line of the README, with another port."""
    return [
        *(str(Path(python).parent / "gunicorn"), "--worker-class", worker, "-w", str(workers)),
        *("--bind", f"127.0.0.1:{port}", "app:app"),
    ]


Commands = dict[str, Callable[[int], list[str]]]
STACKS: Commands = {
    "run.py": lambda _port: [runtime_python(), "run.py"],
    "gunicorn-gevent": lambda port: gunicorn(runtime_python(), "gevent", port),
    "gunicorn-eventlet": lambda port: gunicorn(eventlet_python(), "eventlet", port),
}
WITH_REDIS = "run.py-redis"
DEMO = "demo"
WORKERS = 2
WITH_WORKERS: Commands = {
    "run.py --workers": lambda _port: [*STACKS["run.py"](0), "--workers", str(WORKERS)],
    "gunicorn -w": lambda port: gunicorn(runtime_python(), "gevent", port, WORKERS),
}

COMMANDS: Commands = {
    **STACKS,
    **WITH_WORKERS,
    WITH_REDIS: STACKS["run.py"],
    DEMO: lambda _port: [sys.executable, "run.py", "--demo"],
}


class Server:
    """One server process, its address and what it has printed.

    `WITH_REDIS` and `WITH_WORKERS` bring one along.
    """

    def __init__(self, stack: str, log: Path, settings: Mapping[str, str] = {}) -> None:
        self.stack = stack
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = log
        self.data = log.parent / "data"
        self._redis = RedisServer() if stack in (WITH_REDIS, *WITH_WORKERS) else None
        if self._redis is not None:
            settings = {"REDIS_URL": self._redis.url, **settings}
        own = {"DATA_DIR": str(self.data), "PORT": str(self.port)}
        self._environment = {**os.environ, **SETTINGS, **own, **settings}
        self.process: subprocess.Popen[bytes]
        self.start()

    def start(self) -> None:
        """Start it, again if need be; wait until it is up before you use it."""
        command = COMMANDS[self.stack](self.port)
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self._environment, stdout=log, stderr=log
            )

    def wait_until_up(self) -> None:
        """Wait for the health check to be fine; raises with the log if it never is."""
        wait_until_up(self.process, self._is_up, self._log)

    def _is_up(self) -> bool:
        return self.is_healthy() and (self.stack != DEMO or "wait alone" in self.log())

    def is_healthy(self) -> bool:
        """Whether `GET /` is answered, and with good news."""
        return status_of(self.url) == 200

    @cached_property
    def schemas(self) -> Schemas:
        """What its documents say of what it sends."""
        return Schemas(self.url)

    def log(self) -> str:
        """What it has printed so far."""
        return self._log.read_text(errors="replace")

    def health(self) -> dict[str, Any]:
        """What `GET /` says."""
        return dict(requests.get(self.url, timeout=TIMEOUT).json())

    def metrics(self) -> dict[str, float]:
        """The samples of `/metrics` by name and labels, as written there."""
        text = requests.get(f"{self.url}/metrics", timeout=TIMEOUT).text
        lines = [line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#")]
        return {name: float(value) for name, value in lines}

    def children(self) -> list[int]:
        """The processes that it has started."""
        return children(self.process.pid)

    def memory(self) -> int:
        """Resident bytes of the process that serves (gunicorn's is the child)."""
        pid = (self.children() or [self.process.pid])[0]
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    def freeze(self) -> None:
        """Stop it in the middle of whatever it does."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self.process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """End it as a crash does."""
        self.process.kill()
        self.process.wait()

    def ask_to_stop(self) -> None:
        """Send SIGTERM, as an operator would."""
        self.process.terminate()

    def stop(self) -> int:
        """Ask it to end and wait for that; its exit status."""
        self.ask_to_stop()
        return self.wait()

    def wait(self) -> int:
        """Its exit status, when it has ended; it is killed if it does not."""
        try:
            return self.process.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        finally:
            if self._redis is not None:
                self._redis.close()


@contextmanager
def serving(**settings: str) -> Iterator[Server]:
    """One of `run.py`, for programs that are no tests."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server("run.py", Path(folder) / "log", settings)
        try:
            server.wait_until_up()
            yield server
        finally:
            server.stop()
