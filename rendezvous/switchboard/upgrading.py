"""Text chats that grow into video chats once both want it, in the memory of one process."""

from __future__ import annotations

from math import ceil

from rendezvous.protocol.events import members as encode
from rendezvous.refusals import Refused
from rendezvous.switchboard.hall import Hall
from rendezvous.switchboard.meeting import Meeting
from rendezvous.switchboard.parties import Chat, Session
from rendezvous.switchboard.results import Effects, Upgrade


class Upgrades:
    """Asks, answers, and keeps anybody from being asked all the time."""

    def __init__(self, hall: Hall, meeting: Meeting) -> None:
        self._hall = hall
        self._meeting = meeting
        self._again_after = hall.terms.upgrade_again_after

    def request(self, session: Session) -> Effects:
        """The session would go on by video; if its partner has said so before, they do."""
        chat = self._text_chat_of(session)
        partner = chat.partner_of(session)
        if self._asks(partner):
            return self._upgrade(chat, partner, session)
        wait = self._patience_left(session)
        if wait > 0:
            raise Refused("already_asked", retry_after=wait)
        back = self._meeting.called(session)
        session.asks, session.asked_at = True, self._hall.now()
        told = self._hall.tell(partner, "upgrade_requested", encode(ttl=ceil(self._again_after)))
        return Effects((*back, told))

    def answer(self, session: Session, *, accept: bool) -> Effects:
        """What the session says to its partner's invitation."""
        chat = self._text_chat_of(session)
        partner = chat.partner_of(session)
        if not self._asks(partner):
            raise Refused("nothing_asked")
        if accept:
            return self._upgrade(chat, partner, session)
        back = self._meeting.called(session)
        partner.asks, partner.asked_at = False, self._hall.now()
        later = encode(retry_after=ceil(self._again_after))
        return Effects((*back, self._hall.tell(partner, "upgrade_declined", later)))

    def _text_chat_of(self, session: Session) -> Chat:
        chat = self._hall.chat_of(session)
        if chat.chat_type == "video":
            raise Refused("already_video")
        if chat.watcher is not None:
            raise Refused("watched")
        return chat

    def _asks(self, session: Session) -> bool:
        """Whether an invitation of this session's can still be answered."""
        return session.asks and self._patience_left(session) > 0

    def _patience_left(self, session: Session) -> float:
        if session.asked_at is None:
            return 0
        return session.asked_at + self._again_after - self._hall.now()

    def _upgrade(self, chat: Chat, asker: Session, other: Session) -> Effects:
        """Let the chat be a video chat; who asked makes the offer."""
        back = self._meeting.called(other)
        self._meeting.upgrade(chat)
        chat.initiator, chat.parties = asker, (asker, other)
        told = [
            self._hall.tell(each, "upgraded", encode(chat_type="video", is_initiator=each is asker))
            for each in chat.parties
        ]
        upgrade = Upgrade((asker.id, other.id), self._hall.now() - chat.began)
        return Effects((*back, *told), upgrades=(upgrade,))
