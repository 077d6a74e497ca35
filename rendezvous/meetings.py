"""Meeting again: two who both want it get a token each, which brings them together later.

A token is signed, and names nobody: a random number that both have, which of the two its owner is,
until when it holds, and what a block between the two is recognised by.
"""

from __future__ import annotations

import hmac
import secrets
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from hashlib import sha256

from itsdangerous import BadSignature, Signer

from rendezvous.matching import Appointment
from rendezvous.protocol.events import members
from rendezvous.protocol.fields import ChatType
from rendezvous.refusals import Refused
from rendezvous.switchboard import Switchboard
from rendezvous.switchboard.results import Effects

MEETING_BYTES = 16
PAIR_BYTES = 12  # tell a block from chance; they lead back to nobody
SIDES = ("a", "b")


class Meetings:
    """Makes tokens and reads them. `lifetime` is in seconds, `clock` is Unix time."""

    def __init__(
        self,
        switchboard: Switchboard,
        secret_key: str,
        lifetime: float,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._switchboard = switchboard
        self._signer = Signer(secret_key, salt="meeting", digest_method=sha256)
        self._key = secret_key.encode()
        self._lifetime = lifetime
        self._clock = clock

    def wish(self, session_id: str) -> Effects:
        """The session would meet its stranger again; if both would, each gets a token.

        Raises Refused: "not_matched".
        """
        known = self._switchboard.acquaintance(session_id)
        expires = int(self._clock() + self._lifetime)
        meeting = secrets.token_urlsafe(MEETING_BYTES)
        pair = self._pair(meeting, known.visitor, known.stranger)
        halves = (
            members(
                token=self._token(known.chat_type, side, expires, meeting, pair),
                chat_type=known.chat_type,
                expires=datetime.fromtimestamp(expires, UTC),
            )
            for side in SIDES
        )
        return self._switchboard.meet_again(session_id, *halves)

    def appointment(
        self, token: str, chat_type: ChatType, visitor: str, blocked: Iterable[str]
    ) -> Appointment:
        """What a token says, for a `visitor` who must not meet those who are `blocked`.

        Raises Refused: "token_invalid", "token_expired", "wrong_chat_type", "token_refused".
        """
        kind, side, expires, meeting, pair = self._read(token)
        if self._clock() >= expires:
            raise Refused("token_expired")
        if kind != chat_type:
            raise Refused("wrong_chat_type")
        # Whoever it is by now: the block may be of the chat that the token is from.
        if any(self._pair(meeting, visitor, each) == pair for each in blocked):
            raise Refused("token_refused")
        return Appointment(meeting, side)

    def _token(self, chat_type: ChatType, side: str, expires: int, meeting: str, pair: str) -> str:
        said = f"{chat_type}.{side}.{expires}.{meeting}.{pair}"
        return self._signer.sign(said).decode()

    def _read(self, token: str) -> tuple[str, str, int, str, str]:
        try:
            said = self._signer.unsign(token.encode()).decode()
        except (BadSignature, UnicodeError):
            raise Refused("token_invalid") from None
        kind, side, expires, meeting, pair = said.split(".")
        return kind, side, int(expires), meeting, pair

    def _pair(self, meeting: str, one: str, other: str) -> str:
        """Recognises the two of a meeting, for who has the key and knows them both."""
        said = "\0".join((meeting, *sorted((one, other))))
        digest = hmac.digest(self._key, b"meeting" + said.encode(), "sha256")
        return urlsafe_b64encode(digest[:PAIR_BYTES]).decode()
