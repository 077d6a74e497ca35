"""Who would meet again, in the memory of one process."""

from __future__ import annotations

from rendezvous.refusals import Refused
from rendezvous.switchboard.hall import Hall
from rendezvous.switchboard.meeting import Meeting
from rendezvous.switchboard.parties import Chat, Session
from rendezvous.switchboard.results import Acquaintance, Effects


class Reunions:
    """Lets two know once both have said so, and nobody before."""

    def __init__(self, hall: Hall, meeting: Meeting) -> None:
        self._hall = hall
        self._meeting = meeting

    def acquaintance(self, session: Session) -> Acquaintance:
        """With whom the session is in a chat, or was."""
        chat = _chat_of(session)
        stranger = chat.partner_of(session)
        return Acquaintance(chat.chat_type, session.profile.visitor, stranger.profile.visitor)

    def wish(self, session: Session, mine: bytes, theirs: bytes) -> Effects:
        """The session would meet its stranger again."""
        chat = _chat_of(session)
        back = self._meeting.called(session)
        partner = chat.partner_of(session)
        chat.wishes |= {session.id}
        if chat.is_settled or partner.id not in chat.wishes:
            return Effects(back)
        chat.is_settled = True
        tell = self._hall.tell
        told = tell(session, "meet_again", mine), tell(partner, "meet_again", theirs)
        return Effects((*back, *told))


def _chat_of(session: Session) -> Chat:
    if session.profile.question:
        raise Refused("watching")
    if session.chat is None:
        raise Refused("not_matched")
    return session.chat
