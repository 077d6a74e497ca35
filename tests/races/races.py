"""The people of the races together, and what holds of them whenever nothing is under way."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any, Protocol

import requests

from tests.harness.crowd import Crowd, Json
from tests.races.people import Person
from tests.races.session import Session

PEOPLE = 40
REMEMBERED = 200  # past sessions that are asked after at a checkpoint


class Served(Protocol):
    """A server, or one of several that know the same."""

    url: str

    def health(self) -> dict[str, Any]:
        """What `GET /` says."""
        ...


def online(server: Served) -> int:
    """How many sessions the server counts."""
    return int(server.health()["online"])


class Races:
    """The people, the server, and what has to be true of both whenever nothing is under way."""

    def __init__(
        self,
        server: Served,
        crowd: Crowd,
        random: Random,
        *,
        choosy: bool = False,
    ) -> None:
        """`choosy` people wait for whom they like, and meet anybody in the end."""
        self.people = [
            Person(crowd, f"person{number}", random, choosy=choosy) for number in range(PEOPLE)
        ]
        self.done: Counter[str] = Counter()
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
        self._settle("answering")
        self._crowd.run_until(self._agreed, "agreement", missing=self._disagreement)
        self._call_the_roll()
        self._ask_after_each()

    def current(self) -> list[Session]:
        """The sessions that are not over, as people know them."""
        return [session for person in self.people for session in person.current]

    def heard(self) -> set[str]:
        """The names of all events that anybody has heard."""
        known = [session for person in self.people for session in person.known.values()]
        return set().union(*(session.heard for session in known))

    def end(self) -> None:
        """Half of the people leave, the other half vanish."""
        for number, person in enumerate(self.people):
            person.leave()
            if number % 2:
                person.vanish()
                person.give_up()
        self._settle("leaving")

    def _settle(self, what: str) -> None:
        def missing() -> str:
            late = [each for each in self.people if not each.settled]
            return ", ".join(f"{each.name} waits {each.under_way}" for each in late)

        self._crowd.run_until(lambda: not missing(), what, missing=missing)

    def _agreed(self) -> bool:
        """Whether the numbers are right, and not by chance while something is about to happen."""
        away = any(session.away for session in self.current())
        meet_soon = self._alone() > 1  # once they have shown that they are there
        return not (away or meet_soon) and self._server.health() == self._expected()

    def _disagreement(self) -> str:
        waiting = [each for each in self.current() if each.status == "waiting" or each.away]
        return f"{self._server.health()} is not {self._expected()}, with {waiting}"

    def _expected(self) -> Json:
        """What the health check should say."""
        sessions = self.current()
        talking = [session for session in sessions if session.talks]
        return {
            "status": "healthy",
            "version": self._server.health()["version"],
            "online": len(sessions),
            "waiting": self._waiting(),
            "chats": len(talking) // 2,
        }

    def _waiting(self) -> dict[str, int]:
        """How many wait, by chat type."""
        waiting = [each.chat_type for each in self.current() if each.status == "waiting"]
        return {chat_type: waiting.count(chat_type) for chat_type in ("text", "video")}

    def _alone(self) -> int:
        """How many wait for each other; who would discuss something needs a question besides."""
        waiting = [each for each in self.current() if each.status == "waiting"]
        kinds = Counter((each.chat_type, each.role) for each in waiting)
        if ("text", "asks") not in kinds:
            del kinds["text", "discusses"]
        del kinds["text", "asks"]  # who do not meet each other
        return max(kinds.values(), default=0)

    def _call_the_roll(self) -> None:
        """Everybody in a chat says so, and hears it from the one who hears it from them."""
        self._roll_calls += 1
        roll_call = f"roll-call-{self._roll_calls}"
        matched = {each.label: each for each in self.current() if each.status == "matched"}
        for person in self.people:
            for session in person.current:
                if session.talks:
                    person.say(roll_call, session)

        def missing() -> str:
            return str([each for each in matched.values() if not each.heard_all(roll_call)])

        self._crowd.run_until(lambda: missing() == "[]", roll_call, missing=missing)
        for label, session in matched.items():
            partners = [matched[each] for each in session.partners.values()]
            assert {each.chat_type for each in partners} == {session.chat_type}, session
            assert not session.away, session
            if session.role == "asks":
                one, other = partners
                assert one.partners == {0: other.label}, (session, one, other)
            else:
                assert [each.partners for each in partners] == [{0: label}], session

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
