"""Who has asked a question watches the two who discuss it, in the memory of one process."""

from __future__ import annotations

from rendezvous.protocol.events import members as encode
from rendezvous.switchboard.hall import Hall
from rendezvous.switchboard.inbox import Event
from rendezvous.switchboard.parties import Chat, Session
from rendezvous.switchboard.results import Delivery, Ending, EndReason


class Watching:
    """Begins and ends it, and tells askers what the two of their chat do; `count` are watching."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self.count = 0

    def begin(self, asker: Session, chat: Chat, shared: list[str]) -> Delivery:
        """Let the asker watch two who have just been introduced."""
        self.count += 1
        asker.chat, chat.watcher, chat.asker_id = chat, asker, asker.id
        asked = encode(question=asker.profile.question, common_interests=shared)
        return self._hall.tell(asker, "discussion_started", asked)

    def overhear(
        self, chat: Chat, watcher: Session, session: Session, name: str, members: bytes
    ) -> Delivery:
        """Append what one of the two has said; nobody is held up by who watches."""
        terms, overheard = self._hall.terms, _of(chat, session, members)
        size = len(overheard)
        watcher.inbox.make_room(size, terms.inbox_events, terms.inbox_bytes, forget=True)
        return Delivery(watcher.id, watcher.inbox.append(name, overheard))

    def glimpse(self, chat: Chat, session: Session, name: str, members: bytes) -> list[Delivery]:
        """Tell whoever watches something ephemeral about one of the two."""
        if chat.watcher is None or name != "partner_typing":
            return []
        return [Delivery(chat.watcher.id, Event(0, name, _of(chat, session, members)))]

    def tell(self, chat: Chat, session: Session, name: str) -> list[Delivery]:
        """Tell whoever watches what has happened to one of the two."""
        if chat.watcher is None:
            return []
        return [self._hall.tell(chat.watcher, name, _of(chat, session))]

    def leave(self, chat: Chat, reason: EndReason) -> tuple[list[Delivery], Ending]:
        """The asker goes, and the two go on."""
        assert chat.watcher is not None  # noqa: S101 - for mypy: it is the asker who goes
        told = []
        if reason != "left":
            why = "inactivity" if reason == "timeout" else reason
            told.append(self._hall.tell(chat.watcher, "session_ended", encode(reason=why)))
        told += [self._hall.tell(party, "unwatched") for party in chat.parties]
        return told, self._end(chat, chat.watcher, reason)

    def end(self, chat: Chat, session: Session, reason: EndReason) -> tuple[Delivery, Ending]:
        """One of the two has brought the chat to its end, and the asker goes with them."""
        assert chat.watcher is not None  # noqa: S101 - for mypy: whoever calls this has looked
        why = encode(reason=reason)
        if reason in ("inactivity", "shutdown"):
            told = self._hall.tell(chat.watcher, "session_ended", why)
        else:
            whose = why + b"," + _of(chat, session)
            told = self._hall.tell(chat.watcher, "partner_disconnected", whose)
        return told, self._end(chat, chat.watcher, reason)

    def _end(self, chat: Chat, asker: Session, reason: EndReason) -> Ending:
        self.count -= 1
        chat.watcher = None
        seconds = self._hall.now() - chat.began
        return Ending((asker.id,), asker.profile.chat_type, reason, seconds, 0, asker.id)


def _of(chat: Chat, session: Session, members: bytes = b"") -> bytes:
    """The members of an event, with the number by which the asker knows one of the two."""
    whose = b'"stranger":1' if session is chat.parties[0] else b'"stranger":2'
    return b"%b,%b" % (whose, members) if members else whose
