"""The opening handshake (RFC 6455, 4.2), from a WSGI environ to the bytes of the response."""

from __future__ import annotations

import re

from websockets.datastructures import Headers
from websockets.exceptions import InvalidHandshake
from websockets.http11 import Request
from websockets.server import ServerProtocol
from websockets.utils import accept_key

from .driver import Environ

_FIELDS = {
    "HTTP_CONNECTION": "Connection",
    "HTTP_UPGRADE": "Upgrade",
    "HTTP_SEC_WEBSOCKET_KEY": "Sec-WebSocket-Key",
    "HTTP_SEC_WEBSOCKET_VERSION": "Sec-WebSocket-Version",
}
_RULES = ServerProtocol()  # one for all: it only checks, and to make one costs as much as a check
_ACCEPTED = (
    b"HTTP/1.1 101 Switching Protocols\r\n"
    b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %b\r\n\r\n"
)
_KEY = re.compile(r"[A-Za-z0-9+/]{21}[AQgw]==")  # 16 bytes in Base64


class BadHandshake(Exception):
    """The request does not open a WebSocket; the message may be shown to the client."""


def accept(environ: Environ) -> bytes:
    """The 101 response, with neither extension nor subprotocol; raises BadHandshake."""
    if _is_plain(environ):
        return _ACCEPTED % accept_key(environ["HTTP_SEC_WEBSOCKET_KEY"]).encode()
    try:
        key, _extensions, _subprotocol = _RULES.process_request(_request(environ))
    except InvalidHandshake as error:
        raise BadHandshake(f"Invalid WebSocket handshake: {error}") from None
    return _ACCEPTED % key.encode()


def _request(environ: Environ) -> Request:
    """The part of it that counts. Raises InvalidHandshake for control characters."""
    return Request(
        environ.get("PATH_INFO", "/"),
        Headers({name: environ[key] for key, name in _FIELDS.items() if key in environ}),
        method=environ["REQUEST_METHOD"],
        protocol=environ.get("SERVER_PROTOCOL", ""),
    )


def _is_plain(environ: Environ) -> bool:
    """Whether these are the fields in their usual form: 2 us instead of 45 to see that all is well.

    What does not look like this may still be right; ServerProtocol decides.
    """
    get = environ.get
    return (
        get("HTTP_UPGRADE") in ("websocket", "WebSocket")
        and get("HTTP_CONNECTION") in ("Upgrade", "upgrade", "keep-alive, Upgrade")
        and get("HTTP_SEC_WEBSOCKET_VERSION") == "13"
        and get("SERVER_PROTOCOL") == "HTTP/1.1"
        and environ["REQUEST_METHOD"] == "GET"
        and _KEY.fullmatch(get("HTTP_SEC_WEBSOCKET_KEY", "")) is not None
    )
