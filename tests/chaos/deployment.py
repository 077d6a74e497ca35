"""Workers that share a Redis, each behind links that can break, as one deployment."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import requests

from tests.chaos.link import Link, Links
from tests.harness.ports import free_port
from tests.harness.servers import ROOT, SETTINGS, STOP_TIMEOUT

START_TIMEOUT = 100.0  # s; because a busy machine takes its time


class Worker:
    """One process of `run.py` on a port of its own, started again and again in the same place."""

    def __init__(self, folder: Path, name: str, settings: dict[str, str]) -> None:
        self.name = name
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = folder / f"{name}.log"
        self._settings = settings
        self.process: subprocess.Popen[bytes]
        self._launch()

    def _launch(self) -> None:
        own = {"PORT": str(self.port), "DATA_DIR": str(self._log.parent / "data")}
        given = {**os.environ, **SETTINGS, **self._settings, **own}
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "run.py"], cwd=ROOT, env=given, stdout=log, stderr=log
            )

    def start(self) -> None:
        """Start it again, and wait until it serves."""
        self._launch()
        self.wait_until_up()

    def wait_until_up(self) -> None:
        until = time.monotonic() + START_TIMEOUT
        while not self.is_healthy():
            if time.monotonic() > until or self.process.poll() is not None:
                raise RuntimeError(f"{self.name} did not start:\n{self.log()[-4000:]}")
            time.sleep(0.05)  # between two tries

    def status(self) -> int:
        """The status of `GET /`; 0 if there is no answer."""
        try:
            return requests.get(self.url, timeout=3).status_code
        except requests.RequestException:
            return 0

    def health(self) -> dict[str, Any]:
        """What `GET /` says; raises if it says nothing."""
        return dict(requests.get(self.url, timeout=10).json())

    def is_healthy(self) -> bool:
        return self.status() == 200

    def kill(self) -> None:
        """End it as a crash would."""
        self.process.kill()
        self.process.wait()

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def wake(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def restore(self) -> None:
        """Have it serve, whatever was done to it."""
        if self.process.poll() is not None:
            self._launch()
        self.wake()
        self.wait_until_up()

    def stop(self) -> tuple[int, float]:
        """Ask it to end as an operator would; the exit status, and how long it took."""
        began = time.monotonic()
        self.process.terminate()
        status = self.process.wait(STOP_TIMEOUT)
        return status, time.monotonic() - began

    def close(self) -> None:
        """Have it ended, whatever state it is in."""
        if self.process.poll() is None:
            self.wake()
            self.process.terminate()
        try:
            self.process.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def log(self) -> str:
        """What all its processes have printed."""
        return self._log.read_text(errors="replace")


class Deployment:
    """Workers, the link of each to Redis, and (if asked for) a link to each from its clients."""

    def __init__(
        self,
        folder: Path,
        links: Links,
        redis_ports: Sequence[int],
        settings: dict[str, str],
    ) -> None:
        """One worker for each of the ports; without any, one that keeps all in its memory."""
        self.links = links
        self.to_redis: list[Link] = [links.to(port) for port in redis_ports]
        addresses = [f"redis://127.0.0.1:{link.port}/0" for link in self.to_redis] or [""]
        self.workers = [
            Worker(folder, f"worker{number}", {**settings, "REDIS_URL": address})
            for number, address in enumerate(addresses)
        ]
        try:
            for worker in self.workers:
                worker.wait_until_up()
        except BaseException:
            self.close()
            raise

    @property
    def ports(self) -> list[int]:
        """Where clients find the workers."""
        return [worker.port for worker in self.workers]

    def online(self) -> int:
        """How many sessions the deployment counts, by the first worker that answers; -1 if none."""
        healthy = (worker for worker in self.workers if worker.is_healthy())
        first = next(healthy, None)
        return int(first.health()["online"]) if first else -1

    def complaints(self) -> list[str]:
        """Lines of the workers' logs that speak of a bug of ours."""
        return [
            f"{worker.name}: {line[:500]}"
            for worker in self.workers
            for line in worker.log().splitlines()
            if "Traceback" in line
        ]

    def close(self) -> None:
        for worker in self.workers:
            if worker.process.poll() is None:
                worker.wake()
                worker.process.terminate()  # all at once, because each takes its time
        for worker in self.workers:
            worker.close()
