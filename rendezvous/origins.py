"""Which web pages may use this server: the same answer for REST and for Socket.IO."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, request
from flask_cors import CORS

from rendezvous.refusals import Refused


class Origins:
    """`allowed` are origins (RFC 6454), or "*" for all; the server's own pages always may."""

    def __init__(self, allowed: tuple[str, ...]) -> None:
        self._allowed = frozenset(allowed)

    def may(self, origin: str | None, environ: Mapping[str, Any]) -> bool:
        """Whether a request with this Origin header is served; without one it is no web page."""
        if origin is None or "*" in self._allowed or origin in self._allowed:
            return True
        # The Host header alone: X-Forwarded-Host is whatever the client says.
        return bool(urlsplit(origin).netloc) and urlsplit(origin).netloc == environ.get("HTTP_HOST")

    def guard(self, app: Flask) -> None:
        """Refuse foreign pages before any view runs, and tell browsers which may read answers."""
        app.before_request(self._check)
        CORS(app, origins=sorted(self._allowed), send_wildcard=True, max_age=3_600)

    def _check(self) -> None:
        if not self.may(request.headers.get("Origin"), request.environ):
            raise Refused("origin_not_allowed")
