"""The Session Manager: start, join, leave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from rendezvous.matching import Appointment, Profile, normalised
from rendezvous.protocol.fields import ChatType, Wish
from rendezvous.refusals import Refused
from rendezvous.switchboard import Switchboard
from rendezvous.switchboard.results import Begun, Effects, View


class Wishes(Protocol):
    """What a request to start says about the chat."""

    interests: list[str]
    language: str | None
    pinned: list[Wish]
    discuss: bool


@dataclass(frozen=True, slots=True)
class Seeker:
    """Who looks for a stranger, as far as that is known."""

    visitor: str = ""
    place: str = ""
    blocked: frozenset[str] = frozenset()
    """The visitors whom they must never meet."""


class SessionManager:
    """Opens and ends sessions; once it is closed, it opens no more."""

    def __init__(self, switchboard: Switchboard) -> None:
        self._switchboard = switchboard
        self._closed = False

    def start(
        self,
        chat_type: ChatType,
        wishes: Wishes,
        seeker: Seeker,
        holder: str | None = None,
        appointment: Appointment | None = None,
        *,
        question: str = "",
    ) -> Begun:
        """Look for a stranger, for the socket `holder` or for a client that calls.

        With an `appointment` it is the one they know, and what they wish besides does not matter.
        With a `question`: for two strangers who discuss it.
        """
        if self._closed:
            raise Refused("unavailable", "The server is about to stop; try again soon.")
        if appointment is not None:
            met = Profile(
                chat_type,
                visitor=seeker.visitor,
                place=seeker.place,
                blocked=seeker.blocked,
                appointment=appointment,
            )
            return self._switchboard.start(met, holder)
        profile = Profile(
            chat_type,
            normalised(wishes.interests),
            wishes.language,
            seeker.visitor,
            seeker.place,
            frozenset(wishes.pinned),
            seeker.blocked,
            question=question,
            discusses=wishes.discuss,
        )
        return self._switchboard.start(profile, holder)

    def join(self, session_id: str, after: int, holder: str) -> View:
        """Make the socket `holder` the session's way out."""
        return self._switchboard.join(session_id, after, holder)

    def vouch(self, session_id: str, holder: str) -> Effects:
        """The socket `holder`, which was asked, is alive."""
        return self._switchboard.vouch(session_id, holder)

    def drop(self, session_id: str, holder: str) -> Effects:
        """The socket `holder` is gone; the session has its grace to come back."""
        return self._switchboard.drop(session_id, holder)

    def leave(self, session_id: str) -> Effects:
        """End the session, for both."""
        return self._switchboard.leave(session_id)

    def close(self) -> Effects:
        """Open no more sessions, and end those that are open."""
        self._closed = True
        return self._switchboard.close()
