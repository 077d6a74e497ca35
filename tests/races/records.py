"""What those who race for a switchboard know of everybody, and what has to be true of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations, count
from typing import get_args

from rendezvous.matching import Profile
from rendezvous.protocol.fields import ChatType
from rendezvous.switchboard.results import Counts, Effects, Ending, Match, Upgrade

CHAT_TYPES: tuple[ChatType, ...] = get_args(ChatType)


@dataclass(eq=False)
class Wait:
    """One session; `called` and `begun` are moments before and after it was started.

    `matches` are the chats in which it talked, or which it watched.
    """

    session_id: str
    profile: Profile
    called: int
    begun: int
    socket: str | None
    matches: list[Match] = field(default_factory=list)
    endings: list[Ending] = field(default_factory=list)
    upgrades: int = 0

    @property
    def waits(self) -> bool:
        """Whether it is neither matched nor over."""
        return not (self.matches or self.endings)

    @property
    def chat_type(self) -> ChatType:
        """What its chat is by now."""
        return "video" if self.upgrades else self.profile.chat_type


class Records:
    """What all who race have brought about, together."""

    def __init__(self) -> None:
        self.waits: dict[str, Wait] = {}
        self.matches: list[Match] = []
        self.asked: list[str] = []
        self.questions = 0
        self.invited: list[str] = []
        self.upgrades: list[Upgrade] = []
        self.partners: dict[str, str] = {}
        self._moments = count()
        self._numbers = count()
        self._lock = threading.Lock()
        self._early: list[Effects] = []

    def moment(self) -> int:
        """Later than every moment before."""
        return next(self._moments)

    def number(self) -> int:
        """A number of its own."""
        return next(self._numbers)

    def come(self, wait: Wait) -> None:
        """Somebody has come."""
        with self._lock:
            self.waits[wait.session_id] = wait

    def note(self, effects: Effects) -> None:
        """Something has happened; maybe to one who has not even been told of their session."""
        with self._lock:
            self.asked += effects.asks
            self.questions += len(effects.asks)
            for match in effects.matches:
                one, other = match.sessions
                self.partners |= {one: other, other: one}
            if effects.matches or effects.endings or effects.upgrades:
                self._early.append(effects)

    def settle(self) -> None:
        """Everybody has been told: see that nobody was matched twice, or ended twice."""
        for match in [match for effects in self._early for match in effects.matches]:
            self._match(match)
        for upgrade in [upgrade for effects in self._early for upgrade in effects.upgrades]:
            self._upgrade(upgrade)
        for ending in [ending for effects in self._early for ending in effects.endings]:
            for session_id in ending.sessions:
                self.waits[session_id].endings.append(ending)
        self._early.clear()
        for wait in self.waits.values():
            assert len(wait.matches) <= 1, f"matched twice: {wait}"
            assert len(wait.endings) <= 1, f"ended twice: {wait}"
            assert wait.upgrades <= 1, f"upgraded twice: {wait}"
            assert all(each.chat_type == wait.chat_type for each in wait.endings), wait
        for match in self.matches:
            self._hold_together(match)

    def agree(self, counts: Counts) -> None:
        """See that the board counts whom these records count."""
        alive = [wait for wait in self.waits.values() if not wait.endings]
        busy = [wait for wait in alive if wait.matches]
        talking = [wait.chat_type for wait in busy if not wait.profile.question]
        assert counts.watching == len(busy) - len(talking)
        for chat_type in CHAT_TYPES:
            assert counts.waiting[chat_type] == len(self.waiting(chat_type))
            assert 2 * counts.chats[chat_type] == talking.count(chat_type)

    def waiting(self, chat_type: ChatType) -> list[Wait]:
        """Who waits, in the order in which they were told of their session."""
        found = [
            wait
            for wait in self.waits.values()
            if wait.waits and wait.profile.chat_type == chat_type
        ]
        return sorted(found, key=lambda wait: wait.begun)

    def nobody_met_again(self) -> None:
        """See that no two visitors have met twice in the same type of chat."""
        met: set[tuple[str, frozenset[str]]] = set()
        for match in self.matches:
            each = match.chat_type, self._visitors(match)
            assert each not in met, f"{each} met again"
            met.add(each)

    def nobody_is_left_whom_somebody_suits(self) -> None:
        """See that of those who wait, and are there, no two could be introduced."""
        met = {(match.chat_type, self._visitors(match)) for match in self.matches}
        for one, other in self._could_meet():
            visitors = frozenset({one.profile.visitor, other.profile.visitor})
            known = (one.profile.chat_type, visitors) in met
            assert known, f"wait, though they could meet: {one} {other}"

    def _could_meet(self) -> Iterator[tuple[Wait, Wait]]:
        """The pairs of those who wait who could be introduced if they did not know each other."""
        for chat_type in CHAT_TYPES:
            waiting = [each for each in self.waiting(chat_type) if each.socket]
            askers = [each for each in waiting if each.profile.question]
            for one, other in combinations([each for each in waiting if each not in askers], 2):
                discuss = one.profile.discusses, other.profile.discusses
                if discuss == (True, True):
                    found = any(may_meet(each, one) and may_meet(each, other) for each in askers)
                else:
                    found = not any(discuss)
                if found and may_meet(one, other) and _accept(one, other):
                    yield one, other

    def _visitors(self, match: Match) -> frozenset[str]:
        return frozenset(self.waits[each].profile.visitor for each in match.sessions)

    def _match(self, match: Match) -> None:
        one, other = (self.waits[session_id] for session_id in match.sessions)
        assert one is not other
        assert one.profile.chat_type == other.profile.chat_type == match.chat_type
        assert one.profile.discusses == other.profile.discusses == bool(match.asker)
        assert may_meet(one, other), f"may not meet: {one} {other}"
        parties = [one, other]
        if match.asker:
            asker = self.waits[match.asker]
            assert asker.profile.question == match.question
            assert may_meet(asker, one), f"may not watch: {asker} {one}"
            assert may_meet(asker, other), f"may not watch: {asker} {other}"
            parties.append(asker)
        self.matches.append(match)
        for party in parties:
            party.matches.append(match)

    def _upgrade(self, upgrade: Upgrade) -> None:
        one, other = (self.waits[session_id] for session_id in upgrade.sessions)
        assert one.matches == other.matches, f"talk to others: {one} {other}"
        for wait in (one, other):
            assert wait.profile.chat_type == "text"
            wait.upgrades += 1
        self.upgrades.append(upgrade)

    def _hold_together(self, match: Match) -> None:
        """The two of a chat end together, and who watches does not stay behind."""
        one, other = (self.waits[session_id] for session_id in match.sessions)
        assert bool(one.endings) == bool(other.endings), f"one of two ended: {one} {other}"
        if match.asker:
            asker = self.waits[match.asker]
            assert asker.endings or not one.endings, f"watches nobody: {asker}"
            assert asker.endings or not one.upgrades, f"watches a video chat: {asker}"


def may_meet(one: Wait, other: Wait) -> bool:
    """Nobody meets themselves, in another tab, nor whom they block."""
    visitors = {one.profile.visitor, other.profile.visitor}
    return len(visitors) == 2 and not visitors & (one.profile.blocked | other.profile.blocked)


def is_picky(wait: Wait) -> bool:
    """Whether somebody waits for who likes the same, however long it takes."""
    return bool(wait.profile.pinned and wait.profile.interests and not wait.profile.question)


def _accept(one: Wait, other: Wait) -> bool:
    shared = set(one.profile.interests) & set(other.profile.interests)
    return bool(shared) or not (is_picky(one) or is_picky(other))
