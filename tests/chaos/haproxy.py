"""A real HAProxy with the configuration that we ship, but for its addresses."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import requests

from tests.harness.ports import free_port
from tests.harness.servers import ROOT

CONFIGURATION = ROOT / "deploy" / "haproxy" / "haproxy.cfg"
START_TIMEOUT = 10.0  # s


class HAProxy:
    """Listens on `port`, and leads to the workers on `workers`."""

    def __init__(self, folder: Path, workers: Sequence[int]) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = folder / "haproxy.log"
        configuration = folder / "haproxy.cfg"
        configuration.write_text(self._with_addresses(CONFIGURATION.read_text(), workers))
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                ["haproxy", "-db", "-f", str(configuration)], stdout=log, stderr=log
            )
        self._wait_until_up()

    def _with_addresses(self, shipped: str, workers: Sequence[int]) -> str:
        ours = re.sub(r"bind :8080", f"bind 127.0.0.1:{self.port}", shipped)
        first = ours.index("    server w1")
        servers = (f"    server w{n} 127.0.0.1:{port} check\n" for n, port in enumerate(workers))
        return ours[:first] + "".join(servers)

    def _wait_until_up(self) -> None:
        until = time.monotonic() + START_TIMEOUT
        while time.monotonic() < until:
            try:
                requests.get(self.url, timeout=5).raise_for_status()
            except requests.RequestException:
                time.sleep(0.05)  # between two tries
            else:
                return
        raise RuntimeError(f"HAProxy did not start:\n{self._log.read_text()}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
