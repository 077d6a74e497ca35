"""Those who race for a switchboard: each has a worker of its own, and all have the same people."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from rendezvous.refusals import Refused
from rendezvous.switchboard import Switchboard
from rendezvous.switchboard.results import Effects
from tests.races.lots import anybody
from tests.races.records import Records, Wait

LATEST = 60  # sessions among whom an act finds its victim
LATE = {"session_not_found", "session_ended"}
NO_VIDEO = {"already_asked", "already_video", "nothing_asked", "watched"}


class Racer:
    """Does one thing at random after the other, to anybody's session, by way of its own worker."""

    def __init__(
        self,
        name: str,
        hire: Callable[[], Switchboard],
        records: Records,
        random: Random,
        wait: Callable[[float], None],
    ) -> None:
        """`wait` lets so many seconds pass for all."""
        self.board = hire()
        self._wait = wait
        self._name = name
        self._hire = hire
        self._records = records
        self._random = random

    def run(self, acts: int) -> None:
        """Race."""
        choices = {"start": 30, "leave": 8, "drop": 12, "come_back": 14, "call": 10}
        choices |= {"answer": 20, "widen": 8, "sweep": 8, "pause": 8}
        choices |= {"ask_for_video": 8, "answer_for_video": 8}
        names = self._random.choices(list(choices), list(choices.values()), k=acts)
        for name in names:
            try:
                getattr(self, name)()
            except Refused as refused:
                if refused.code not in LATE | NO_VIDEO:
                    raise

    def start(self) -> None:
        profile = anybody(self._random, self._records.number())
        socket = self._new_socket() if self._random.random() < 0.8 else None
        called = self._records.moment()
        begun = self.board.start(profile, socket)
        wait = Wait(begun.session_id, profile, called, self._records.moment(), socket)
        self._records.come(wait)
        self._records.note(begun.effects)

    def leave(self) -> None:
        self._note(lambda wait: self.board.leave(wait.session_id))

    def drop(self) -> None:
        def drop(wait: Wait) -> Effects:
            socket, wait.socket = wait.socket, None
            return self.board.drop(wait.session_id, socket or "none")

        self._note(drop)

    def come_back(self) -> None:
        """Join, maybe while another racer does the same."""

        def join(wait: Wait) -> Effects:
            wait.socket = self._new_socket()
            return self.board.join(wait.session_id, 0, wait.socket).effects

        self._note(join)

    def call(self) -> None:
        self._note(lambda wait: self.board.read(wait.session_id, 0).effects)

    def answer(self) -> None:
        """One of those who were asked answers, or never does."""
        try:
            wait = self._records.waits[self._records.asked.pop()]
        except (IndexError, KeyError):
            return
        if self._random.random() < 0.7:
            self._records.note(self.board.vouch(wait.session_id, wait.socket or "none"))

    def ask_for_video(self) -> None:
        """One of those who were introduced would go on by video, maybe while another answers."""
        latest = list(self._records.partners)[-LATEST:]
        if latest:
            session_id = self._random.choice(latest)
            self._records.note(self.board.request_upgrade(session_id))
            self._records.invited.append(session_id)

    def answer_for_video(self) -> None:
        try:
            partner = self._records.partners[self._records.invited.pop()]
        except IndexError:
            return
        accept = self._random.random() < 0.8
        self._records.note(self.board.answer_upgrade(partner, accept=accept))

    def pause(self) -> None:
        self._wait(self._random.choice([0.01, 0.1]))

    def widen(self) -> None:
        self._records.note(self.board.widen())

    def sweep(self) -> None:
        self._records.note(self.board.sweep())

    def die(self) -> None:
        """Act no more, in the middle of everything; another takes the place."""
        shut = getattr(self.board, "shut", None)
        if shut is not None:
            shut()
            self.board = self._hire()

    def _note(self, act: Callable[[Wait], Effects]) -> None:
        latest = list(self._records.waits)[-LATEST:]
        if latest:
            wait = self._records.waits[self._random.choice(latest)]
            self._records.note(act(wait))

    def _new_socket(self) -> str:
        return f"socket {self._name} {self._records.number()}"
