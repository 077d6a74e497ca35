"""Coming, meeting, and losing each other, in the memory of one process."""

from __future__ import annotations

from typing import get_args

from rendezvous.matching import Profile, common_interests
from rendezvous.protocol.events import members as encode
from rendezvous.protocol.fields import ChatType
from rendezvous.switchboard.hall import Hall
from rendezvous.switchboard.lounge import Lounge, Wait
from rendezvous.switchboard.parties import Chat, Session
from rendezvous.switchboard.timers import Timers
from rendezvous.switchboard.verbs import NOTHING, Counts, Effects, Match, Standing, together

CHAT_TYPES: tuple[ChatType, ...] = get_args(ChatType)


class Meeting:
    """Those who wait, by chat type, and how many chats have come of it."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self._chats: dict[ChatType, int] = dict.fromkeys(CHAT_TYPES, 0)
        self._widenings: Timers[Wait] = Timers()
        self.lounges = {kind: Lounge(hall.terms, self._widenings) for kind in CHAT_TYPES}

    def expect(self, profile: Profile) -> None:
        """Somebody would come. Raises Refused: "token_in_use"."""
        self.lounges[profile.chat_type].expect(profile)

    def come(self, session: Session) -> Effects:
        """Introduce somebody new, or let them wait."""
        self.lounges[session.profile.chat_type].arrive(session, session.began)
        self.heard(session)
        return self._offer(session)

    def heard(self, session: Session) -> Effects:
        """The client shows that it lives: renew its lease, and undo its absence."""
        if session.ended:
            return NOTHING
        hall = self._hall
        hall.timers.set(session, None if session.holder else hall.now() + hall.terms.lease)
        if not session.away:
            return NOTHING
        session.away = False
        if session.chat is None:
            return self._offer(session)
        return Effects((hall.tell(session.chat.partner_of(session), "partner_reconnected"),))

    def lose(self, session: Session) -> Effects:
        """The client has lost its socket: the session is away, for its grace."""
        hall = self._hall
        session.holder = None
        session.away = True
        hall.timers.set(session, hall.now() + hall.terms.reconnect_grace)
        if session.chat is None:
            self.lounges[session.profile.chat_type].step_out(session)
            return NOTHING
        return Effects((hall.tell(session.chat.partner_of(session), "partner_reconnecting"),))

    def widen(self) -> Effects:
        """Let those look wider whose time has come."""
        return together(self._widen(wait) for wait in self._widenings.expired(self._hall.now()))

    def part(self, session: Session) -> None:
        """The session is over: it waits no longer, or its chat is one less."""
        if session.chat is None:
            self.lounges[session.profile.chat_type].remove(session)
        else:
            self._chats[session.chat.chat_type] -= 1
            self._hall.timers.set(session.chat, None)

    def upgrade(self, chat: Chat) -> None:
        """A text chat goes on by video."""
        self._chats[chat.chat_type] -= 1
        chat.chat_type = "video"
        self._chats[chat.chat_type] += 1
        self._hall.timers.set(chat, None)

    def counts(self) -> Counts:
        """How many are there now."""
        waiting = {kind: len(lounge) for kind, lounge in self.lounges.items()}
        return Counts(waiting, dict(self._chats))

    def standing(self, session: Session) -> Standing | None:
        """How somebody stands, if they wait."""
        return self.lounges[session.profile.chat_type].standing(session, self._hall.now())

    def _offer(self, session: Session) -> Effects:
        """Introduce somebody who has come, or come back, or let them wait."""
        partner = self.lounges[session.profile.chat_type].seat(session, self._hall.now())
        return self._introduce(session, partner) if partner else NOTHING

    def _widen(self, wait: Wait) -> Effects:
        """Introduce somebody who has waited long enough to look wider."""
        session = wait.session
        partner = self.lounges[session.profile.chat_type].widen(wait, self._hall.now())
        if partner is None:
            return NOTHING
        return self._introduce(*sorted((session, partner), key=_came, reverse=True))

    def _introduce(self, newcomer: Session, waiter: Session) -> Effects:
        """Make a chat of two; who has just come makes the offer, the other is known to listen."""
        hall, chat_type = self._hall, newcomer.profile.chat_type
        now = hall.now()
        self.lounges[chat_type].introduced(newcomer, waiter, now)
        chat = Chat(newcomer, waiter, now)
        self._chats[chat_type] += 1
        if chat_type == "text":
            hall.timers.set(chat, now + hall.terms.idle_timeout)
        shared = common_interests(newcomer.profile, waiter.profile)
        deliveries = []
        for session in (waiter, newcomer):
            session.chat = chat
            facts = encode(
                chat_type=chat_type,
                is_initiator=chat.initiator is session,
                common_interests=shared,
            )
            deliveries.append(hall.tell(session, "matched", facts))
        match = Match((waiter.id, newcomer.id), chat_type, now - waiter.began)
        return Effects(tuple(deliveries), (match,))


def _came(session: Session) -> int:
    return session.ticket
