"""Ten thousand races of next, disconnect and match; RACES and RACES_SEED choose others."""

from __future__ import annotations

import os
import secrets
from collections import Counter
from random import Random

import pytest
import requests

from tests.conftest import Launch
from tests.harness.crowd import Connection, Crowd, Json
from tests.harness.logs import Watch
from tests.harness.servers import Server
from tests.races.people import Person
from tests.races.session import Session

STEPS = int(os.environ.get("RACES", "10000"))
PEOPLE = 40
CHECKPOINTS = 5
REMEMBERED = 200  # past sessions that are asked after at a checkpoint


class Races:
    """The people, the server, and what has to be true of both whenever nothing is under way."""

    def __init__(self, server: Server, crowd: Crowd, random: Random) -> None:
        self.people = [Person(crowd, f"person{number}", random) for number in range(PEOPLE)]
        self.done: Counter[str] = Counter()
        self.most_alone = 0
        self._server = server
        self._crowd = crowd
        self._random = random
        self._http = requests.Session()
        self._roll_calls = 0

    def run(self, steps: int) -> None:
        """Let people act at random, in bursts, without waiting for what comes of it."""
        while steps:
            what = self._random.choice(self.people).act()
            steps -= what != "wait"
            self.done[what] += 1
            if self._random.random() < 0.5:
                self._crowd.turn(self._random.choice([0, 0.001, 0.002]))

    def check(self) -> None:
        """Everybody is in exactly one state, and server and people agree on which."""
        for person in self.people:
            person.give_up()
        self._crowd.run_until(lambda: all(each.settled for each in self.people), "answering")
        self._crowd.run_until(lambda: self._server.health() == self._expected(), "agreement")
        self.most_alone = max(self.most_alone, *self._waiting().values())
        self._call_the_roll()
        self._ask_after_each()

    def current(self) -> list[Session]:
        """The sessions that are not over, as people know them."""
        return [session for person in self.people for session in person.current]

    def end(self) -> None:
        """Half of the people leave, the other half vanish."""
        for number, person in enumerate(self.people):
            person.leave()
            if number % 2:
                person.vanish()
                person.give_up()
        self._crowd.run_until(lambda: all(each.settled for each in self.people), "leaving")

    def _expected(self) -> Json:
        """What the health check should say."""
        sessions = self.current()
        matched = [session for session in sessions if session.status == "matched"]
        return {
            "status": "healthy",
            "version": self._server.health()["version"],
            "online": len(sessions),
            "waiting": self._waiting(),
            "chats": len(matched) // 2,
        }

    def _waiting(self) -> dict[str, int]:
        """How many wait, by chat type."""
        waiting = [each.chat_type for each in self.current() if each.status == "waiting"]
        return {chat_type: waiting.count(chat_type) for chat_type in ("text", "video")}

    def _call_the_roll(self) -> None:
        """Everybody in a chat says so, and hears it from the one who hears it from them."""
        self._roll_calls += 1
        roll_call = f"roll-call-{self._roll_calls}"
        matched = {each.label: each for each in self.current() if each.status == "matched"}
        for person in self.people:
            for session in person.current:
                if session.status == "matched":
                    person.say(roll_call, session)
        self._crowd.run_until(
            lambda: all(roll_call in each.roll_calls for each in matched.values()), roll_call
        )
        for label, session in matched.items():
            partner = matched[session.partner]
            assert partner.partner == label
            assert partner.chat_type == session.chat_type
            assert not session.partner_away

    def _ask_after_each(self) -> None:
        """`POST /receive` says of every session what its client knows of it."""
        current = self.current()
        for session in current:
            answer = self._receive(session).json()
            assert answer["status"] == session.status, session
            assert answer["last_seq"] == session.seen, session
        past = [each for person in self.people for each in person.known.values()]
        gone = [each for each in past if each not in current]
        for session in self._random.sample(gone, min(REMEMBERED, len(gone))):
            response = self._receive(session)
            assert response.status_code == 404 or response.json()["status"] == "ended", session

    def _receive(self, session: Session) -> requests.Response:
        body = {"session_id": session.id, "after": session.seen}
        return self._http.post(f"{self._server.url}/receive", json=body, timeout=20)


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
    return launch("run.py", RECONNECT_GRACE="1", INBOX_EVENTS="10000")


def online(server: Server) -> int:
    """How many sessions the server counts."""
    return int(server.health()["online"])


def test_races_of_next_disconnect_and_match_leave_no_ghost(server: Server) -> None:
    seed = int(os.environ.get("RACES_SEED") or secrets.randbits(32))
    print(f"RACES_SEED={seed}")  # noqa: T201 - pytest shows it when the test fails
    watch = Watch(server)
    with Crowd(server.port) as crowd:
        races = Races(server, crowd, Random(seed))
        for _ in range(CHECKPOINTS):
            races.run(STEPS // CHECKPOINTS)
            races.check()
        print(races.done)  # noqa: T201 - for who wants to see what the races were made of
        races.end()
        crowd.run_until(lambda: online(server) == 0, "everybody's end")
        # By the time that one more has come, gone and been given up, so has every grace before.
        passer = Passer(crowd)
        crowd.run_until(lambda: passer.started, "the last start")
        crowd.run_until(lambda: online(server) == 0, "the last one's end")
    watch.must_be_calm()
    assert races.most_alone <= 1, "two waited for each other"
