"""Who somebody is: a random id in a signed cookie, which tells nothing about anybody."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from itsdangerous import BadSignature, TimestampSigner
from werkzeug.http import dump_cookie

from rendezvous.safety.address import Addresses

COOKIE = "visitor"
SIGNED = re.compile(rf"(?:^|; ?){COOKIE}=([A-Za-z0-9_.-]{{1,128}})(?=;|$)")  # in RFC 6265, 4.2.1
ID_BYTES = 16
LIFETIME = 31_536_000  # s, a year; browsers keep no cookie for much longer


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is at the door. Without a cookie every call, or connection, is a visitor of its own."""

    address: str = ""
    visitor: str = ""
    is_new: bool = False
    """Whether the visitor has had no cookie of ours, and should be given one."""
    since: float = 0.0
    """When they were given it, Unix time; 0 without one."""


class Visitors:
    """Knows visitors by their cookies; `secret_key` signs them."""

    def __init__(self, secret_key: str, addresses: Addresses) -> None:
        self._signer = TimestampSigner(secret_key, salt="visitor", digest_method=sha256)
        self._addresses = addresses

    def caller(self, environ: Mapping[str, Any]) -> Caller:
        """Who has sent a request, or opened a socket, by its WSGI environ."""
        address = self._addresses.of(environ)
        visitor, since = self._known(environ.get("HTTP_COOKIE", ""))
        if not visitor:
            return Caller(address, secrets.token_urlsafe(ID_BYTES), is_new=True)
        return Caller(address, visitor, since=since)

    def cookie(self, caller: Caller, environ: Mapping[str, Any]) -> str:
        """A Set-Cookie header by which the caller is known from now on."""
        return dump_cookie(
            COOKIE,
            self._signer.sign(caller.visitor).decode(),
            max_age=LIFETIME,
            secure=self._addresses.is_secure(environ),
            httponly=True,
            samesite="Lax",
        )

    def _known(self, cookies: str) -> tuple[str, float]:
        """The visitor that we have signed, and when; "" for none, one that is forged or too old."""
        found = SIGNED.search(cookies)
        if found is None:
            return "", 0.0
        try:
            visitor, signed = self._signer.unsign(found[1], max_age=LIFETIME, return_timestamp=True)
        except BadSignature:
            return "", 0.0
        return visitor.decode(), signed.timestamp()
