"""The end of a session, and of the chat it is in, in the memory of one process."""

from __future__ import annotations

from collections.abc import Iterator

from rendezvous.protocol.events import members as encode
from rendezvous.switchboard.crowds import Crowds
from rendezvous.switchboard.hall import Hall
from rendezvous.switchboard.meeting import Meeting
from rendezvous.switchboard.parties import Chat, Session
from rendezvous.switchboard.results import NOTHING, Delivery, Effects, Ending, EndReason, together
from rendezvous.switchboard.timers import Timed
from rendezvous.switchboard.watching import Watching


class Ends:
    """Ends sessions and chats, and lets those know who do not."""

    def __init__(self, hall: Hall, meeting: Meeting, watching: Watching, crowds: Crowds) -> None:
        self._hall = hall
        self._meeting = meeting
        self._watching = watching
        self._crowds = crowds

    def expire(self, item: Timed) -> Effects:
        """The time of a session or a chat has run out."""
        if isinstance(item, Chat):
            return self.end(item.parties[0], "inactivity")
        assert isinstance(item, Session)  # noqa: S101 - for mypy: only these two are timed
        if item.ended:
            self._hall.forget(item)
            return NOTHING
        return self.end(item, "timeout")

    def end(self, session: Session, reason: EndReason) -> Effects:
        """End a session and the chat it is in; nothing happens the second time."""
        if session.ended:
            return NOTHING
        chat = session.chat
        if chat is not None and session is chat.watcher:
            told, ending = self._watching.leave(chat, reason)
            self._forget_soon(session, self._hall.now())
            return Effects(tuple(told), (), (ending,))
        parties = chat.parties if chat else (session,)
        deliveries = tuple(self._last_words(session, parties, reason))
        now = self._hall.now()
        for party in parties:
            self._forget_soon(party, now)
        then = self._meeting.part(session)
        began, messages = (chat.began, chat.messages) if chat else (session.began, 0)
        ids = tuple(party.id for party in parties)
        chat_type = chat.chat_type if chat else session.profile.chat_type
        asker_id = chat.asker_id if chat else ""
        ending = Ending(ids, chat_type, reason, now - began, messages, asker_id)
        ended = Effects(deliveries, (), (ending,))
        return together((ended, self._end_watch(session, reason), then))

    def _end_watch(self, session: Session, reason: EndReason) -> Effects:
        """Whoever watches a chat that has ended goes with it."""
        chat = session.chat
        if chat is None or chat.watcher is None:
            return NOTHING
        asker = chat.watcher
        told, ending = self._watching.end(chat, session, reason)
        self._forget_soon(asker, self._hall.now())
        return Effects((told,), (), (ending,))

    def _last_words(
        self, session: Session, parties: tuple[Session, ...], reason: EndReason
    ) -> Iterator[Delivery]:
        """Who left knows it; who was absent finds "inactivity"; the partner hears the reason."""
        tell = self._hall.tell
        for party in parties:
            if reason in ("inactivity", "shutdown"):
                yield tell(party, "session_ended", encode(reason=reason))
            elif party is not session:
                yield tell(party, "partner_disconnected", encode(reason=reason))
            elif reason == "timeout":
                yield tell(party, "session_ended", encode(reason="inactivity"))

    def _forget_soon(self, session: Session, now: float) -> None:
        session.ended = True
        session.holder = None
        self._crowds.leave(session.profile)
        self._hall.timers.set(session, now + self._hall.terms.ended_retention)
