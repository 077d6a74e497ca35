"""Random lives of many sessions, held against a simple model of what must be true of them."""

from __future__ import annotations

import json
from typing import get_args

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
from rendezvous.switchboard.results import Effects

from .conftest import ASKING, HOMES, TERMS, Clock, shut
from .lives import NOT_NOW, Model, Person, Role, chats, is_busy

EXAMPLES = {"memory": 150, "redis": 30}  # because a round trip takes more than a dictionary


class Lives(RuleBasedStateMachine):
    """Starts, joins, sends, drops, returns, leaves and time, in any order."""

    people = Bundle("people")

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.board = HOMES[self.home](self.clock, self.terms)
        self.model = Model()
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
        self.model.come(person)
        self.model.note(begun.effects)
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
        self.model.hear(person, view)

    @rule(person=people)
    def read(self, person: Person) -> None:
        try:
            view = self.board.read(person.session_id, person.seen)
        except Refused:
            assert person.over
            return
        person.away = False
        self.model.hear(person, view)

    @rule(person=people)
    def lose_an_answer_and_ask_again(self, person: Person) -> None:
        try:
            lost = self.board.read(person.session_id, person.seen)
        except Refused:
            return
        person.away = False
        self.model.note(lost.effects)
        again = self.board.read(person.session_id, person.seen)
        assert (again.events, again.gap) == (lost.events, lost.gap)

    @rule(person=people)
    def vouch(self, person: Person) -> None:
        if person.socket is not None:
            self.model.note(self.board.vouch(person.session_id, person.socket))

    @rule(person=people)
    def drop(self, person: Person) -> None:
        if person.socket is not None:
            self.model.note(self.board.drop(person.session_id, person.socket))
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
                self.model.note(
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
            assert refused.code in self.model.obstacles(person, allowed)  # noqa: PT017
            return
        assert chats(person)
        person.away = False
        self.model.note(effects)

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
        self.model.note(effects)

    @rule(person=people, accept=st.booleans())
    def answer(self, person: Person, accept: bool) -> None:
        try:
            effects = self.board.answer_upgrade(person.session_id, accept=accept)
        except Refused as refused:
            allowed = {"nothing_asked"} if person.chat_type == "text" else {"already_video"}
            assert refused.code in self.model.obstacles(person, allowed)  # noqa: PT017
            return
        assert bool(effects.upgrades) == accept
        person.away = False
        self.model.note(effects)

    @rule(person=people)
    def leave(self, person: Person) -> None:
        try:
            self.model.note(self.board.leave(person.session_id))
        except Refused:
            pass
        else:
            assert person.over

    @rule(seconds=st.sampled_from([0.1, 1, 2, 5, 14, 16, 29, 31, 61, 1_801]))
    def time_passes(self, seconds: float) -> None:
        self.clock.pass_by(seconds)
        self.model.note(self.board.widen())
        self.model.note(self.board.sweep())

    @rule()
    def everybody_shows_that_they_are_there(self) -> None:
        for person in self.model.by_id.values():
            if person.socket is not None:
                self.vouch(person)
            elif not (person.over or person.away):
                self.read(person)
        self.model.no_two_wait_who_could_be_introduced()

    @invariant()
    def everyone_is_in_exactly_one_state(self) -> None:
        self.model.everyone_is_in_exactly_one_state(self.board.counts())

    @invariant()
    def no_two_wait_who_could_be_introduced(self) -> None:
        if not self.terms.alive_within:
            self.model.no_two_wait_who_could_be_introduced()

    def teardown(self) -> None:
        for person in self.model.by_id.values():
            self.leave(person)
        self.time_passes(TERMS.ended_retention + 1)
        assert self.board.counts().online == 0
        if isinstance(self.board, MemorySwitchboard):
            assert not self.board._hall.sessions
            assert not self.board._hall.timers
            assert not any(map(len, self.board._meeting.lounges.values()))
        shut(self.board)

    def new_socket(self) -> str:
        self.sockets += 1
        return f"socket {self.sockets + 20}"


@pytest.mark.parametrize("terms", [TERMS, ASKING], ids=["nobody asked", "the silent asked"])
@pytest.mark.parametrize("home", sorted(EXAMPLES))
def test_random_lives_break_no_promise(home: str, terms: Terms) -> None:
    machine: type[Lives] = type("Lives", (Lives,), {"home": home, "terms": terms})
    run_state_machine_as_test(
        machine,
        settings=settings(max_examples=EXAMPLES[home], stateful_step_count=60, deadline=None),
    )
