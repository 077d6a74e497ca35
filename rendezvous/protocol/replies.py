"""What the server answers, over REST and as acknowledgements."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from msgspec import Struct

from rendezvous.protocol.events import IceServer, Prospect
from rendezvous.protocol.fields import (
    AppealState,
    Beginning,
    ChatType,
    Count,
    IcePolicy,
    No,
    Reference,
    ReportReason,
    RetryAfter,
    Seq,
    SessionId,
    Status,
    Stranger,
    Timestamp,
    Ttl,
    Yes,
)


class Done(Struct, frozen=True):
    """It is done."""

    ok: Yes = True


class Started(Struct, frozen=True):
    """A session, and whether a stranger was there already."""

    session_id: SessionId
    chat_type: ChatType
    status: Beginning


class StartedAck(Struct, frozen=True):
    """The acknowledgement of `start`."""

    session_id: SessionId
    chat_type: ChatType
    status: Beginning
    ok: Yes = True


class Joined(Struct, frozen=True):
    """The acknowledgement of `join_session`; the events after `after` follow it in order.

    `gap` is true when some of them are no longer kept.
    """

    status: Status
    chat_type: ChatType
    is_initiator: bool
    last_seq: Count
    gap: bool
    ok: Yes = True


class Sent(Struct, frozen=True):
    """The message is in the partner's inbox under `seq`, or was already (same `client_id`).

    `warning`: the operator's filter has found something in it.
    """

    message_id: str
    seq: Seq
    ok: Yes = True
    warning: Yes | msgspec.UnsetType = msgspec.UNSET


class ReceivedMessage(Struct, frozen=True):
    """A message as `POST /receive` lists it: `new_message` with its number."""

    seq: Seq
    id: str
    text: str
    timestamp: Timestamp
    from_: Literal["stranger"] = msgspec.field(name="from")
    stranger: Stranger | msgspec.UnsetType = msgspec.UNSET


class ReceivedEvent(Struct, frozen=True):
    """Any other event as `POST /receive` lists it; `data` is what a socket would get."""

    seq: Seq
    event: str
    data: dict[str, Any]


class Received(Struct, frozen=True):
    """What came after `after`; `gap` is true when some of it is no longer kept.

    `waiting` is there while nobody has been found.
    `warnings`: reports about you that a moderator has found justified; each is told once.
    """

    status: Status
    messages: list[ReceivedMessage]
    events: list[ReceivedEvent]
    last_seq: Count
    disconnected: bool
    gap: bool = False
    waiting: Prospect | msgspec.UnsetType = msgspec.UNSET
    warnings: list[ReportReason] | msgspec.UnsetType = msgspec.UNSET


class IceAnswer(Struct, frozen=True):
    """What an RTCPeerConnection is made with; TURN servers come only while matched."""

    ice_servers: list[IceServer]
    ice_transport_policy: IcePolicy
    ttl: Ttl


class Reported(Struct, frozen=True):
    """The report is with the moderators, under this reference."""

    reference: Reference
    ok: Yes = True


class Upgrading(Struct, frozen=True):
    """What the chat is now: `video` if both want that, or else when one may ask again."""

    chat_type: ChatType
    ok: Yes = True
    retry_after: RetryAfter | msgspec.UnsetType = msgspec.UNSET


class BanNotice(Struct, frozen=True):
    """Why somebody may not come in, until when (`null`: for good), and how an appeal stands.

    `POST /appeal` with `reference` as `ban` objects to it.
    """

    reference: Reference
    reason: str
    until: Timestamp | None
    appeal: AppealState
    answer: str


class BanStanding(Struct, frozen=True):
    """How a ban, and the appeal against it, stand; `lifted`: it does not hold any more."""

    ban: BanNotice
    lifted: bool


class Waiting(Struct, frozen=True):
    """Sessions that wait, by chat type."""

    text: Count
    video: Count


class Health(Struct, frozen=True):
    """`GET /`: `online` counts the sessions that wait or chat, `chats` the pairs."""

    status: Literal["healthy"]
    version: str
    online: Count
    waiting: Waiting
    chats: Count


class Topic(Struct, frozen=True):
    """An interest, and how many people wait with it."""

    topic: str
    people: Count


class Topics(Struct, frozen=True):
    """`GET /topics`: what several people wait with, by chat type; the most popular first."""

    text: list[Topic]
    video: list[Topic]


class Unhealthy(Struct, frozen=True):
    """`GET /` with 503: the store does not answer."""

    status: Literal["unhealthy"]
    version: str


class ChallengeParameters(Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """Find a number whose key, derived with these, begins with `keyPrefix`."""

    algorithm: str
    cost: int
    key_length: int
    key_prefix: str
    nonce: str
    salt: str
    expires_at: int


class Challenge(Struct, frozen=True, forbid_unknown_fields=True):
    """`GET /challenge`: a proof of work as ALTCHA, version 2, has it."""

    parameters: ChallengeParameters
    signature: str


class Problem(Struct, frozen=True):
    """A refusal over REST: a sentence for people, a code for programs."""

    error: str
    code: str
    ban: BanNotice | msgspec.UnsetType = msgspec.UNSET
    retry_after: RetryAfter | msgspec.UnsetType = msgspec.UNSET


class Refusal(Struct, frozen=True):
    """A refusal as an acknowledgement."""

    error: str
    code: str
    ban: BanNotice | msgspec.UnsetType = msgspec.UNSET
    ok: No = False
    retry_after: RetryAfter | msgspec.UnsetType = msgspec.UNSET
