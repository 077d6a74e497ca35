"""People who start, go on to the next, vanish and come back, all at random."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from random import Random

from tests.harness.crowd import Connection, Crowd, Json
from tests.races.session import Session
from tests.races.wishes import role_in, wishes

LATE = {"session_ended", "session_not_found"}  # what a race with the end may be refused with
# What else, if the question is whether to go on by video.
NO_VIDEO = {"already_asked", "already_video", "nothing_asked", "watched"}


class Person:
    """One client, with at most one session and, but for a take-over, one connection."""

    def __init__(self, crowd: Crowd, name: str, random: Random, *, choosy: bool) -> None:
        """`choosy`: wants somebody with an interest and a language."""
        self.name = name
        self._choosy = choosy
        self.session: Session | None = None
        self.known: dict[str, Session] = {}
        self._crowd = crowd
        self._random = random
        self._numbers = count(1)
        self._connection: Connection | None = None
        self._former: Connection | None = None
        self._late_joins = 0  # of connections that we have dropped since
        self._intention: Callable[[], None] = self.start

    # What it does

    def act(self) -> str:
        """Do one thing at random; returns its name."""
        if self._connection is None:
            choices = {"come_back": 6, "begin_anew": 4}
        elif not self._connection.connected:
            choices = {"wait": 20, "vanish": 1}
        elif self.session is None or self.session.status == "over":
            choices = {"start": 8, "start_twice": 1, "vanish": 1}
        else:
            choices = {"start": 8, "start_twice": 2, "leave": 3, "vanish": 3, "take_over": 2}
            choices |= {"chat": 2, "leave_and_vanish": 1, "leave_politely": 1}
            choices |= {"ask_for_video": 3}
        (name,) = self._random.choices(list(choices), list(choices.values()))
        getattr(self, name)()
        return name

    def wait(self) -> None:
        """Do nothing yet."""

    def start(self) -> None:
        """Start, or go on to the next."""
        request = wishes(self._random, choosy=self._choosy)
        label = f"{self.name}#{next(self._numbers)}"
        new = Session(label, request["chat_type"], role_in(request))
        old, self.session = self.session, new
        self._ask("start", request, lambda answer: self._started(old, new, answer))

    def start_twice(self) -> None:
        """Go on to the next, and on again before anybody could have answered."""
        self.start()
        self.start()

    def leave(self) -> None:
        """Leave, if the server has told us what."""
        session = self.session
        if session is not None and session.id:
            self.session = None
            self._ask(
                "leave_session",
                {"session_id": session.id},
                lambda answer: self._left(session, answer),
            )

    def chat(self) -> None:
        """Say who we are, if there is somebody to hear it."""
        if self.session is not None and self.session.talks:
            self.say("hello", self.session)

    def ask_for_video(self) -> None:
        """Would go on by video, whatever the chat is by now."""
        if self.session is not None and self.session.talks:
            request = {"session_id": self.session.id}
            self._ask("upgrade_request", request, lambda answer: _done_or(LATE | NO_VIDEO, answer))

    def answer_for_video(self, session: Session) -> None:
        """Say yes or no."""
        answer = {"session_id": session.id, "accept": self._random.random() < 0.7}
        self._ask("upgrade_answer", answer, lambda answer: _done_or(LATE | NO_VIDEO, answer))

    def say(self, what: str, session: Session) -> None:
        """Send a message of two words, the second of them our label."""
        message = {"session_id": session.id, "message": f"{what} {session.label}"}
        self._ask("send_message", message, lambda answer: _done_or(LATE, answer))

    def vanish(self) -> None:
        """Drop the connection without a word."""
        for connection in (self._connection, self._former):
            if connection is not None:
                self._late_joins += "join_session" in connection.unanswered
                connection.vanish(reset=self._random.random() < 0.5)
        self._connection = self._former = None
        if self.session is not None and not self.session.id:
            self.session = None  # the server never told us which it was

    def leave_and_vanish(self) -> None:
        """Leave without waiting for the answer."""
        self.leave()
        self.vanish()

    def leave_politely(self) -> None:
        """Close as a browser does; the session has its grace all the same."""
        assert self._connection is not None
        self._connection.leave_politely()
        self.vanish()

    def come_back(self) -> None:
        """Connect again and join what there was."""
        self._connect(self._join)

    def begin_anew(self) -> None:
        """Connect again and let the old session die of itself."""
        self.give_up()
        self._connect(self.start)

    def take_over(self) -> None:
        """Join on a second connection while the first is still there."""
        if self.session is not None and self.session.id and self._former is None:
            self._former = self._connection
            self._connect(self._join)

    # What it hears

    def on_connected(self, connection: Connection) -> None:
        if connection is self._connection:
            self._intention()

    def on_event(self, connection: Connection, name: str, data: Json) -> None:
        if name == "session_taken_over" and connection is self._former:
            connection.vanish()
            self._former = None
        elif name == "session_taken_over":
            # By ourselves: another worker has got round to it only now.
            assert self._late_joins, f"{self.name} was taken over by nobody"
            self._late_joins -= 1
            if self.session is not None and self.session.id == data["session_id"]:
                self._join()
        elif connection is self._connection:
            session = self.known.get(data["session_id"])
            heard = f"{self.name} hears {name} of somebody else's session"
            assert session is not None, f"{heard}, before it is told {connection.unanswered}"
            session.hear(name, data)
            if name == "matched" and session is self.session:
                self.say("hello", session)
            if name == "upgrade_requested" and session is self.session:
                self.answer_for_video(session)

    def on_lost(self, connection: Connection) -> None:
        raise AssertionError(f"the server has closed the connection of {self.name}")

    # What can be asked about it

    @property
    def under_way(self) -> str:
        """What this one waits for, if anything."""
        connection = self._connection
        if connection is None:
            return ""
        if not connection.connected:
            return "to be let in"
        if connection.unanswered:
            return f"for answers to {connection.unanswered}"
        return "for being told of the take-over" if self._former else ""

    @property
    def settled(self) -> bool:
        """Whether nothing is under way."""
        return not self.under_way

    @property
    def current(self) -> Iterator[Session]:
        """The session that is not over, if there is one."""
        if self.session is not None and self.session.status != "over":
            yield self.session

    def give_up(self) -> None:
        """Forget the session, if there is no connection for it."""
        if self._connection is None and self.session is not None:
            self.session.silent = True
            self.session = None

    # Details

    def _connect(self, intention: Callable[[], None]) -> None:
        self._intention = intention
        self._connection = Connection(self._crowd, self)

    def _ask(self, event: str, data: Json, then: Callable[[Json], object]) -> None:
        assert self._connection is not None
        self._connection.ask(event, data, then)

    def _started(self, old: Session | None, new: Session, answer: Json) -> None:
        assert answer["ok"], answer
        if old is not None:
            old.silent = True
        new.id, new.status = answer["session_id"], "waiting"
        assert new.id not in self.known, (new, answer)
        self.known[new.id] = new

    def _left(self, session: Session, answer: Json) -> None:
        _done_or(LATE, answer)
        session.silent = True

    def _join(self) -> None:
        session = self.session
        if session is None:
            self.start()
            return
        request = {"session_id": session.id, "after": session.seen}
        self._ask("join_session", request, lambda answer: self._joined(session, answer))

    def _joined(self, session: Session, answer: Json) -> None:
        _done_or({"session_not_found"}, answer)
        if not answer["ok"] or answer["status"] == "ended":
            if not answer["ok"]:
                session.status = "over"
            if self._former is not None:
                self._former.vanish()  # nothing was taken over
                self._former = None
            return
        # What the chat is now comes before the event by which it became that.
        assert answer["chat_type"] in (session.chat_type, "video"), (session, answer)
        assert not answer["gap"], (session, answer)
        assert answer["last_seq"] >= session.seen, (session, answer)


def _done_or(codes: set[str], answer: Json) -> None:
    assert answer["ok"] or answer["code"] in codes, answer
