"""The plainest request to open a WebSocket: read at once, without pywsgi and the way through WSGI.

Nearly every connection begins with it. Through pywsgi, Flask, the middleware of python-socketio and
python-engineio it took 200 us of a server's time to get from there to the handshake; from here 40.
"""

from __future__ import annotations

import re
from functools import lru_cache

from .driver import Environ

MOST_BYTES = 8_192
"""Of a request that is read here; a larger one may come in pieces."""

_REQUEST = re.compile(
    rb"GET (/[!$&'()*+,./:;=@~0-9A-Z_a-z-]*)(?:\?([!$&'()*+,./:;=@~0-9A-Z_a-z-]*))? HTTP/1\.1\r\n"
    rb"((?:[!#$%&'*+.^`|~0-9A-Za-z-]+:[^\x00\r\n]*\r\n){1,100})\r\n"
)
_FIELD = re.compile(rb"([^:]+):([^\r]*)\r\n")
_NOT_PLAIN = {"HTTP_CONTENT_LENGTH", "HTTP_TRANSFER_ENCODING", "HTTP_EXPECT"}
# Others have something to say about a session, or to be decoded first.
_QUERY = re.compile(r"(?:EIO=4&transport=websocket|transport=websocket&EIO=4)(?:&t=[\w.-]*)?")


@lru_cache(128)
def _cgi_name(name: bytes) -> str:
    return "HTTP_" + name.decode().replace("-", "_").upper()


def read_opening(data: bytes) -> Environ | None:
    """The WSGI environ of a request, if `data` is one that opens an Engine.IO WebSocket.

    None for anything else: not whole, with something behind it, with a body, of unusual form.
    """
    request = _REQUEST.fullmatch(data)
    if request is None:
        return None
    path, query, fields = request.groups(b"")
    environ: Environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path.decode(),
        "QUERY_STRING": query.decode(),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http",
    }
    if not _QUERY.fullmatch(environ["QUERY_STRING"]):
        return None
    for name, value in _FIELD.findall(fields):
        key = _cgi_name(name)
        if key in environ or key in _NOT_PLAIN:
            return None
        environ[key] = value.decode("latin-1").strip(" \t")
    return environ
