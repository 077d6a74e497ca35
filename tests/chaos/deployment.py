"""Workers that share a Redis, each behind links that can break, as one deployment."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from tests.harness.link import Link, Links
from tests.harness.processes import status_of
from tests.harness.servers import Server


class Worker(Server):
    """One process of `run.py` on a port of its own, started again and again in the same place."""

    def __init__(self, folder: Path, name: str, settings: dict[str, str]) -> None:
        self.name = name
        super().__init__("run.py", folder / f"{name}.log", settings)

    def status(self) -> int:
        """The status of `GET /`; 0 if there is no answer."""
        return status_of(self.url)

    def restart(self) -> None:
        """Start it again, and wait until it serves."""
        self.start()
        self.wait_until_up()

    def restore(self) -> None:
        """Have it serve, whatever was done to it."""
        self.thaw()
        if self.process.poll() is not None:
            self.start()
        self.wait_until_up()

    def close(self) -> None:
        """Have it ended, whatever state it is in."""
        self.thaw()
        with suppress(subprocess.TimeoutExpired):
            self.stop()


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
            worker.thaw()
            worker.ask_to_stop()  # all at once, because each takes its time
        for worker in self.workers:
            worker.close()
