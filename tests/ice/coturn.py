"""A real TURN server on loopback: Debian's coturn, started by the test, with our credentials."""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Self

from tests.harness.ports import free_port
from tests.harness.processes import wait_until_up

BINDING = bytes.fromhex("00010000 2112a442") + bytes(12)  # a request (RFC 8489, 5 and 14)
RELAYS = 64  # ports that it may relay from
SECRET = "the secret that coturn shares"
QUIET = ("no-tls", "no-dtls", "no-cli", "verbose")
PERMISSIVE = ("use-auth-secret", "realm=localhost", "allow-loopback-peers", "no-multicast-peers")


class Coturn:
    """One `turnserver` process in `directory`; `lines` are those of its configuration.

    `address` is of loopback; with another than the first, relays and clients can be told apart.
    """

    def __init__(
        self, directory: Path, lines: Iterable[str] = PERMISSIVE, address: str = "127.0.0.1"
    ) -> None:
        program = shutil.which("turnserver")
        assert program, "coturn is missing: `make test` installs it"
        self.address = address
        self.port = free_port()
        self._log = directory / "coturn.log"
        first = free_port()
        own = (
            *(f"listening-ip={address}", f"relay-ip={address}"),
            *(f"listening-port={self.port}", f"static-auth-secret={SECRET}"),
            *(f"min-port={min(first, 65_535 - RELAYS)}", f"max-port={min(first + RELAYS, 65_535)}"),
            *(f"userdb={directory}/turndb", f"pidfile={directory}/turnserver.pid"),
        )
        config = directory / "turnserver.conf"
        config.write_text("\n".join((*lines, *QUIET, *own, "")))
        with self._log.open("wb") as output:
            # Not in the file, before which coturn would begin a log in /var/log.
            command = [program, "-c", str(config), "--log-file=stdout", "--simple-log"]
            self._process = subprocess.Popen(command, stdout=output, stderr=output)

    @property
    def url(self) -> str:
        """Where it listens, as TURN_URLS has it."""
        return f"turn:{self.address}:{self.port}?transport=udp"

    def log(self) -> str:
        """What it has said so far."""
        return self._log.read_text(errors="replace")

    def wait_until_up(self) -> None:
        """Wait until it answers over UDP, which it listens to last; raises with its log if not."""
        wait_until_up(self._process, self._answers, self._log)

    def _answers(self) -> bool:
        try:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
                client.settimeout(1)
                client.connect((self.address, self.port))
                client.send(BINDING)
                return bool(client.recv(2_048))
        except OSError:
            return False

    def __enter__(self) -> Self:
        self.wait_until_up()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
