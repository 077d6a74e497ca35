"""Random lives of many sessions, held against a simple model of what must be true of them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Literal, get_args

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from rendezvous.matching import Profile
from rendezvous.protocol.fields import ChatType
from rendezvous.refusals import Refused
from rendezvous.switchboard import MemorySwitchboard, Terms
from rendezvous.switchboard.verbs import Effects, View

from .conftest import ASKING, HOMES, TERMS, Clock, shut

EXAMPLES = {"memory": 150, "redis": 30}  # because a round trip takes more than a dictionary
NOT_NOW = {"not_matched", "session_ended", "session_not_found"}


Role = Literal["chats", "asks", "discusses"]


@dataclass
class Person:
    """One client: what it knows, and what the model expects it to find."""

    session_id: str
    chat_type: ChatType
    socket: str | None
    role: Role = "chats"
    partner: Person | None = None
    watcher: Person | None = None
    watches: tuple[Person, Person] | None = None
    over: bool = False
    away: bool = False
    wishes: bool = False
    has_been_told: bool = False
    seen: int = 0
    heard: list[str] = field(default_factory=list)
    owed: list[str] = field(default_factory=list)


class Lives(RuleBasedStateMachine):
    """Starts, joins, sends, drops, returns, leaves and time, in any order."""

    people = Bundle("people")

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.board = HOMES[self.home](self.clock, self.terms)
        self.by_id: dict[str, Person] = {}
        self.sockets = 0
        self.words = 0

    home = ""
    terms = TERMS

    @rule(
        target=people,
        chat_type=st.sampled_from(["text", "text", "video"]),
        with_socket=st.booleans(),
        role=st.sampled_from(get_args(Role)),
    )
    def start(self, chat_type: ChatType, with_socket: bool, role: Role) -> Person:
        socket = self.new_socket() if with_socket else None
        chat_type = chat_type if role == "chats" else "text"
        question, discusses = "Why?" if role == "asks" else "", role == "discusses"
        profile = Profile(chat_type, question=question, discusses=discusses)
        begun = self.board.start(profile, socket)
        person = Person(begun.session_id, chat_type, socket, role)
        assert begun.session_id not in self.by_id
        self.by_id[begun.session_id] = person
        self.note(begun.effects)
        assert is_busy(person) == (begun.status == "matched")
        return person

    @rule(person=people)
    def join(self, person: Person) -> None:
        socket = self.new_socket()
        try:
            view = self.board.join(person.session_id, person.seen, socket)
        except Refused:
            assert person.over
            return
        person.socket = socket
        person.away = False
        self.hear(person, view)

    @rule(person=people)
    def read(self, person: Person) -> None:
        try:
            view = self.board.read(person.session_id, person.seen)
        except Refused:
            assert person.over
            return
        person.away = False
        self.hear(person, view)

    @rule(person=people)
    def lose_an_answer_and_ask_again(self, person: Person) -> None:
        try:
            lost = self.board.read(person.session_id, person.seen)
        except Refused:
            return
        person.away = False
        self.note(lost.effects)
        again = self.board.read(person.session_id, person.seen)
        assert (again.events, again.gap) == (lost.events, lost.gap)

    @rule(person=people)
    def vouch(self, person: Person) -> None:
        if person.socket is not None:
            self.note(self.board.vouch(person.session_id, person.socket))

    @rule(person=people)
    def drop(self, person: Person) -> None:
        if person.socket is not None:
            self.note(self.board.drop(person.session_id, person.socket))
            person.socket = None
            person.away = True

    @rule(person=people, old=st.integers(0, 20))
    def drop_a_socket_of_long_ago(self, person: Person, old: int) -> None:
        if f"socket {old}" != person.socket:
            assert self.board.drop(person.session_id, f"socket {old}") == Effects()

    @rule(person=people, twice=st.booleans())
    def send(self, person: Person, twice: bool) -> None:
        self.words += 1
        text, client_id = f"word {self.words}", f"client id {self.words}"
        members = b'"text":' + json.dumps(text).encode()
        partner = person.partner
        for _ in range(1 + twice):
            try:
                self.note(
                    self.board.post(
                        person.session_id, "new_message", members, text, client_id
                    ).effects
                )
            except Refused as refused:
                allowed = {"inbox_full"} if partner and not person.over else NOT_NOW
                if person.role == "asks" and not person.over:
                    allowed = {"watching"}
                assert refused.code in allowed  # noqa: PT017 - most sends are not refused
                return
        assert partner is not None
        person.away = False
        partner.owed.append(text)
        if person.watcher is not None:
            person.watcher.owed.append(text)

    @rule(person=people)
    def ask_for_video(self, person: Person) -> None:
        try:
            effects = self.board.request_upgrade(person.session_id)
        except Refused as refused:
            allowed = {"already_asked"} if person.chat_type == "text" else {"already_video"}
            assert refused.code in self.obstacles(person, allowed)  # noqa: PT017
            return
        assert self.chats(person)
        person.away = False
        self.note(effects)

    @rule(person=people)
    def wish_to_meet_again(self, person: Person) -> None:
        try:
            effects = self.board.meet_again(person.session_id, b"", b"")
        except Refused as refused:
            assert person.over or person.partner is None
            no = "watching" if person.role == "asks" else "not_matched"
            assert refused.code in {no, "session_not_found"}  # noqa: PT017
            return
        assert person.partner is not None
        told = [each.session_id for each in effects.deliveries if each.event.name == "meet_again"]
        both = person.partner.wishes and not person.has_been_told
        assert sorted(told) == sorted(
            [person.session_id, person.partner.session_id] if both else []
        )
        person.wishes = True
        for each in (person, person.partner):
            each.has_been_told = each.has_been_told or bool(told)
        person.away = person.away and person.over
        self.note(effects)

    @rule(person=people, accept=st.booleans())
    def answer(self, person: Person, accept: bool) -> None:
        try:
            effects = self.board.answer_upgrade(person.session_id, accept=accept)
        except Refused as refused:
            allowed = {"nothing_asked"} if person.chat_type == "text" else {"already_video"}
            assert refused.code in self.obstacles(person, allowed)  # noqa: PT017
            return
        assert bool(effects.upgrades) == accept
        person.away = False
        self.note(effects)

    @rule(person=people)
    def leave(self, person: Person) -> None:
        try:
            self.note(self.board.leave(person.session_id))
        except Refused:
            pass
        else:
            assert person.over

    @rule(seconds=st.sampled_from([0.1, 1, 2, 5, 14, 16, 29, 31, 61, 1_801]))
    def time_passes(self, seconds: float) -> None:
        self.clock.pass_by(seconds)
        self.note(self.board.widen())
        self.note(self.board.sweep())

    @rule()
    def everybody_shows_that_they_are_there(self) -> None:
        for person in self.by_id.values():
            if person.socket is not None:
                self.vouch(person)
            elif not (person.over or person.away):
                self.read(person)
        self.no_two_wait()

    @invariant()
    def everyone_is_in_exactly_one_state(self) -> None:
        counts = self.board.counts()
        alive = [person for person in self.by_id.values() if not person.over]
        for chat_type in ("text", "video"):
            of_type = [person for person in alive if person.chat_type == chat_type]
            waiting = sum(not is_busy(person) for person in of_type)
            watching = sum(person.watches is not None for person in of_type)
            assert counts.waiting[chat_type] == waiting
            assert 2 * counts.chats[chat_type] == len(of_type) - waiting - watching
        assert counts.watching == sum(person.watches is not None for person in alive)

    @invariant()
    def no_two_wait_who_could_be_introduced(self) -> None:
        if not self.terms.alive_within:
            self.no_two_wait()

    def no_two_wait(self) -> None:
        lonely = [
            person
            for person in self.by_id.values()
            if not (person.over or person.away or is_busy(person))
        ]
        for chat_type in ("text", "video"):
            chats = [each for each in lonely if (each.chat_type, each.role) == (chat_type, "chats")]
            assert len(chats) <= 1
        if any(person.role == "asks" for person in lonely):
            assert sum(person.role == "discusses" for person in lonely) <= 1

    def teardown(self) -> None:
        for person in self.by_id.values():
            self.leave(person)
        self.time_passes(TERMS.ended_retention + 1)
        assert self.board.counts().online == 0
        if isinstance(self.board, MemorySwitchboard):
            assert not self.board._hall.sessions
            assert not self.board._hall.timers
            assert not any(map(len, self.board._meeting.lounges.values()))
        shut(self.board)

    def obstacles(self, person: Person, others: set[str]) -> set[str]:
        """Why somebody cannot go on by video, if not because of `others`."""
        if person.role == "asks" and not person.over:
            return {"watching"}
        if person.watcher is not None and not person.over:
            return {"watched"}
        return others if self.chats(person) else NOT_NOW

    def chats(self, person: Person) -> bool:
        return person.partner is not None and not person.over

    def new_socket(self) -> str:
        self.sockets += 1
        return f"socket {self.sockets + 20}"

    def note(self, effects: Effects) -> None:
        """Follow what a verb says it has brought about."""
        for session_id in effects.asks:
            assert self.by_id[session_id].socket is not None
            assert not is_busy(self.by_id[session_id])
        for delivery in effects.deliveries:
            is_over = self.by_id[delivery.session_id].over
            assert not is_over or delivery.event.name == "meet_again", "the end was not the last"
        for match in effects.matches:
            one, other = (self.by_id[session_id] for session_id in match.sessions)
            assert one is not other
            assert one.partner is None
            assert other.partner is None
            assert (one.chat_type, one.role) == (other.chat_type, other.role)
            assert not one.over
            assert not other.over
            one.partner, other.partner = other, one
            self.note_asker(one, other, match.asker)
        for upgrade in effects.upgrades:
            one, other = (self.by_id[session_id] for session_id in upgrade.sessions)
            assert one.partner is other
            assert one.chat_type == other.chat_type == "text"
            one.chat_type = other.chat_type = "video"
        for ending in effects.endings:
            assert {self.by_id[each].chat_type for each in ending.sessions} == {ending.chat_type}
            for session_id in ending.sessions:
                assert not self.by_id[session_id].over
                self.by_id[session_id].over = True
                for watched in self.by_id[session_id].watches or ():
                    watched.watcher = None

    def note_asker(self, one: Person, other: Person, asker_id: str) -> None:
        """Follow who watches the two who were introduced, if they are to discuss something."""
        assert (one.role == "discusses") == bool(asker_id)
        if asker_id:
            asker = self.by_id[asker_id]
            assert asker.role == "asks"
            assert asker.watches is None
            assert not asker.over
            asker.watches, one.watcher, other.watcher = (one, other), asker, asker

    def hear(self, person: Person, view: View) -> None:
        """What a client finds continues what it has, in order, without holes or repeats."""
        self.note(view.effects)
        expected = person.seen
        for event in view.events:
            assert event.seq == expected + 1 or (view.gap and event.seq > expected)
            expected = event.seq
            if event.name == "new_message":
                person.heard.append(json.loads(b"{" + event.members + b"}")["text"])
        assert view.last_seq == expected
        assert view.chat_type == person.chat_type
        person.seen = expected
        if view.gap:
            assert set(person.heard) <= set(person.owed)
            person.owed = list(person.heard)
        assert person.heard == person.owed
        assert (view.status == "ended") == person.over


def is_busy(person: Person) -> bool:
    """Whether somebody talks or watches, or did so at the end."""
    return person.partner is not None or person.watches is not None


@pytest.mark.parametrize("terms", [TERMS, ASKING], ids=["nobody asked", "the silent asked"])
@pytest.mark.parametrize("home", sorted(EXAMPLES))
def test_random_lives_break_no_promise(home: str, terms: Terms) -> None:
    machine: type[Lives] = type("Lives", (Lives,), {"home": home, "terms": terms})
    run_state_machine_as_test(
        machine,
        settings=settings(max_examples=EXAMPLES[home], stateful_step_count=60, deadline=None),
    )
