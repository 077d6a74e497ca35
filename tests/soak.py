"""`python -m tests.soak`: thousands of chats against one server, to see whether anything stays."""

from __future__ import annotations

import argparse
import re
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import requests

from tests.harness.crowd import Connection, Crowd, Json
from tests.harness.servers import Server, serving

CYCLES = 50_000
PAIRS_AT_ONCE = 25
MESSAGES = 6  # in a chat, both ways together
LONGEST_LIFE = 10.0  # s; of a session that nobody has, with the settings below
MOST_GROWTH = 0.10  # of the resident memory after the warm-up
SETTINGS = {
    # So that what is to be forgotten is forgotten when we look: sessions, and (with the deadlines
    # that were set for them) closed connections.
    "RECONNECT_GRACE": "1",
    "REST_LEASE": "1",
    "ENDED_RETENTION": "1",
    "REPORT_WINDOW": "1",
    "NOT_AGAIN_FOR": "1",
    "HANDSHAKE_TIMEOUT": "3",
    "PING_INTERVAL": "3",
    "PING_TIMEOUT": "3",
    "LOG_LEVEL": "WARNING",  # because the log of 50,000 chats is of no use to anybody
}


class Chatter:
    """Connects, talks to whomever it meets, leaves or is left, and closes."""

    def __init__(self, crowd: Crowd, soak: Soak) -> None:
        self._soak = soak
        self._session_id = ""
        self._heard = 0
        self._over = False
        Connection(crowd, self)

    def on_connected(self, connection: Connection) -> None:
        connection.ask("start", {"chat_type": "text"}, self._started)

    def on_event(self, connection: Connection, name: str, data: Json) -> None:
        if name == "matched" and data["is_initiator"]:
            self._say(connection)
        elif name == "new_message":
            self._heard += 1
            if 2 * self._heard < MESSAGES or not data["message"]["text"].startswith("last"):
                self._say(connection)
            else:
                leave = {"session_id": self._session_id}
                connection.ask("leave_session", leave, lambda _answer: self._close(connection))
        elif name == "partner_disconnected":
            self._soak.chats += 1
            self._close(connection)

    def on_lost(self, connection: Connection) -> None:
        assert self._over, "a chat was cut off"
        self._soak.open -= 1

    def _started(self, answer: Json) -> None:
        self._session_id = answer["session_id"]

    def _say(self, connection: Connection) -> None:
        text = "last words" if 2 * (self._heard + 1) >= MESSAGES else f"message {self._heard}"
        connection.ask("send_message", {"session_id": self._session_id, "message": text})

    def _close(self, connection: Connection) -> None:
        self._over = True
        connection.leave_politely()


@dataclass(frozen=True)
class Reading:
    """What a server has at a moment when nobody is there: bytes, and numbers of things."""

    memory: int
    files: int
    threads: int
    online: int


class Soak:
    """The load on one server, and what is left of it."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.chats = 0
        self.open = 0

    def chat(self, cycles: int) -> None:
        """Let that many pairs meet, talk and part, some at a time."""
        target = self.chats + cycles
        begun = 0
        with Crowd(self.server.port) as crowd:
            while self.chats < target or self.open:
                while begun < 2 * cycles and self.open < 2 * PAIRS_AT_ONCE:
                    Chatter(crowd, self)
                    self.open += 1
                    begun += 1
                crowd.turn(1)

    def read(self) -> Reading:
        """Wait until the last of the sessions is forgotten, then look what is there."""
        self._wait_for_nobody()
        session_id = requests.post(f"{self.server.url}/start", timeout=20).json()["session_id"]
        self._post("disconnect", session_id)
        while self._post("receive", session_id).status_code != 404:
            time.sleep(0.1)  # between two looks
        threads = re.search(r"^Threads:\s+(\d+)", self._status(), re.MULTILINE)
        assert threads is not None
        return Reading(
            self.server.memory(),
            self._files(),
            int(threads[1]),
            self.server.health()["online"],
        )

    def _wait_for_nobody(self) -> None:
        """Wait until every session has ended, if that happens at all."""
        until = time.monotonic() + LONGEST_LIFE
        while self.server.health()["online"] and time.monotonic() < until:
            time.sleep(0.1)  # between two looks

    def _files(self) -> int:
        """Open descriptors; the least of some readings, for a question may not be closed yet."""
        return min(int(self.server.metrics()["process_open_fds"]) for _ in range(5))

    def _status(self) -> str:
        return Path(f"/proc/{self.server.process.pid}/status").read_text()

    def _post(self, call: str, session_id: str) -> requests.Response:
        body = {"session_id": session_id}
        return requests.post(f"{self.server.url}/{call}", json=body, timeout=20)


def complaints(before: Reading, after: Reading) -> list[str]:
    """What has stayed, in words; nothing if all is well."""
    found = []
    if after.memory > before.memory * (1 + MOST_GROWTH):
        found.append(f"memory grew by {after.memory / before.memory - 1:.1%}")
    if after.files > before.files:
        found.append(f"{after.files - before.files} files or sockets were left open")
    if after.threads > before.threads:
        found.append(f"{after.threads - before.threads} threads were left")
    if after.online:
        found.append(f"{after.online} sessions were left")
    return found


def main() -> int:
    """Soak as the command line says, report, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--cycles", type=int, default=CYCLES, help="connect, chat, leave")
    cycles = parser.parse_args().cycles
    with serving(**SETTINGS) as server:
        return report(Soak(server), cycles)


def report(soak: Soak, cycles: int) -> int:
    """Soak in ten parts after a warm-up of the same size, and print each part's figures."""
    part = max(1, cycles // 10)
    soak.chat(part)
    before = after = soak.read()
    say(f"{'chats':>8} {'a second':>9} {'MB':>7} {'files':>6} {'threads':>8} {'online':>7}")
    say(line(0, 0, before))
    for done in range(part, cycles + 1, part):
        began = time.monotonic()
        soak.chat(part)
        seconds = time.monotonic() - began
        after = soak.read()
        say(line(done, part / seconds, after))
    wrong = complaints(before, after)
    say("\n".join(wrong) or f"Nothing is left; memory {after.memory / before.memory - 1:+.1%}.")
    return 1 if wrong else 0


def line(chats: int, rate: float, reading: Reading) -> str:
    """The figures at one moment, under the head of the table."""
    memory = reading.memory / 1_048_576
    return (
        f"{chats:>8,} {rate:>9,.0f} {memory:>7.1f} {reading.files:>6} "
        f"{reading.threads:>8} {reading.online:>7}"
    )


def say(text: str) -> None:
    """Write a line at once, even into a pipe."""
    print(text, flush=True)  # noqa: T201 - it reports to a terminal


if __name__ == "__main__":
    sys.exit(main())
