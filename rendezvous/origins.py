"""Which web pages may use this server: the same answer for REST and for Socket.IO."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, request
from flask_cors import CORS

from rendezvous.refusals import Refused

READING = {"GET", "HEAD", "OPTIONS"}  # safe methods, RFC 9110, 9.2.1


class Origins:
    """`allowed` are origins (RFC 6454), or "*" for all; the server's own pages always may.

    With `required`, who sends no Origin, and so is no web page, may look and do nothing.
    """

    def __init__(self, allowed: tuple[str, ...], *, required: bool = False) -> None:
        self._allowed = frozenset(allowed)
        self._required = required

    @property
    def may_send_cookies(self) -> bool:
        """Whether pages of other origins may; not if those are anybody's."""
        return bool(self._allowed) and "*" not in self._allowed

    def may(self, origin: str | None, environ: Mapping[str, Any]) -> bool:
        """Whether a page with this Origin is served, or somebody who sends none."""
        if origin is None or "*" in self._allowed or origin in self._allowed:
            return True
        # The Host header alone: X-Forwarded-Host is whatever the client says.
        return bool(urlsplit(origin).netloc) and urlsplit(origin).netloc == environ.get("HTTP_HOST")

    def may_act(self, environ: Mapping[str, Any]) -> bool:
        """Whether who sends this may start, say or open something."""
        origin = environ.get("HTTP_ORIGIN")
        if origin is None and self._required:
            # Which is all that browsers say of a page that reads from its own server.
            return environ.get("HTTP_SEC_FETCH_SITE") == "same-origin"
        return self.may(origin, environ)

    def guard(self, app: Flask) -> None:
        """Refuse foreign pages before any view runs, and tell browsers which may read answers."""
        app.before_request(self._check)
        if self._allowed:
            CORS(
                app,
                origins=sorted(self._allowed),
                supports_credentials=self.may_send_cookies,
                send_wildcard=True,
                max_age=3_600,
            )

    def _check(self) -> None:
        if request.method in READING:
            allowed = self.may(request.headers.get("Origin"), request.environ)
        else:
            allowed = self.may_act(request.environ)
        if not allowed:
            raise Refused("origin_not_allowed")
