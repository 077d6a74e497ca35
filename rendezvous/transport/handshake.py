"""The opening handshake (RFC 6455, 4.2), from a WSGI environ to the bytes of the response."""

from __future__ import annotations

from websockets.datastructures import Headers
from websockets.http11 import Request
from websockets.server import ServerProtocol

from .driver import Environ

_FIELDS = {
    "HTTP_CONNECTION": "Connection",
    "HTTP_UPGRADE": "Upgrade",
    "HTTP_SEC_WEBSOCKET_KEY": "Sec-WebSocket-Key",
    "HTTP_SEC_WEBSOCKET_VERSION": "Sec-WebSocket-Version",
}


class BadHandshake(Exception):
    """The request does not open a WebSocket; the message may be shown to the client."""


def accept(environ: Environ) -> bytes:
    """The 101 response, with neither extension nor subprotocol; raises BadHandshake."""
    headers = Headers()
    for key, name in _FIELDS.items():
        if key in environ:
            headers[name] = environ[key]
    request = Request(
        environ.get("PATH_INFO", "/"),
        headers,
        method=environ["REQUEST_METHOD"],
        protocol=environ.get("SERVER_PROTOCOL", ""),
    )
    rules = ServerProtocol()
    response = rules.accept(request)
    if rules.handshake_exc is not None:
        raise BadHandshake(f"Invalid WebSocket handshake: {rules.handshake_exc}")
    return response.serialize()
