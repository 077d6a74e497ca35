"""What the verbs of a switchboard result in.

They are msgspec Structs because a relayed message makes three of them, and they cost a third of a
NamedTuple.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from msgspec import Struct

from rendezvous.protocol.fields import Beginning, ChatType, Level, Status
from rendezvous.switchboard.inbox import Event

EndReason = Literal["left", "timeout", "inactivity", "shutdown"]


class Delivery(Struct, frozen=True, gc=False):
    """An event on its way to one participant."""

    session_id: str
    event: Event


class Match(Struct, frozen=True, gc=False):
    """Two were introduced; `waited` is how long the one who was there first had waited, seconds.

    If they are to discuss a question, `asker` is the session that watches them.
    """

    sessions: tuple[str, str]
    chat_type: ChatType
    waited: float
    asker: str = ""
    question: str = ""


class Ending(Struct, frozen=True, gc=False):
    """Sessions that are over: the two of a chat, or one that waited (`seconds` is its wait).

    Or the `asker` of a question, who watched for so long; a chat has it that discussed one.
    """

    sessions: tuple[str, ...]
    chat_type: ChatType
    reason: EndReason
    seconds: float
    messages: int
    asker: str = ""


class Upgrade(Struct, frozen=True, gc=False):
    """A text chat goes on by video, `seconds` after it began; who asked comes first."""

    sessions: tuple[str, str]
    seconds: float


class Effects(Struct, frozen=True, gc=False):
    """What a verb has brought about, for the caller to deliver, log and count.

    `asks` are sessions whose sockets here have to show that they are alive, for `vouch`.
    """

    deliveries: tuple[Delivery, ...] = ()
    matches: tuple[Match, ...] = ()
    endings: tuple[Ending, ...] = ()
    upgrades: tuple[Upgrade, ...] = ()
    asks: tuple[str, ...] = ()


NOTHING = Effects()


def together(several: Iterable[Effects]) -> Effects:
    """Several verbs' effects as one, in their order."""
    brought_about = list(several)
    return Effects(
        tuple(delivery for each in brought_about for delivery in each.deliveries),
        tuple(match for each in brought_about for match in each.matches),
        tuple(ending for each in brought_about for ending in each.endings),
        tuple(upgrade for each in brought_about for upgrade in each.upgrades),
        tuple(asked for each in brought_about for asked in each.asks),
    )


class Begun(Struct, frozen=True, gc=False):
    """A new session."""

    session_id: str
    status: Beginning
    effects: Effects


class View(Struct, frozen=True, gc=False):
    """A session as its own client sees it, with the events after the number it asked for."""

    status: Status
    chat_type: ChatType
    is_initiator: bool
    last_seq: int
    gap: bool
    events: list[Event]
    effects: Effects


class Standing(Struct, frozen=True, gc=False):
    """How a session stands that waits: its place in the queue of its chat type, from 1; what it
    looks for by now; for how long it has waited, and in how long it looks wider (`inf`: never).

    Times are seconds.
    """

    chat_type: ChatType
    position: int
    level: Level
    waited: float
    wider_in: float


class Acquaintance(Struct, frozen=True, gc=False):
    """The two of a chat, as far as that is known, and what kind of chat it was in the end."""

    chat_type: ChatType
    visitor: str
    stranger: str


class Posted(Struct, frozen=True, gc=False):
    """Where a message or signal went; `again` when the same `client_id` came before.

    There are no deliveries then, nor when the partner is another process's to deliver to.
    """

    message_id: str
    seq: int
    effects: Effects
    again: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """How many are there now: sessions that wait, pairs that chat; by chat type.

    Besides, those who watch what is made of their questions.
    """

    waiting: dict[ChatType, int]
    chats: dict[ChatType, int]
    watching: int = 0

    @property
    def online(self) -> int:
        """Sessions that wait, chat or watch."""
        return sum(self.waiting.values()) + 2 * sum(self.chats.values()) + self.watching


class Look(Struct, frozen=True, gc=False):
    """What a socket has still to be told: "held", "taken" by another, "over" or "gone"."""

    stands: Literal["held", "taken", "over", "gone"]
    last_seq: int
    events: list[Event]
