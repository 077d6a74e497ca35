"""The switchboard of one process: plain dictionaries, no lock.

Nothing here waits, so under cooperative threads every verb is atomic.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from rendezvous.matching import Profile
from rendezvous.protocol.fields import ChatType
from rendezvous.switchboard.crowds import Crowds
from rendezvous.switchboard.ending import Ends
from rendezvous.switchboard.hall import Hall
from rendezvous.switchboard.inbox import Event
from rendezvous.switchboard.meeting import Meeting
from rendezvous.switchboard.parties import Session
from rendezvous.switchboard.results import (
    NOTHING,
    Acquaintance,
    Begun,
    Counts,
    Delivery,
    Effects,
    Posted,
    Standing,
    View,
    together,
)
from rendezvous.switchboard.reunion import Reunions
from rendezvous.switchboard.terms import Terms
from rendezvous.switchboard.upgrading import Upgrades
from rendezvous.switchboard.watching import Watching


class MemorySwitchboard:
    """Implements `Switchboard`. `clock` is monotonic, in seconds."""

    def __init__(
        self, terms: Terms | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        terms = terms or Terms()
        self._hall = Hall(terms, clock)
        self._crowds = Crowds(terms.sessions_per_place, terms.sessions_per_visitor)
        self._watching = Watching(self._hall)
        self._meeting = Meeting(self._hall, self._watching)
        self._ends = Ends(self._hall, self._meeting, self._watching, self._crowds)
        self._upgrades = Upgrades(self._hall, self._meeting)
        self._reunions = Reunions(self._hall, self._meeting)

    def start(self, profile: Profile, holder: str | None = None) -> Begun:
        self._meeting.expect(profile)
        self._crowds.enter(profile)
        session = self._hall.enter(profile, holder)
        effects = self._meeting.come(session)
        return Begun(session.id, "matched" if session.chat else "waiting", effects)

    def join(self, session_id: str, after: int, holder: str) -> View:
        session = self._hall.find(session_id)
        if not session.ended:
            session.holder = holder
        return _view(session, after, self._meeting.heard(session))

    def vouch(self, session_id: str, holder: str) -> Effects:
        session = self._hall.sessions.get(session_id)
        if session is None or session.holder != holder:
            return NOTHING
        return self._meeting.heard(session)

    def drop(self, session_id: str, holder: str) -> Effects:
        session = self._hall.sessions.get(session_id)
        if session is None or session.holder != holder:
            return NOTHING
        return self._meeting.lose(session)

    def leave(self, session_id: str) -> Effects:
        return self._ends.end(self._hall.find(session_id), "left")

    def post(
        self,
        session_id: str,
        name: str,
        members: bytes,
        message_id: str = "",
        client_id: str | None = None,
    ) -> Posted:
        hall = self._hall
        session = hall.find(session_id)
        if client_id is not None and (earlier := session.answered.get(client_id)):
            return Posted(*earlier, NOTHING, again=True)
        chat = hall.chat_of(session)
        back = self._meeting.called(session)
        partner = chat.partner_of(session)
        terms = hall.terms
        partner.inbox.make_room(
            len(members), terms.inbox_events, terms.inbox_bytes, forget=partner.holder is not None
        )
        event = partner.inbox.append(name, members)
        overheard: tuple[Delivery, ...] = ()
        if message_id:
            chat.messages += 1
            if chat.due is not None:
                hall.timers.set(chat, hall.now() + terms.idle_timeout)
            if chat.watcher is not None:
                watched = self._watching.overhear(chat, chat.watcher, session, name, members)
                overheard = (watched,)
        if client_id is not None:
            session.remember(client_id, message_id, event.seq)
        effects = Effects((*back, *overheard, Delivery(partner.id, event)))
        return Posted(message_id, event.seq, effects)

    def whisper(self, session_id: str, name: str, members: bytes) -> Effects:
        session = self._hall.find(session_id)
        chat = self._hall.chat_of(session)
        delivery = Delivery(chat.partner_of(session).id, Event(0, name, members))
        return Effects((*self._watching.glimpse(chat, session, name, members), delivery))

    def request_upgrade(self, session_id: str) -> Effects:
        return self._upgrades.request(self._hall.find(session_id))

    def answer_upgrade(self, session_id: str, *, accept: bool) -> Effects:
        return self._upgrades.answer(self._hall.find(session_id), accept=accept)

    def acquaintance(self, session_id: str) -> Acquaintance:
        return self._reunions.acquaintance(self._hall.find(session_id))

    def meet_again(self, session_id: str, mine: bytes, theirs: bytes) -> Effects:
        return self._reunions.wish(self._hall.find(session_id), mine, theirs)

    def read(self, session_id: str, after: int, *, waits: bool = False) -> View:
        session = self._hall.find(session_id)
        return _view(session, after, self._meeting.heard(session))

    def widen(self) -> Effects:
        return self._meeting.widen()

    def next_widening(self) -> float:
        return self._meeting.next_widening()

    def sweep(self) -> Effects:
        hall = self._hall
        return together(self._ends.expire(item) for item in hall.timers.expired(hall.now()))

    def close(self) -> Effects:
        everybody = list(self._hall.sessions.values())
        return together(self._ends.end(session, "shutdown") for session in everybody)

    def counts(self) -> Counts:
        return self._meeting.counts()

    def standings(self, session_ids: Sequence[str]) -> list[Standing | None]:
        found = map(self._hall.sessions.get, session_ids)
        return [self._meeting.standing(each) if each else None for each in found]

    def topics(self, chat_type: ChatType, least: int, most: int) -> list[tuple[str, int]]:
        return self._meeting.lounges[chat_type].topics.most_common(least, most)


def _view(session: Session, after: int, effects: Effects) -> View:
    # What this client is told now, it is told in the view.
    others = tuple(each for each in effects.deliveries if each.session_id != session.id)
    events, gap = session.inbox.after(after)
    session.inbox.forget_until(after)
    initiator = session.chat is not None and session.chat.initiator is session
    return View(
        session.status,
        session.chat.chat_type if session.chat else session.profile.chat_type,
        initiator,
        session.inbox.last_seq,
        gap,
        events,
        Effects(others, effects.matches, effects.endings, effects.upgrades, effects.asks),
    )
