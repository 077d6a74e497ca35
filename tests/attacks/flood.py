"""One address against everybody: how long honest people wait for each other meanwhile."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from statistics import median, quantiles

import requests

from tests.attacks.people import at, somewhere
from tests.harness.clients import TIMEOUT
from tests.harness.raw import EVENT, RawSocket
from tests.harness.servers import ROOT, Server

HONEST = 4  # people at once
MOST = 20  # SESSIONS_PER_ADDRESS, by default
MATCHED = f'{EVENT}["matched"'


@dataclass(frozen=True)
class Outcome:
    """Of a flood: sessions asked for and given, the most that were online with `HONEST` others, how
    long it took, and the seconds to a match of the honest, before and meanwhile.
    """

    asked: int
    given: int
    most: int
    seconds: float
    calm: list[float]
    hurried: list[float]

    def figures(self) -> str:
        """A line for a table."""
        return (
            f"{self.asked:,} asked for in {self.seconds:.1f} s, {self.given} given, at most"
            f" {self.most} online with {HONEST} honest; to a match, p50 and p95: {_both(self.calm)}"
            f" before, {_both(self.hurried)} meanwhile"
        )


def flood(server: Server, sessions: int, calm: float) -> Outcome:
    """Let honest people meet for `calm` seconds, then during a flood."""
    end = time.monotonic() + calm
    before = times_to_match(server, lambda: time.monotonic() > end)
    # Niced, because an attacker brings a machine of their own, and does not take the server's.
    python = ["nice", "-n", "19", sys.executable]
    command = [*python, "-m", "tests.attacks.attacker", str(server.port), str(sessions)]
    began, online = time.monotonic(), [0]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as attacker:

        def is_over() -> bool:
            return attacker.poll() is not None

        def watch() -> bool:
            online.append(server.health()["online"])
            return is_over()

        meanwhile = times_to_match(server, is_over, watch)
        told, _ = attacker.communicate()
    assert attacker.returncode == 0
    found = json.loads(told)
    seconds = time.monotonic() - began
    for session_id in found["given"]:
        body = {"session_id": session_id}
        requests.post(f"{server.url}/disconnect", json=body, timeout=TIMEOUT)
    return Outcome(found["asked"], len(found["given"]), max(online), seconds, before, meanwhile)


def times_to_match(
    server: Server, until: Callable[[], bool], look: Callable[[], bool] | None = None
) -> list[float]:
    """Seconds from asking until being told of a stranger, of people who come and go."""
    with ThreadPoolExecutor(HONEST) as pool:
        people = [pool.submit(_come_and_go, server, until) for _ in range(HONEST)]
        while any(wait(people, timeout=0.1).not_done):
            if (look or until)():
                _pass_by(server)  # so that nobody is left over in the end
        return [seconds for person in people for seconds in person.result()]


def _come_and_go(server: Server, until: Callable[[], bool]) -> list[float]:
    times = []
    while not until():
        times.append(_meet(server))
    return times


def _pass_by(server: Server) -> None:
    with RawSocket(server.url, headers=at(somewhere())) as person:
        person.start("text")
        person.ask("leave_session", {"session_id": person.session_id})


def _meet(server: Server) -> float:
    with RawSocket(server.url, headers=at(somewhere())) as person:
        since = time.perf_counter()
        assert person.start("text")["ok"]
        person.hear_until(MATCHED)
        seconds = time.perf_counter() - since
        person.ask("leave_session", {"session_id": person.session_id})
        return seconds


def _both(times: list[float]) -> str:
    return f"{median(times) * 1e3:.1f} and {quantiles(times, n=20)[-1] * 1e3:.1f} ms"
