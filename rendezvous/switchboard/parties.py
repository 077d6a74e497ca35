"""What the memory switchboard keeps of a session and of a chat."""

from __future__ import annotations

from rendezvous.matching import Profile
from rendezvous.protocol.fields import Status
from rendezvous.switchboard.inbox import Inbox
from rendezvous.switchboard.timers import Timed

ANSWERS_KEPT = 256  # client_ids remembered per session; a client retries its latest, not its oldest


class Session(Timed):
    """One participant. `holder` is its socket; `away` means that it had one and lost it.

    `heard_at`: when its client last showed that it lives, as far as that matters: while it waits.
    """

    __slots__ = (
        "answered",
        "asked_at",
        "asks",
        "away",
        "began",
        "chat",
        "ended",
        "heard_at",
        "holder",
        "id",
        "inbox",
        "profile",
        "ticket",
    )

    def __init__(self, session_id: str, profile: Profile, holder: str | None, ticket: int) -> None:
        super().__init__()
        self.id = session_id
        self.profile = profile
        self.holder = holder
        self.ticket = ticket
        self.began = 0.0
        self.heard_at = 0.0
        self.away = False
        self.ended = False
        self.chat: Chat | None = None
        self.inbox = Inbox()
        self.answered: dict[str, tuple[str, int]] = {}
        self.asks = False  # whether they would go on by video
        self.asked_at: float | None = None  # when, or when the stranger said no

    @property
    def status(self) -> Status:
        """Where the session is in its life."""
        if self.ended:
            return "ended"
        return "waiting" if self.chat is None else "matched"

    def remember(self, client_id: str, message_id: str, seq: int) -> None:
        """Keep the answer to a message, so that sending it again does nothing twice."""
        self.answered[client_id] = (message_id, seq)
        if len(self.answered) > ANSWERS_KEPT:
            del self.answered[next(iter(self.answered))]


class Chat(Timed):
    """Two sessions; a text chat's deadline is its idleness. `chat_type` is what it is by now.

    Of whoever has asked what the two discuss there is the id, and the session while they watch.
    """

    __slots__ = (
        "asker_id",
        "began",
        "chat_type",
        "initiator",
        "is_settled",
        "messages",
        "parties",
        "watcher",
        "wishes",
    )

    def __init__(self, initiator: Session, other: Session, now: float) -> None:
        super().__init__()
        self.initiator = initiator
        self.parties = (initiator, other)
        self.chat_type = initiator.profile.chat_type
        self.began = now
        self.messages = 0
        self.wishes: frozenset[str] = frozenset()  # the sessions that would meet again
        self.is_settled = False  # whether both know that
        self.asker_id = ""
        self.watcher: Session | None = None

    def partner_of(self, session: Session) -> Session:
        """The other one of the two."""
        one, other = self.parties
        return other if session is one else one
