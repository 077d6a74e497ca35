"""Coming, meeting, and losing each other, in the memory of one process."""

from __future__ import annotations

from typing import get_args

from rendezvous.matching import Profile, common_interests
from rendezvous.protocol.events import members as encode
from rendezvous.protocol.fields import ChatType
from rendezvous.switchboard.hall import Hall
from rendezvous.switchboard.lounge import Lounge
from rendezvous.switchboard.parties import Chat, Session
from rendezvous.switchboard.results import (
    NOTHING,
    Counts,
    Delivery,
    Effects,
    Match,
    Standing,
    together,
)
from rendezvous.switchboard.timers import Timers
from rendezvous.switchboard.waits import Wait
from rendezvous.switchboard.watching import Watching

CHAT_TYPES: tuple[ChatType, ...] = get_args(ChatType)


class Meeting:
    """Those who wait, by chat type, and how many chats have come of it."""

    def __init__(self, hall: Hall, watching: Watching) -> None:
        self._hall = hall
        self._watching = watching
        self._chats: dict[ChatType, int] = dict.fromkeys(CHAT_TYPES, 0)
        self._widenings: Timers[Wait] = Timers()
        self.lounges = {kind: Lounge(hall.terms, self._widenings) for kind in CHAT_TYPES}

    def expect(self, profile: Profile) -> None:
        """Somebody would come. Raises Refused: "token_in_use"."""
        self.lounges[profile.chat_type].expect(profile)

    def come(self, session: Session) -> Effects:
        """Introduce somebody new, or let them wait."""
        lounge = self.lounges[session.profile.chat_type]
        lounge.arrive(session, session.began)
        self._renew(session)
        return self._offer(lounge.wait_of(session))

    def heard(self, session: Session) -> Effects:
        """The client shows that it lives: renew its lease, and undo its absence."""
        if session.ended:
            return NOTHING
        self._renew(session)
        was_away, session.away = session.away, False
        if session.chat is None:
            return self._is_there(session)
        if not was_away:
            return NOTHING
        return self._tell_the_others(session.chat, session, "partner_reconnected")

    def called(self, session: Session) -> tuple[Delivery, ...]:
        """Who is in a chat and calls without a socket shows that they live."""
        return () if session.holder else self.heard(session).deliveries

    def lose(self, session: Session) -> Effects:
        """The client has lost its socket: the session is away, for its grace."""
        hall = self._hall
        session.holder = None
        session.away = True
        hall.timers.set(session, hall.now() + hall.terms.reconnect_grace)
        if session.chat is not None:
            return self._tell_the_others(session.chat, session, "partner_reconnecting")
        lounge = self.lounges[session.profile.chat_type]
        wait = lounge.wait_of(session)
        lounge.step_out(wait)
        return self._release(wait)

    def widen(self) -> Effects:
        """Let those look wider whose time has come, and pass over who does not answer."""
        return together(self._widen(wait) for wait in self._widenings.expired(self._hall.now()))

    def next_widening(self) -> float:
        """Seconds until then, or less."""
        return self._widenings.soonest - self._hall.now()

    def part(self, session: Session) -> Effects:
        """The session is over: it waits no longer, or its chat is one less."""
        if session.chat is None:
            lounge = self.lounges[session.profile.chat_type]
            wait = lounge.wait_of(session)
            lounge.remove(wait)
            return self._release(wait)
        self._chats[session.chat.chat_type] -= 1
        self._hall.timers.set(session.chat, None)
        return NOTHING

    def upgrade(self, chat: Chat) -> None:
        """A text chat goes on by video."""
        self._chats[chat.chat_type] -= 1
        chat.chat_type = "video"
        self._chats[chat.chat_type] += 1
        self._hall.timers.set(chat, None)

    def counts(self) -> Counts:
        """How many are there now."""
        waiting = {kind: len(lounge) for kind, lounge in self.lounges.items()}
        return Counts(waiting, dict(self._chats), self._watching.count)

    def _tell_the_others(self, chat: Chat, session: Session, name: str) -> Effects:
        """Tell the partner, and who watches; nobody is told of who watches."""
        if session is chat.watcher:
            return NOTHING
        told = self._hall.tell(chat.partner_of(session), name)
        return Effects((told, *self._watching.tell(chat, session, name)))

    def standing(self, session: Session) -> Standing | None:
        """How somebody stands, if they wait."""
        return self.lounges[session.profile.chat_type].standing(session, self._hall.now())

    def _renew(self, session: Session) -> None:
        """Renew the lease of a client that calls."""
        hall = self._hall
        hall.timers.set(session, None if session.holder else hall.now() + hall.terms.lease)

    def _is_there(self, session: Session) -> Effects:
        """Somebody who waits is heard of: they can be introduced, and maybe are waited for."""
        lounge = self.lounges[session.profile.chat_type]
        wait, now = lounge.wait_of(session), self._hall.now()
        if not lounge.asking.is_heard(wait, now):
            lounge.step_out(wait)  # because others have come meanwhile who could not meet them
        session.heard_at = now
        lounge.asking.answered(wait)
        if wait.held_for is not None:
            return NOTHING if wait.held_for.asked else self._both_are_there(wait, wait.held_for)
        return NOTHING if wait.stay else self._offer(wait)

    def _both_are_there(self, wait: Wait, other: Wait) -> Effects:
        """Introduce two who were held for each other, if nothing has come between them since.

        Their visitors may have met in other tabs by now, or others may have their question.
        """
        if self._lounge_of(wait).suit(wait, other, self._hall.now()):
            return self._introduce(*_latest(wait, other))
        released = self._release(wait)
        return together((released, self._offer(wait)))

    def _offer(self, wait: Wait) -> Effects:
        """Introduce somebody who has come, or come back, or let them wait."""
        partner = self._lounge_of(wait).seat(wait, self._hall.now())
        return self._meet(wait, partner) if partner else self._ask_around(wait)

    def _widen(self, wait: Wait) -> Effects:
        """Introduce somebody who has waited long enough to look wider."""
        if wait.asked:
            return self._pass_over(wait)
        partner = self._lounge_of(wait).widen(wait, self._hall.now())
        return self._meet(*_latest(wait, partner)) if partner else self._ask_around(wait)

    def _ask_around(self, asker: Wait) -> Effects:
        """A question has come, or its time to be everybody's: two may have waited for it."""
        if not (asker.session.profile.question and asker.stay):
            return NOTHING
        two = self._lounge_of(asker).who_would_discuss(self._hall.now())
        return self._meet(*_latest(*two)) if two else NOTHING

    def _meet(self, newcomer: Wait, waiter: Wait) -> Effects:
        """Introduce two who suit, once both are known to be there."""
        lounge, now = self._lounge_of(newcomer), self._hall.now()
        if lounge.asking.is_heard(newcomer, now) and lounge.asking.is_heard(waiter, now):
            return self._introduce(newcomer, waiter)
        return Effects(asks=lounge.hold(newcomer, waiter, now))

    def _pass_over(self, wait: Wait) -> Effects:
        """They do not answer; whoever was kept for them is offered to the next who suits."""
        asked = self._lounge_of(wait).asking.ask_again(wait, self._hall.now())
        return together((self._release(wait, still_asked=True), Effects(asks=(asked,))))

    def _release(self, wait: Wait, *, still_asked: bool = False) -> Effects:
        asking = self._lounge_of(wait).asking
        if not still_asked:
            asking.answered(wait)
        other = asking.release(wait)
        return self._offer(other) if other else NOTHING

    def _introduce(self, later: Wait, earlier: Wait) -> Effects:
        """Make a chat of two; who has just come makes the offer, the other is known to listen."""
        newcomer, waiter = later.session, earlier.session
        hall, chat_type = self._hall, newcomer.profile.chat_type
        now, lounge = hall.now(), self.lounges[chat_type]
        asker = lounge.asker_for(later, earlier) if newcomer.profile.discusses else None
        lounge.introduced(later, earlier, now)
        chat = Chat(newcomer, waiter, now)
        self._chats[chat_type] += 1
        if chat_type == "text":
            hall.timers.set(chat, now + hall.terms.idle_timeout)
        shared = common_interests(newcomer.profile, waiter.profile)
        question = {"question": asker.session.profile.question} if asker else {}
        deliveries = []
        for session in (waiter, newcomer):
            session.chat = chat
            facts = encode(
                chat_type=chat_type,
                is_initiator=chat.initiator is session,
                common_interests=shared,
                **question,
            )
            deliveries.append(hall.tell(session, "matched", facts))
        if asker is not None:
            lounge.remove(asker)
            deliveries.append(self._watching.begin(asker.session, chat, shared))
        match = Match(
            (waiter.id, newcomer.id), chat_type, now - waiter.began, chat.asker_id, **question
        )
        return Effects(tuple(deliveries), (match,))

    def _lounge_of(self, wait: Wait) -> Lounge:
        return self.lounges[wait.session.profile.chat_type]


def _latest(one: Wait, other: Wait) -> tuple[Wait, Wait]:
    """The two, who came last first."""
    return (one, other) if one.session.ticket > other.session.ticket else (other, one)
