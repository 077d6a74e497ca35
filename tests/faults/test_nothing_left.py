"""After everyone has gone, however they went, nothing is left in memory."""

from __future__ import annotations

import pytest
import requests

from tests.conftest import Launch
from tests.harness.crowd import Connection, Crowd, Json
from tests.harness.logs import Watch
from tests.soak import SETTINGS, Soak, complaints

CHATS = 1_000
SOCKETS = 200  # that vanish together
CALLERS = 200  # that start over REST and never call again
ROUNDS = 6


class Vanisher:
    """Meets somebody, writes to them, and is ready to vanish when they have written back."""

    def __init__(self, crowd: Crowd) -> None:
        self.ready = False
        self.connection = Connection(crowd, self)

    def on_connected(self, connection: Connection) -> None:
        connection.ask("start", {"chat_type": "text"})

    def on_event(self, connection: Connection, name: str, data: Json) -> None:
        if name == "matched":
            message = {"session_id": data["session_id"], "message": "x" * 500}
            connection.ask("send_message", message)
        elif name == "new_message":
            self.ready = True

    def on_lost(self, connection: Connection) -> None:
        raise AssertionError("the server was the first to close")


def meet(crowd: Crowd) -> list[Vanisher]:
    """People who all have somebody and have heard from them."""
    people = [Vanisher(crowd) for _ in range(SOCKETS)]
    crowd.run_until(lambda: all(each.ready for each in people), "talking")
    return people


def come_and_vanish(soak: Soak, rounds: int) -> None:
    """Let many meet and vanish without a word, by a reset or by an end of the connection."""
    for _ in range(rounds):
        with Crowd(soak.server.port) as crowd, requests.Session() as http:
            people = meet(crowd)
            for number, person in enumerate(people):
                person.connection.vanish(reset=bool(number % 2))
            for _ in range(CALLERS):
                http.post(f"{soak.server.url}/start_video", timeout=20).raise_for_status()


@pytest.fixture
def soak(launch: Launch) -> Soak:
    return Soak(launch("run.py", **SETTINGS))


def test_a_thousand_chats_leave_nothing(soak: Soak) -> None:
    soak.chat(CHATS // 2)
    before = soak.read()
    soak.chat(CHATS)
    after = soak.read()
    assert not complaints(before, after), (before, after)


def test_thousands_who_vanish_leave_nothing(soak: Soak) -> None:
    watch = Watch(soak.server)
    come_and_vanish(soak, ROUNDS // 2)
    before = soak.read()
    come_and_vanish(soak, ROUNDS)
    after = soak.read()
    assert not complaints(before, after), (before, after)
    watch.must_be_calm()
