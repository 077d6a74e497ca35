"""Broken packets and requests: `python -m tests.attacks.fuzz [1000000]`, or `make fuzz`.

The server has to stay up and answer; a stranger in the chat hears nothing that the documents do not
describe; and the log has at most one line for each. `--redis` does the same with Redis.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.attacks.broken import JSON, call, packet, request
from tests.harness.clients import TIMEOUT
from tests.harness.logs import Watch
from tests.harness.raw import Closed, RawSocket
from tests.harness.servers import WITH_REDIS, Server

SEED = 20_000
BATCH = 100  # between two looks at what has come back
CALLS, REQUESTS = 0.06, 0.02  # of all; the others are packets
# What is left behind is gone soon.
HASTY = {"RECONNECT_GRACE": "1", "REST_LEASE": "2", "ENDED_RETENTION": "2"}


class Fuzzer:
    """Sends to `server`; `sent` counts what, and what became of it."""

    def __init__(self, server: Server, seed: int) -> None:
        self._server = server
        self._chance = random.Random(seed)
        self._schemas = server.schemas
        self._http = http.client.HTTPConnection("127.0.0.1", server.port, timeout=TIMEOUT)
        self.sent: Counter[str] = Counter()
        self.statuses: Counter[int] = Counter()

    def batch(self, size: int) -> None:
        """Two who meet, and one of them sends so much; then both are asked whether all is well."""
        url = self._server.url
        with RawSocket(url) as stranger, RawSocket(url) as client:
            apart: dict[str, Any] = {
                "interests": [f"fuzz {self._chance.random()}"],
                "pinned": ["interests"],
            }
            for each in (stranger, client):
                assert each.start("text", **apart)["ok"]
            try:
                for _ in range(size):
                    self._send(client)
                client.ask("typing", {"session_id": client.session_id, "is_typing": False})
            except (Closed, OSError):
                self.sent["connections closed"] += 1
            stranger.ask("typing", {"session_id": stranger.session_id, "is_typing": False})
            for name, data in _events(stranger.heard):
                self._schemas.check_message(name, data)
            for each in (stranger, client):
                with suppress(Closed, OSError):  # its grace does the rest
                    each.ask("leave_session", {"session_id": each.session_id})

    def close(self) -> None:
        """Close the connection that was kept."""
        self._http.close()

    def _send(self, client: RawSocket) -> None:
        lot = self._chance.random()
        if lot < CALLS:
            self.sent["calls"] += 1
            self._call(*call(self._chance, client.session_id))
        elif lot < CALLS + REQUESTS:
            self.sent["requests"] += 1
            whole = request(self._chance, client.session_id)
            self.statuses[answered(self._server.port, whole)] += 1
        else:
            self.sent["packets"] += 1
            client.say(packet(self._chance, client.session_id))

    def _call(self, path: str, body: bytes) -> None:
        self._http.request("POST", path, body, {"Content-Type": JSON})
        answer = self._http.getresponse()
        told = json.loads(answer.read())
        assert answer.status < 500, (path, body, told)
        assert answer.status == 200 or told["code"], (path, body, told)
        self.statuses[answer.status] += 1


def answered(port: int, whole: bytes) -> int:
    """Send it on a connection of its own; what is answered is HTTP, and no fault of ours: its
    status, or 0 for no answer.
    """
    with socket.create_connection(("127.0.0.1", port), TIMEOUT) as line:
        with suppress(OSError):  # it may have been closed already
            line.sendall(whole)
            line.shutdown(socket.SHUT_WR)
        answer = _until_closed(line)
    status = int(answer[9:12]) if answer.startswith(b"HTTP/1.1 ") else 0
    assert answer == b"" or status, (whole, answer)
    assert status < 500 or status in (501, 505), (whole, answer)
    return status


def _until_closed(line: socket.socket) -> bytes:
    """What has come when the server closes; or its first bytes, if it keeps the line for more."""
    found = b""
    with suppress(ConnectionError):
        while data := line.recv(65_536):
            found += data
            if found.startswith(b"HTTP/1.1 101"):
                break
    return found


def _events(packets: list[str]) -> Iterator[tuple[str, object]]:
    for heard in packets:
        if heard.startswith("42"):
            yield json.loads(heard[2:])


def fuzz(server: Server, times: int, seed: int = SEED, seconds: float = 3_600) -> Fuzzer:
    """Send so many, but stop after so many `seconds`. Raises AssertionError."""
    log, until = Watch(server), time.monotonic() + seconds
    fuzzer = Fuzzer(server, seed)
    while (left := times - _sent(fuzzer)) > 0 and time.monotonic() < until:
        fuzzer.batch(min(BATCH, left))
    fuzzer.close()
    assert server.health()["status"] == "healthy"
    complaints = log.complaints()
    broken = [each for each in complaints if each.get("level") not in ("info", "warning")]
    assert not broken, broken[:3]
    assert len(complaints) <= _sent(fuzzer)
    return fuzzer


def _sent(fuzzer: Fuzzer) -> int:
    return sum(fuzzer.sent[what] for what in ("packets", "calls", "requests"))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.attacks.fuzz", description=__doc__)
    parser.add_argument("times", nargs="?", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--seconds", type=float, default=86_400, help="stop after these")
    parser.add_argument("--redis", action="store_true", help="with a switchboard in Redis")
    options = parser.parse_args()
    stack = WITH_REDIS if options.redis else "run.py"
    with tempfile.TemporaryDirectory() as folder:
        server = Server(stack, Path(folder) / "log", HASTY)
        try:
            server.wait_until_up()
            found = fuzz(server, options.times, options.seed, options.seconds)
        finally:
            server.stop()
    counts = ", ".join(f"{number:,} {what}" for what, number in found.sent.items())
    answers = ", ".join(
        f"{number:,} x {status}" for status, number in sorted(found.statuses.items())
    )
    sys.stdout.write(f"{counts}, no fault; answered {answers}\n")


if __name__ == "__main__":
    main()
