"""Who is here: what the parts of the memory switchboard have in common."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from itertools import count

from rendezvous.matching import Profile
from rendezvous.refusals import Refused
from rendezvous.switchboard.parties import Chat, Session
from rendezvous.switchboard.results import Delivery
from rendezvous.switchboard.terms import Terms
from rendezvous.switchboard.timers import Timed, Timers

SESSION_ID_BYTES = 18  # 144 random bits, 24 characters
SPARE_EVENTS = (
    32  # room for what the server itself has to say to an inbox that messages have filled
)


class Hall:
    """The sessions by their ids, and when to look at which; `now` is monotonic, in seconds."""

    def __init__(self, terms: Terms, now: Callable[[], float]) -> None:
        self.terms = terms
        self.now = now
        self.sessions: dict[str, Session] = {}
        self.timers: Timers[Timed] = Timers()
        self._tickets = count(1)

    def enter(self, profile: Profile, holder: str | None) -> Session:
        """Somebody new."""
        session_id = secrets.token_urlsafe(SESSION_ID_BYTES)
        session = Session(session_id, profile, holder, next(self._tickets))
        session.began = session.heard_at = self.now()
        self.sessions[session_id] = session
        return session

    def find(self, session_id: str) -> Session:
        """Raises Refused: "session_not_found"."""
        session = self.sessions.get(session_id)
        if session is None:
            raise Refused("session_not_found")
        return session

    def chat_of(self, session: Session) -> Chat:
        """Raises Refused: "session_ended", "not_matched", "watching"."""
        if session.ended:
            raise Refused("session_ended")
        chat = session.chat
        if chat is None:
            raise Refused("watching" if session.profile.question else "not_matched")
        if session is chat.watcher:
            raise Refused("watching")
        return chat

    def tell(self, session: Session, name: str, members: bytes = b"") -> Delivery:
        """Append what the server itself has to say, which nobody can be refused for."""
        terms = self.terms
        session.inbox.make_room(
            len(members), terms.inbox_events + SPARE_EVENTS, 2 * terms.inbox_bytes, forget=True
        )
        return Delivery(session.id, session.inbox.append(name, members))

    def forget(self, session: Session) -> None:
        """It ended long ago."""
        del self.sessions[session.id]
        # The two refer to each other, and would wait for the garbage collector.
        session.chat = None
