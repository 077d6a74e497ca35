"""The switchboard of one process: plain dictionaries, no lock.

Nothing here waits, so under cooperative threads every verb is atomic.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from itertools import count
from typing import get_args

from rendezvous.matching import Profile, common_interests
from rendezvous.protocol.events import members as encode
from rendezvous.protocol.fields import ChatType
from rendezvous.refusals import Refused
from rendezvous.switchboard.crowds import Crowds
from rendezvous.switchboard.inbox import Event
from rendezvous.switchboard.lounge import Lounge, Wait
from rendezvous.switchboard.parties import Chat, Session
from rendezvous.switchboard.timers import Timed, Timers
from rendezvous.switchboard.verbs import (
    Begun,
    Counts,
    Delivery,
    Effects,
    Ending,
    EndReason,
    Match,
    Posted,
    Terms,
    View,
)

CHAT_TYPES: tuple[ChatType, ...] = get_args(ChatType)
SESSION_ID_BYTES = 18  # 144 random bits, 24 characters
SPARE_EVENTS = (
    32  # room for what the server itself has to say to an inbox that messages have filled
)
NOTHING = Effects()


class MemorySwitchboard:
    """Implements `Switchboard`. `clock` is monotonic, in seconds."""

    def __init__(
        self, terms: Terms | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._terms = terms or Terms()
        self._clock = clock
        self._tickets = count(1)
        self._sessions: dict[str, Session] = {}
        self._chats: dict[ChatType, int] = dict.fromkeys(CHAT_TYPES, 0)
        self._timers: Timers[Timed] = Timers()
        self._crowds = Crowds(self._terms.sessions_per_place, self._terms.sessions_per_visitor)
        self._widenings: Timers[Wait] = Timers()
        self._lounges = {kind: Lounge(self._terms, self._widenings) for kind in CHAT_TYPES}

    def start(self, profile: Profile, holder: str | None = None) -> Begun:
        self._crowds.enter(profile)
        session = Session(
            secrets.token_urlsafe(SESSION_ID_BYTES), profile, holder, next(self._tickets)
        )
        session.began = self._clock()
        self._sessions[session.id] = session
        self._lounges[profile.chat_type].arrive(session, session.began)
        self._heard(session)
        effects = self._offer(session)
        return Begun(session.id, "matched" if session.chat else "waiting", effects)

    def join(self, session_id: str, after: int, holder: str) -> View:
        session = self._find(session_id)
        if not session.ended:
            session.holder = holder
        return self._view(session, after, self._heard(session))

    def drop(self, session_id: str, holder: str) -> Effects:
        session = self._sessions.get(session_id)
        if session is None or session.holder != holder:
            return NOTHING
        session.holder = None
        session.away = True
        self._timers.set(session, self._clock() + self._terms.reconnect_grace)
        if session.chat is None:
            self._lounges[session.profile.chat_type].step_out(session)
            return NOTHING
        return Effects((self._tell(session.chat.partner_of(session), "partner_reconnecting"),))

    def leave(self, session_id: str) -> Effects:
        return self._end(self._find(session_id), "left")

    def post(
        self,
        session_id: str,
        name: str,
        members: bytes,
        message_id: str = "",
        client_id: str | None = None,
    ) -> Posted:
        session = self._find(session_id)
        if client_id is not None and (earlier := session.answered.get(client_id)):
            return Posted(*earlier, NOTHING, again=True)
        chat = self._chat_of(session)
        back = NOTHING if session.holder else self._heard(session)
        partner = chat.partner_of(session)
        terms = self._terms
        partner.inbox.make_room(
            len(members), terms.inbox_events, terms.inbox_bytes, forget=partner.holder is not None
        )
        event = partner.inbox.append(name, members)
        if message_id:
            chat.messages += 1
            if chat.due is not None:
                self._timers.set(chat, self._clock() + terms.idle_timeout)
        if client_id is not None:
            session.remember(client_id, message_id, event.seq)
        effects = Effects((*back.deliveries, Delivery(partner.id, event)))
        return Posted(message_id, event.seq, effects)

    def whisper(self, session_id: str, name: str, members: bytes) -> Effects:
        session = self._find(session_id)
        partner = self._chat_of(session).partner_of(session)
        return Effects((Delivery(partner.id, Event(0, name, members)),))

    def read(self, session_id: str, after: int, *, waits: bool = False) -> View:
        session = self._find(session_id)
        return self._view(session, after, self._heard(session))

    def widen(self) -> Effects:
        effects = [self._widen(wait) for wait in self._widenings.expired(self._clock())]
        return _together(effects)

    def sweep(self) -> Effects:
        effects = [self._expire(item) for item in self._timers.expired(self._clock())]
        return _together(effects)

    def close(self) -> Effects:
        effects = [self._end(session, "shutdown") for session in list(self._sessions.values())]
        return _together(effects)

    def counts(self) -> Counts:
        waiting = {kind: len(lounge) for kind, lounge in self._lounges.items()}
        return Counts(waiting, dict(self._chats))

    def _find(self, session_id: str) -> Session:
        session = self._sessions.get(session_id)
        if session is None:
            raise Refused("session_not_found")
        return session

    def _chat_of(self, session: Session) -> Chat:
        if session.ended:
            raise Refused("session_ended")
        if session.chat is None:
            raise Refused("not_matched")
        return session.chat

    def _heard(self, session: Session) -> Effects:
        """The client shows that it lives: renew its lease, and undo its absence."""
        if session.ended:
            return NOTHING
        due = None if session.holder else self._clock() + self._terms.lease
        self._timers.set(session, due)
        if not session.away:
            return NOTHING
        session.away = False
        if session.chat is None:
            return self._offer(session)
        return Effects((self._tell(session.chat.partner_of(session), "partner_reconnected"),))

    def _offer(self, session: Session) -> Effects:
        """Introduce somebody who has come, or come back, or let them wait."""
        partner = self._lounges[session.profile.chat_type].seat(session, self._clock())
        return self._introduce(session, partner) if partner else NOTHING

    def _widen(self, wait: Wait) -> Effects:
        """Introduce somebody who has waited long enough to look wider."""
        session = wait.session
        partner = self._lounges[session.profile.chat_type].widen(wait, self._clock())
        if partner is None:
            return NOTHING
        return self._introduce(*sorted((session, partner), key=_came, reverse=True))

    def _introduce(self, newcomer: Session, waiter: Session) -> Effects:
        """Make a chat of two; who has just come makes the offer, the other is known to listen."""
        now = self._clock()
        chat_type = newcomer.profile.chat_type
        self._lounges[chat_type].introduced(newcomer, waiter, now)
        chat = Chat(newcomer, waiter, now)
        self._chats[chat_type] += 1
        if chat_type == "text":
            self._timers.set(chat, now + self._terms.idle_timeout)
        shared = common_interests(newcomer.profile, waiter.profile)
        deliveries = []
        for session in (waiter, newcomer):
            session.chat = chat
            facts = encode(
                chat_type=chat_type,
                is_initiator=chat.initiator is session,
                common_interests=shared,
            )
            deliveries.append(self._tell(session, "matched", facts))
        match = Match((waiter.id, newcomer.id), chat_type, now - waiter.began)
        return Effects(tuple(deliveries), (match,))

    def _tell(self, session: Session, name: str, members: bytes = b"") -> Delivery:
        """Append what the server itself has to say, which nobody can be refused for."""
        terms = self._terms
        session.inbox.make_room(
            len(members), terms.inbox_events + SPARE_EVENTS, 2 * terms.inbox_bytes, forget=True
        )
        return Delivery(session.id, session.inbox.append(name, members))

    def _view(self, session: Session, after: int, effects: Effects) -> View:
        # What this client is told now, it is told in the view.
        others = tuple(each for each in effects.deliveries if each.session_id != session.id)
        events, gap = session.inbox.after(after)
        session.inbox.forget_until(after)
        initiator = session.chat is not None and session.chat.initiator is session
        return View(
            session.status,
            session.profile.chat_type,
            initiator,
            session.inbox.last_seq,
            gap,
            events,
            Effects(others, effects.matches, effects.endings),
        )

    def _expire(self, item: Timed) -> Effects:
        if isinstance(item, Chat):
            return self._end(item.parties[0], "inactivity")
        assert isinstance(item, Session)  # noqa: S101 - for mypy: only these two are timed
        if item.ended:
            del self._sessions[item.id]
            item.chat = (
                None  # the two refer to each other, and would wait for the garbage collector
            )
            return NOTHING
        return self._end(item, "timeout")

    def _end(self, session: Session, reason: EndReason) -> Effects:
        """End a session and the chat it is in, and tell those who do not know yet."""
        if session.ended:
            return NOTHING
        chat = session.chat
        parties = chat.parties if chat else (session,)
        deliveries = tuple(self._last_words(session, parties, reason))
        now = self._clock()
        for party in parties:
            self._forget_soon(party, now)
        chat_type = session.profile.chat_type
        if chat is None:
            self._lounges[chat_type].remove(session)
        else:
            self._chats[chat_type] -= 1
            self._timers.set(chat, None)
        began, messages = (chat.began, chat.messages) if chat else (session.began, 0)
        ids = tuple(party.id for party in parties)
        return Effects(deliveries, (), (Ending(ids, chat_type, reason, now - began, messages),))

    def _last_words(
        self, session: Session, parties: tuple[Session, ...], reason: EndReason
    ) -> Iterator[Delivery]:
        """Who left knows it; who was absent finds "inactivity"; the partner hears the reason."""
        for party in parties:
            if reason in ("inactivity", "shutdown"):
                yield self._tell(party, "session_ended", encode(reason=reason))
            elif party is not session:
                yield self._tell(party, "partner_disconnected", encode(reason=reason))
            elif reason == "timeout":
                yield self._tell(party, "session_ended", encode(reason="inactivity"))

    def _forget_soon(self, session: Session, now: float) -> None:
        session.ended = True
        session.holder = None
        self._crowds.leave(session.profile)
        self._timers.set(session, now + self._terms.ended_retention)


def _came(session: Session) -> int:
    return session.ticket


def _together(effects: list[Effects]) -> Effects:
    """Several verbs' effects as one, in their order."""
    return Effects(
        tuple(delivery for each in effects for delivery in each.deliveries),
        tuple(match for each in effects for match in each.matches),
        tuple(ending for each in effects for ending in each.endings),
    )
