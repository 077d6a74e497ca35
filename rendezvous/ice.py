"""ICE servers for a participant: STUN for everybody, TURN with credentials that soon expire.

The credentials are those of coturn's `use-auth-secret` (draft-uberti-behave-turn-rest-00): the
name says when they expire and for whom they are, and the password is its HMAC-SHA1 under a secret
that the TURN server shares.
"""

from __future__ import annotations

import hmac
import time
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass

from rendezvous.protocol.events import IceServer
from rendezvous.protocol.fields import IcePolicy

OPAQUE_DIGITS = 24  # of the name: 96 bits tell sessions apart, and lead back to none


@dataclass(frozen=True, slots=True)
class IceSettings:
    """What the operator offers; `turn_ttl` is in seconds."""

    stun_urls: tuple[str, ...] = ()
    turn_urls: tuple[str, ...] = ()
    turn_secret: str = ""
    turn_ttl: int = 3_600
    policy: IcePolicy = "all"


class IceServers:
    """Lists the servers for one session. `clock` is Unix time, which coturn compares with."""

    def __init__(self, settings: IceSettings, clock: Callable[[], float] = time.time) -> None:
        self.policy = settings.policy
        self.ttl = settings.turn_ttl
        self._stun = [IceServer(list(settings.stun_urls))] if settings.stun_urls else []
        self._turn_urls = list(settings.turn_urls)
        self._secret = settings.turn_secret.encode()
        self._clock = clock

    def of(self, session_id: str, *, calls: bool) -> list[IceServer]:
        """RTCIceServer dictionaries (W3C WebRTC 1.0, section 4.2.4); TURN only for who may call."""
        if not calls or not self._turn_urls:
            return self._stun
        return [*self._stun, self._turn(session_id)]

    def _turn(self, session_id: str) -> IceServer:
        username = f"{int(self._clock()) + self.ttl}:{self._opaque(session_id)}"
        digest = hmac.digest(self._secret, username.encode(), "sha1")
        return IceServer(self._turn_urls, username, b64encode(digest).decode())

    def _opaque(self, session_id: str) -> str:
        """A name for the session that only we can make, always the same, for coturn's quotas."""
        # Another hash than the password's, so that no password is ever a name or the other way.
        return hmac.digest(self._secret, session_id.encode(), "sha256").hex()[:OPAQUE_DIGITS]
