"""Ten thousand races of next, disconnect and match; RACES and RACES_SEED choose others.

Two thousand of them are among people who wait for somebody whom they like.
"""

from __future__ import annotations

import os
import secrets
from random import Random

import pytest

from tests.conftest import Launch
from tests.harness.crowd import Connection, Crowd, Json
from tests.harness.logs import Watch
from tests.harness.servers import Server
from tests.races.races import Races, online

STEPS = int(os.environ.get("RACES", "8000"))
CHOOSY_STEPS = int(os.environ.get("RACES", "2000"))
CHECKPOINTS = 5
SETTINGS = {"RECONNECT_GRACE": "1", "INBOX_EVENTS": "10000"}


class Passer:
    """Starts, and is gone again."""

    def __init__(self, crowd: Crowd) -> None:
        self.started = False
        Connection(crowd, self)

    def on_connected(self, connection: Connection) -> None:
        connection.ask(
            "start", {"chat_type": "text"}, lambda answer: self._leave(connection, answer)
        )

    def on_event(self, connection: Connection, name: str, data: Json) -> None:
        raise AssertionError(f"the last one alive hears {name}")

    def on_lost(self, connection: Connection) -> None:
        raise AssertionError("the server has closed the connection of the last one alive")

    def _leave(self, connection: Connection, answer: Json) -> None:
        assert answer["status"] == "waiting"
        connection.vanish()
        self.started = True


@pytest.fixture(scope="module")
def server(launch: Launch) -> Server:
    return launch("run.py", **SETTINGS)


@pytest.fixture(scope="module")
def choosy_server(launch: Launch) -> Server:
    """Where whoever waits for somebody whom they like gives up soon."""
    soon = {"MATCH_SOONEST": "0.2", "MATCH_LATEST": "0.3", "NOT_AGAIN": "0"}
    return launch("run.py", **SETTINGS, **soon)


def test_races_of_next_disconnect_and_match_leave_no_ghost(server: Server) -> None:
    race(server, STEPS, choosy=False)


def test_nor_do_races_of_people_who_wait_for_whom_they_like(choosy_server: Server) -> None:
    race(choosy_server, CHOOSY_STEPS, choosy=True)


def race(server: Server, steps: int, *, choosy: bool) -> None:
    """Race, and see at checkpoints and at the end that nobody was lost, and nobody stays."""
    seed = int(os.environ.get("RACES_SEED") or secrets.randbits(32))
    print(f"RACES_SEED={seed}")  # noqa: T201 - pytest shows it when the test fails
    watch = Watch(server)
    with Crowd(server.port) as crowd:
        races = Races(server, crowd, Random(seed), choosy=choosy)
        for _ in range(CHECKPOINTS):
            races.run(steps // CHECKPOINTS)
            races.check()
        print(races.done)  # noqa: T201 - for who wants to see what the races were made of
        races.end()
        crowd.run_until(lambda: online(server) == 0, "everybody's end")
        # By the time that one more has come, gone and been given up, so has every grace before.
        passer = Passer(crowd)
        crowd.run_until(lambda: passer.started, "the last start")
        crowd.run_until(lambda: online(server) == 0, "the last one's end")
    watch.must_be_calm()
    assert races.heard() >= {"discussion_started", "unwatched", "upgrade_declined", "upgraded"}
