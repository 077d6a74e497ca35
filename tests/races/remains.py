"""Who still waits when a race is over: they meet whom they may, and have kept their places."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from rendezvous.matching import Profile
from rendezvous.refusals import Refused
from rendezvous.switchboard import Switchboard
from rendezvous.switchboard.results import Effects, Match
from tests.races.records import CHAT_TYPES, Records, Wait, is_picky

DISCUSSES = Profile("text", ("newcomers",), "eo", discusses=True)
ASKS = Profile("text", question="What does a newcomer ask?")


class Remains:
    """Those of the records who wait on this board, and newcomers whom anybody may meet."""

    def __init__(self, records: Records, board: Switchboard) -> None:
        self._records = records
        self._board = board
        self._taken: set[str] = set()

    def come_back(self, random: Random) -> None:
        """Whoever still waits joins on a socket of this board."""
        for chat_type in CHAT_TYPES:
            waiting = self._records.waiting(chat_type)
            for wait in random.sample(waiting, len(waiting)):
                wait.socket = f"last socket {self._records.number()}"
                view = self._board.join(wait.session_id, 0, wait.socket)
                self._records.note(view.effects)
        self._records.settle()

    def widen(self) -> bool:
        """Let those look wider who wait, and answer if asked; whether anything has come of it."""
        effects = [self._board.widen()]
        asked = list(effects[0].asks)
        while asked:
            effects.append(self._vouch(asked.pop()))
            asked += effects[-1].asks
        for each in effects:
            self._records.note(each)
        self._records.settle()
        self._records.asked.clear()
        return any(each.matches or each.asks for each in effects)

    def drain(self) -> None:
        """Newcomers take who waits, in the order in which they came, but for who is picky."""
        waiting = [each for kind in CHAT_TYPES for each in self._records.waiting(kind)]
        easy = [each for each in waiting if not is_picky(each)]
        askers = [each for each in easy if each.profile.question]
        discuss = [each for each in easy if each.profile.discusses]
        self._take(askers, DISCUSSES, DISCUSSES)
        self._take(discuss, ASKS, DISCUSSES)
        for kind in CHAT_TYPES:
            chat = [each for each in easy if each.profile.chat_type == kind]
            others = [each for each in chat if each not in askers and each not in discuss]
            self._take(others, replace(DISCUSSES, chat_type=kind, discusses=False))
        for wait in waiting:
            if wait.session_id not in self._taken:
                assert self._board.leave(wait.session_id).endings, f"lost its place: {wait}"

    def leave(self) -> None:
        """Everybody goes."""
        for session_id in self._records.waits:
            try:
                self._board.leave(session_id)
            except Refused as refused:
                assert refused.code == "session_not_found"  # noqa: PT017 - it was over long ago

    def _take(self, waiting: list[Wait], *newcomers: Profile) -> None:
        """Have newcomers of these profiles come until all have been taken."""
        in_order: list[Wait] = []
        while left := [each for each in waiting if each.session_id not in self._taken]:
            taken = self._taken_by(newcomers)
            assert taken, f"lost their places: {left}"
            self._taken |= taken
            if len(taken) == 1:  # by newcomers, who suit anybody; or else the second had to suit
                in_order += [each for each in left if each.session_id in taken]
        for place, wait in enumerate(in_order):
            for later in in_order[place + 1 :]:
                assert later.begun > wait.called, f"{later} had come before {wait}"

    def _taken_by(self, newcomers: tuple[Profile, ...]) -> set[str]:
        """Who meets newcomers, or is discussed by them, or watches them."""
        matches: list[Match] = []
        came: list[str] = []
        for profile in newcomers:
            if not matches:
                name = f"newcomer {self._records.number()}"
                begun = self._board.start(replace(profile, visitor=name), name)
                came.append(begun.session_id)
                for each in (begun.effects, *map(self._vouch, begun.effects.asks)):
                    matches += each.matches
        for session_id in came:
            self._board.leave(session_id)
        parties = {party for match in matches for party in (*match.sessions, match.asker)}
        return parties & self._records.waits.keys()

    def _vouch(self, session_id: str) -> Effects:
        return self._board.vouch(session_id, self._records.waits[session_id].socket or "")
