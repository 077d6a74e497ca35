"""A real HAProxy with the configuration that we ship, but for its addresses."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from tests.harness.ports import free_port
from tests.harness.processes import status_of, wait_until_up
from tests.harness.servers import ROOT

CONFIGURATION = ROOT / "deploy" / "haproxy" / "haproxy.cfg"


class HAProxy:
    """Listens on `port`, and leads to the workers on `workers`."""

    def __init__(self, folder: Path, workers: Sequence[int]) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        log = folder / "haproxy.log"
        configuration = folder / "haproxy.cfg"
        configuration.write_text(self._with_addresses(CONFIGURATION.read_text(), workers))
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                ["haproxy", "-db", "-f", str(configuration)], stdout=output, stderr=output
            )
        wait_until_up(self._process, lambda: status_of(self.url) == 200, log)

    def _with_addresses(self, shipped: str, workers: Sequence[int]) -> str:
        ours = re.sub(r"bind :8080", f"bind 127.0.0.1:{self.port}", shipped)
        first = ours.index("    server w1")
        servers = (f"    server w{n} 127.0.0.1:{port} check\n" for n, port in enumerate(workers))
        return ours[:first] + "".join(servers)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
