"""The Message Handler: send, receive, typing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import blake2b
from os import urandom

from msgspec.json import encode

from rendezvous.protocol.events import Message, members
from rendezvous.protocol.requests import SendMessage, Typing
from rendezvous.refusals import Refused
from rendezvous.switchboard import Switchboard
from rendezvous.switchboard.results import Effects, Posted, View

# White space as the documents' pattern `\S` means it (ECMA-262, WhiteSpace and LineTerminator).
BLANKS = "\t\n\v\f\r \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
BLANKS += "\u2028\u2029\u202f\u205f\u3000\ufeff"
MESSAGE_ID_BYTES = 8  # tells a chat's messages apart; it is no secret


class MessageHandler:
    """Relays text, `max_length` characters at most."""

    def __init__(
        self,
        switchboard: Switchboard,
        max_length: int,
        witness: Callable[[str, bytes], None] = lambda _session_id, _members: None,
        judge: Callable[[str, str], tuple[str, bool]] | None = None,
    ) -> None:
        """`witness` hears each message that has gone on, as the members of its event.

        `judge` says what goes on of a text, and whether its sender is to be warned.
        """
        self._switchboard = switchboard
        self._max_length = max_length
        self._witness = witness
        self._judge = judge

    def send(self, request: SendMessage) -> tuple[Posted, bool]:
        """Put a message into the partner's inbox, once for each `client_id`.

        Returns whether its sender is to be warned, too.
        """
        text = request.message
        if len(text) > self._max_length:
            raise Refused("too_large", f"A message has at most {self._max_length} characters.")
        if not text.strip(BLANKS):
            raise Refused("invalid_request", "The message is empty.")
        warn = False
        if self._judge is not None:
            text, warn = self._judge(request.session_id, text)
        message_id = _id_of(request)
        members = b'"message":' + encode(Message(message_id, text, datetime.now(UTC)))
        posted = self._switchboard.post(
            request.session_id, "new_message", members, message_id, request.client_id
        )
        if not posted.again:
            self._witness(request.session_id, members)
        return posted, warn

    def receive(self, session_id: str, after: int, *, waits: bool = False) -> View:
        """What has happened to a session after the number `after`; with `waits`, more is wanted."""
        return self._switchboard.read(session_id, after, waits=waits)

    def typing(self, request: Typing) -> Effects:
        """Tell the partner, if there is one, without keeping it."""
        return self._switchboard.whisper(
            request.session_id, "partner_typing", members(is_typing=request.is_typing)
        )


def _id_of(request: SendMessage) -> str:
    """The same for a message that is sent again, also to a Redis that has lost what it knew of it:
    whoever has heard it before can tell. It tells nothing of the session, whose id is a secret.
    """
    if request.client_id is None:
        return urandom(MESSAGE_ID_BYTES).hex()
    name = f"{request.session_id} {request.client_id}".encode()
    return blake2b(name, digest_size=MESSAGE_ID_BYTES).hexdigest()
