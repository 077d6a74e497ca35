"""One address against everybody: `python -m tests.safety.flood [10000]`.

It opens session after session by REST, and keeps all that it gets, while honest people meet; how
long they wait is told with the flood and without.
"""

from __future__ import annotations

import http.client
import json
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from statistics import quantiles

from tests.harness.raw import EVENT, RawSocket
from tests.harness.servers import Server

ATTACKER = "203.0.113.66"
SETTINGS = {"RATE_LIMITS": "on", "TRUSTED_PROXIES": "1", "MAX_CONNECTIONS_PER_ADDRESS": "100"}
THREADS = 4
HONEST = 4  # people at once
MOST = 20  # SESSIONS_PER_ADDRESS, by default
CALM = 2.0  # s
MATCHED = f'{EVENT}["matched"'
ADDRESSES = count(1)


@dataclass
class Flood:
    """What an attacker has got: `most` is how many were online with it, `own` are its sessions."""

    server: Server
    refused: int = 0
    own: list[str] = field(default_factory=list)
    most: int = 0

    def run(self, sessions: int) -> None:
        """Ask for so many sessions, from a few connections at once."""
        with ThreadPoolExecutor(THREADS) as pool:
            works = [pool.submit(self._ask, sessions // THREADS) for _ in range(THREADS)]
            while not all(work.done() for work in works):
                self.most = max(self.most, self.server.health()["online"])
            for work in works:
                work.result()

    def _ask(self, sessions: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=20)
        headers = {"X-Forwarded-For": ATTACKER, "Content-Type": "application/json"}
        for number in range(sessions):
            connection.request("POST", ("/start", "/start_video")[number % 2], "{}", headers)
            answer = json.loads(connection.getresponse().read())
            if "session_id" in answer:
                self.own.append(answer["session_id"])
            else:
                assert answer["code"] == "rate_limited", answer
                self.refused += 1
        connection.close()

    def end(self) -> None:
        """Leave all that is left."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=20)
        for session_id in self.own:
            connection.request("POST", "/disconnect", json.dumps({"session_id": session_id}))
            connection.getresponse().read()
        connection.close()


def times_to_match(server: Server, until: Callable[[], bool]) -> list[float]:
    """Seconds from asking until being told of a stranger, of people who come and go."""
    with ThreadPoolExecutor(HONEST) as pool:
        people = [pool.submit(_come_and_go, server, until) for _ in range(HONEST)]
        while any(wait(people, timeout=0.1).not_done):
            if until():
                _pass_by(server)  # so that nobody is left over in the end
        return [seconds for person in people for seconds in person.result()]


def _come_and_go(server: Server, until: Callable[[], bool]) -> list[float]:
    times = []
    while not until():
        times.append(_meet(server))
    return times


def _somewhere() -> dict[str, str]:
    number = next(ADDRESSES)
    return {"X-Forwarded-For": f"10.9.{number // 250}.{number % 250}"}


def _pass_by(server: Server) -> None:
    with RawSocket(server.url, headers=_somewhere()) as person:
        person.start("text")
        person.ask("leave_session", {"session_id": person.session_id})


def _meet(server: Server) -> float:
    with RawSocket(server.url, headers=_somewhere()) as person:
        since = time.perf_counter()
        assert person.start("text")["ok"]
        person.hear_until(MATCHED)
        seconds = time.perf_counter() - since
        person.ask("leave_session", {"session_id": person.session_id})
        return seconds


def p95(times: list[float]) -> float:
    return quantiles(times, n=20)[-1]


def main(tell: Callable[[str], object] = print) -> None:
    """Flood a server with the default limits."""
    sessions = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder:
        server = Server("run.py", Path(folder) / "log", SETTINGS)
        server.wait_until_up()
        report = compare(server, sessions)
        server.stop()
    for line in report:
        tell(line)


def compare(server: Server, sessions: int) -> list[str]:
    """Let honest people meet for a while, then during a flood, and say how it went."""
    end = time.monotonic() + CALM
    calm = times_to_match(server, lambda: time.monotonic() > end)
    flood = Flood(server)
    attacker = threading.Thread(target=flood.run, args=(sessions,))
    attacker.start()
    hurried = times_to_match(server, lambda: not attacker.is_alive())
    attacker.join()
    flood.end()
    assert flood.most <= MOST + HONEST + 1, "it held more than its share"
    assert flood.refused
    assert len(hurried) > HONEST
    return [
        f"{sessions} sessions asked for, {len(flood.own)} given, {flood.refused} refused;"
        f" at most {flood.most} online, {HONEST} to {HONEST + 1} of them honest",
        f"p95 to a match: {p95(calm) * 1e3:.1f} ms before, {p95(hurried) * 1e3:.1f} ms meanwhile",
    ]


if __name__ == "__main__":
    main()
