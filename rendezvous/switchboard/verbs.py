"""The verbs of a switchboard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

from rendezvous.matching import Profile
from rendezvous.protocol.fields import ChatType
from rendezvous.switchboard.results import (
    Acquaintance,
    Begun,
    Counts,
    Delivery,
    Effects,
    Posted,
    Standing,
    View,
)


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
        "inbox_full".
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

    def next_widening(self) -> float:
        """Seconds until there is something to `widen`, as far as this process knows; may be inf."""
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
