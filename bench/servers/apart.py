"""`apart.py N`: so many servers of ours that share nothing, on $PORT and the ports after it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys


def main() -> None:
    first = int(os.environ["PORT"])
    servers = [
        subprocess.Popen([sys.executable, "run.py"], env={**os.environ, "PORT": str(port)})
        for port in range(first, first + int(sys.argv[1]))
    ]

    def end(_signal: int, _frame: object) -> None:
        for server in servers:
            server.terminate()

    signal.signal(signal.SIGTERM, end)
    for server in servers:
        server.wait()


if __name__ == "__main__":
    main()
