"""What browsers are told with every answer: to take it for nothing else, and to come by TLS."""

from __future__ import annotations

from flask import Flask, Response, request

from rendezvous.safety.address import Addresses

FEATURES = ("camera", "microphone", "fullscreen", "picture-in-picture", "autoplay")
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": ", ".join(f"{feature}=(self)" for feature in FEATURES),
    # For what is no page; pages bring policies of their own.
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class Headers:
    """`hsts` is how long HTTPS shall be insisted on (RFC 6797), in seconds; 0: not at all."""

    def __init__(self, addresses: Addresses, hsts: int) -> None:
        self._addresses = addresses
        self._hsts = hsts

    def put_on(self, app: Flask) -> None:
        """Put them on every answer of `app` that does not say otherwise."""
        app.after_request(self._complete)

    def _complete(self, response: Response) -> Response:
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        if self._hsts and self._addresses.is_secure(request.environ):
            response.headers["Strict-Transport-Security"] = f"max-age={self._hsts}"
        return response
