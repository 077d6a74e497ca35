"""What the tests know of people whose sessions live at random: what must be true of them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Literal

from rendezvous.protocol.fields import ChatType
from rendezvous.switchboard.results import Counts, Effects, View

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


class Model:
    """Everybody who has come, by session, as what the switchboard says makes them."""

    def __init__(self) -> None:
        self.by_id: dict[str, Person] = {}

    def come(self, person: Person) -> None:
        """Somebody has come."""
        assert person.session_id not in self.by_id
        self.by_id[person.session_id] = person

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

    def obstacles(self, person: Person, others: set[str]) -> set[str]:
        """Why somebody cannot go on by video, if not because of `others`."""
        if person.role == "asks" and not person.over:
            return {"watching"}
        if person.watcher is not None and not person.over:
            return {"watched"}
        return others if chats(person) else NOT_NOW

    def everyone_is_in_exactly_one_state(self, counts: Counts) -> None:
        alive = [person for person in self.by_id.values() if not person.over]
        for chat_type in ("text", "video"):
            of_type = [person for person in alive if person.chat_type == chat_type]
            waiting = sum(not is_busy(person) for person in of_type)
            watching = sum(person.watches is not None for person in of_type)
            assert counts.waiting[chat_type] == waiting
            assert 2 * counts.chats[chat_type] == len(of_type) - waiting - watching
        assert counts.watching == sum(person.watches is not None for person in alive)

    def no_two_wait_who_could_be_introduced(self) -> None:
        lonely = [
            person
            for person in self.by_id.values()
            if not (person.over or person.away or is_busy(person))
        ]
        for chat_type in ("text", "video"):
            assert sum((each.chat_type, each.role) == (chat_type, "chats") for each in lonely) <= 1
        if any(person.role == "asks" for person in lonely):
            assert sum(person.role == "discusses" for person in lonely) <= 1


def is_busy(person: Person) -> bool:
    """Whether somebody talks or watches, or did so at the end."""
    return person.partner is not None or person.watches is not None


def chats(person: Person) -> bool:
    """Whether somebody talks now."""
    return person.partner is not None and not person.over
