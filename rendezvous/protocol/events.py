"""What the server tells a participant, and how it is put on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec
from msgspec import UNSET, Struct, UnsetType

from rendezvous.protocol.fields import (
    AppealState,
    ChatType,
    EstimatedWait,
    IcePolicy,
    InvitationTtl,
    Position,
    Question,
    Reference,
    ReportReason,
    RetryAfter,
    Seq,
    SessionId,
    Stranger,
    Timestamp,
    Token,
    WidenedTo,
)


class IceServer(Struct, frozen=True, omit_defaults=True):
    """One RTCIceServer (W3C WebRTC 1.0, section 4.2.4)."""

    urls: list[str]
    username: str | None = None
    credential: str | None = None


class Message(Struct, frozen=True):
    """What the stranger wrote; `timestamp` is ISO 8601 in UTC."""

    id: str
    text: str
    timestamp: datetime
    from_: Literal["stranger"] = msgspec.field(name="from", default="stranger")


class Prospect(Struct, frozen=True):
    """How it looks for somebody who waits."""

    position: Position
    estimated_wait: EstimatedWait | None
    widened_to: WidenedTo


class StillWaiting(Prospect, frozen=True):
    """How it looks, every few seconds and whenever a wait has widened; not numbered, not kept."""

    session_id: SessionId


class Matched(Struct, frozen=True):
    """A stranger is there; the initiator makes the offer.

    With a `question`, the two are to discuss it, and who has asked it watches what they write.
    """

    session_id: SessionId
    seq: Seq
    chat_type: ChatType
    is_initiator: bool
    common_interests: list[str]
    ice_servers: list[IceServer]
    ice_transport_policy: IcePolicy
    question: Question | UnsetType = UNSET


class DiscussionStarted(Struct, frozen=True):
    """Two strangers discuss your question; you watch, and cannot speak.

    What happens to them has the number of the stranger whom it is about.
    """

    session_id: SessionId
    seq: Seq
    question: Question
    common_interests: list[str]


class Unwatched(Struct, frozen=True):
    """Who has asked the question is gone, and watches no more; the chat goes on."""

    session_id: SessionId
    seq: Seq


class UpgradeRequested(Struct, frozen=True):
    """The stranger would like to go on by video; `upgrade_answer` says whether you would, too."""

    session_id: SessionId
    seq: Seq
    ttl: InvitationTtl


class UpgradeDeclined(Struct, frozen=True):
    """The stranger would rather not go on by video; it is not to be asked again before that."""

    session_id: SessionId
    seq: Seq
    retry_after: RetryAfter


class Upgraded(Struct, frozen=True):
    """Both want it: the chat is a video chat from now on. The initiator makes the offer."""

    session_id: SessionId
    seq: Seq
    chat_type: Literal["video"]
    is_initiator: bool
    ice_servers: list[IceServer]
    ice_transport_policy: IcePolicy


class NewMessage(Struct, frozen=True):
    """The stranger wrote; or, where you watch, one of the two."""

    session_id: SessionId
    seq: Seq
    message: Message
    stranger: Stranger | UnsetType = UNSET


class WebrtcSignal(Struct, frozen=True):
    """The stranger's browser signals; `signal` is what it sent, unchanged."""

    session_id: SessionId
    seq: Seq
    signal: dict[str, Any]


class PartnerTyping(Struct, frozen=True):
    """The stranger types, or stopped; not numbered, not kept."""

    session_id: SessionId
    is_typing: bool
    stranger: Stranger | UnsetType = UNSET


class PartnerReconnecting(Struct, frozen=True):
    """The stranger's connection dropped; they have a moment to come back."""

    session_id: SessionId
    seq: Seq
    stranger: Stranger | UnsetType = UNSET


class PartnerReconnected(Struct, frozen=True):
    """The stranger is back."""

    session_id: SessionId
    seq: Seq
    stranger: Stranger | UnsetType = UNSET


class PartnerDisconnected(Struct, frozen=True):
    """The stranger left, or did not come back in time. The chat is over."""

    session_id: SessionId
    seq: Seq
    reason: Literal["left", "timeout"]
    stranger: Stranger | UnsetType = UNSET


class SessionEnded(Struct, frozen=True):
    """The server ended the session."""

    session_id: SessionId
    seq: Seq
    reason: Literal["inactivity", "shutdown"]


class MeetAgain(Struct, frozen=True):
    """Both want to meet again: `start` with this `token` and `chat_type` brings them together.

    It comes after the end of the chat, too.
    """

    session_id: SessionId
    seq: Seq
    token: Token
    chat_type: ChatType
    expires: Timestamp


class SessionTakenOver(Struct, frozen=True):
    """Another socket has joined this session and is its way out from now on."""

    session_id: SessionId


class Banned(Struct, frozen=True):
    """A moderator, or many reports, keep you out from now on; the connection is closed."""

    reference: Reference
    reason: str
    until: Timestamp | None
    appeal: AppealState
    answer: str


class Warned(Struct, frozen=True):
    """A moderator has found a report about you justified: it must not happen again."""

    reason: ReportReason


EVENTS: dict[str, type[Struct]] = {
    "waiting": StillWaiting,
    "matched": Matched,
    "upgrade_requested": UpgradeRequested,
    "upgrade_declined": UpgradeDeclined,
    "upgraded": Upgraded,
    "discussion_started": DiscussionStarted,
    "unwatched": Unwatched,
    "new_message": NewMessage,
    "webrtc_signal": WebrtcSignal,
    "partner_typing": PartnerTyping,
    "partner_reconnecting": PartnerReconnecting,
    "partner_reconnected": PartnerReconnected,
    "partner_disconnected": PartnerDisconnected,
    "session_ended": SessionEnded,
    "meet_again": MeetAgain,
    "session_taken_over": SessionTakenOver,
    "warned": Warned,
    "banned": Banned,
}


def members(**fields: Any) -> bytes:
    """The members of an event's JSON object, without its braces.

    `session_id` and `seq`, which differ for every recipient, are put in front at the exit.
    """
    return msgspec.json.encode(fields)[1:-1]


def payload(session_id: str, seq: int, members: bytes) -> bytes:
    """An event's JSON object as its recipient gets it; without `seq` if that is 0."""
    head = b'{"session_id":"%b"' % session_id.encode()
    if seq:
        head = b'%b,"seq":%d' % (head, seq)
    return b"%b,%b}" % (head, members) if members else head + b"}"
