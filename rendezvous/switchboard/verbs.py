"""The verbs of a switchboard and what they return.

Results are msgspec Structs because a relayed message makes three of them, and they cost a third of
a NamedTuple.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from msgspec import Struct

from rendezvous.matching import Profile
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


class Switchboard(Protocol):
    """The verbs. Each is atomic. All raise Refused: "session_not_found" for an unknown session, and
    "unavailable" when the store does not answer. `holder` names a socket, unique for ever.
    """

    def start(self, profile: Profile, holder: str | None = None) -> Begun:
        """Open a session and pair it with whoever has waited longest, or leave it waiting.

        Two who suit, of whom one was not heard of of late, are held for each other, and wait.

        Without a `holder` the session lives as long as its client calls within the lease.
        Raises Refused: "rate_limited" if its place or its visitor has too many that are not over.
        """
        ...

    def join(self, session_id: str, after: int, holder: str) -> View:
        """Make `holder` the session's way out; it is back if it was away."""
        ...

    def vouch(self, session_id: str, holder: str) -> Effects:
        """`holder`, which was asked, has answered: who waits there can be introduced."""
        ...

    def drop(self, session_id: str, holder: str) -> Effects:
        """`holder` is gone: the session is away, unless another has taken it over since."""
        ...

    def leave(self, session_id: str) -> Effects:
        """End the session and its chat; nothing happens the second time."""
        ...

    def post(
        self,
        session_id: str,
        name: str,
        members: bytes,
        message_id: str = "",
        client_id: str | None = None,
    ) -> Posted:
        """Append an event to the partner's inbox; with a `message_id` it counts as a message.

        Who watches the two gets a message as well, with the number of who has sent it.

        The same `client_id` again returns what it returned before, even after the end.
        Raises Refused: "not_matched", "session_ended", "watching" for who only watches,
        "inbox_full"; "no_video" for a signal in a text chat.
        """
        ...

    def whisper(self, session_id: str, name: str, members: bytes) -> Effects:
        """Tell the partner something ephemeral, and who watches if the partner types.

        Raises Refused as `post` does.
        """
        ...

    def request_upgrade(self, session_id: str) -> Effects:
        """The session would go on by video: ask the partner, or do so if the partner has asked.

        Raises Refused: "not_matched", "session_ended", "watching", "watched", "already_video",
        "already_asked".
        """
        ...

    def answer_upgrade(self, session_id: str, *, accept: bool) -> Effects:
        """Go on by video, as the partner asks, or tell them no.

        Raises Refused: "not_matched", "session_ended", "watching", "watched", "already_video",
        "nothing_asked".
        """
        ...

    def acquaintance(self, session_id: str) -> Acquaintance:
        """With whom the session is in a chat, or was, as long as that is remembered.

        Raises Refused: "not_matched".
        """
        ...

    def meet_again(self, session_id: str, mine: bytes, theirs: bytes) -> Effects:
        """The session would meet its stranger again, in the chat or after it.

        Once both have said so, each is told `meet_again` with the members meant for it, once.
        Raises Refused: "not_matched".
        """
        ...

    def read(self, session_id: str, after: int, *, waits: bool = False) -> View:
        """What came after `after`; the client is heard of, and needs older events no more.

        With `waits` this process wants to hear of what comes next.
        """
        ...

    def widen(self) -> Effects:
        """Let those who wait look wider whose time has come; pass over who does not answer."""
        ...

    def sweep(self) -> Effects:
        """Do what time does: end expired graces, leases and idle chats; forget what ended."""
        ...

    def close(self) -> Effects:
        """This process serves no more: what others can't go on with ends, with "shutdown"."""
        ...

    def counts(self) -> Counts:
        """How many are there now."""
        ...

    def standings(self, session_ids: Sequence[str]) -> list[Standing | None]:
        """How these stand, None for who does not wait (nor is known); changes nothing."""
        ...

    def topics(self, chat_type: ChatType, least: int, most: int) -> list[tuple[str, int]]:
        """What at least `least` people wait with, and how many do: the `most` most popular.

        Nothing if the terms do not have it counted.
        """
        ...


Reason = Literal["taken for dead", "cut off", "something was lost"]


class Exit(Protocol):
    """Where a switchboard of several processes takes what it learns when no verb is asked for."""

    def deliver(self, effects: Effects) -> None:
        """Carry on what a verb has brought about."""
        ...

    def arrive(self, delivery: Delivery) -> None:
        """Another process has put this into an inbox whose socket or long poll is here.

        Or it says `session_taken_over` (the members are the former socket), or, without a name,
        that the session is over.
        """
        ...

    def look_again(self, prefix: str) -> None:
        """Some arrivals of sessions whose ids begin so may have been missed."""
        ...

    def let_go(self, prefix: str, why: Reason) -> None:
        """Close the sockets of these sessions, without a word to the switchboard."""
        ...


class Look(Struct, frozen=True, gc=False):
    """What a socket has still to be told: "held", "taken" by another, "over" or "gone"."""

    stands: Literal["held", "taken", "over", "gone"]
    last_seq: int
    events: list[Event]
