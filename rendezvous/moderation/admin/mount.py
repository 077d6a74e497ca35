"""Where the moderators' pages hang: under `/admin`, on a thread that may wait for the database."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

from flask import Flask
from sqlalchemy.exc import OperationalError
from werkzeug.test import run_wsgi_app

from rendezvous.logs import log
from rendezvous.moderation.native import Native
from rendezvous.refusals import Refused
from rendezvous.safety.address import Addresses

PREFIX = "/admin"
MOST_BODY = 65_536  # bytes; the pages have forms, and no uploads
MOST_WAITING = 20
PATIENCE = 30.0  # s
PASSED_ON = (
    "HTTP_",
    "CONTENT_TYPE",
    "QUERY_STRING",
    "REQUEST_METHOD",
    "SERVER_",
    "wsgi.url_scheme",
    "wsgi.version",
)
PLAIN = [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store")]

Response = tuple[str, list[tuple[str, str]], bytes]
"""Status, headers and body."""
Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Mount:
    """WSGI in front of WSGI. `make` makes the application, over there, when it is first asked for;
    `then` is called after each request that may have changed something.
    """

    def __init__(
        self,
        inner: Wsgi,
        make: Callable[[], Flask],
        addresses: Addresses,
        then: Callable[[], None],
    ) -> None:
        self._inner = inner
        self._make = make
        self._app: Flask | None = None
        self._addresses = addresses
        self._then = then
        self._thread: Native | None = None

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path != PREFIX and not path.startswith(PREFIX + "/"):
            return self._inner(environ, start_response)
        status, headers, body = self._answer(environ, path)
        start_response(status, headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _answer(self, environ: dict[str, Any], path: str) -> Response:
        try:
            size = int(environ.get("CONTENT_LENGTH") or 0)
        except ValueError:
            size = -1
        if not 0 <= size <= MOST_BODY:
            return "413 Content Too Large", PLAIN, b"Too large."
        request = self._environ(environ, path, environ["wsgi.input"].read(size) if size else b"")
        self._thread = self._thread or Native(MOST_WAITING)
        try:
            answer = self._thread.call(lambda: self._run(request), PATIENCE)
        except Refused:
            return "503 Service Unavailable", PLAIN, b"The database does not answer; try again."
        except Exception:  # noqa: BLE001 - ours, and loud in the log
            log.exception("admin page failed")
            return "500 Internal Server Error", PLAIN, b"Something broke on our side."
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            self._then()
        return answer

    def _environ(self, environ: dict[str, Any], path: str, body: bytes) -> dict[str, Any]:
        """A request with all of its body, and nothing that belongs to this thread's loop."""
        kept = {name: value for name, value in environ.items() if name.startswith(PASSED_ON)}
        return kept | {
            "SCRIPT_NAME": PREFIX,
            "PATH_INFO": path.removeprefix(PREFIX) or "/",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": BytesIO(body),
            "wsgi.errors": environ["wsgi.errors"],
            "wsgi.multithread": False,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
            "rendezvous.address": self._addresses.of(environ),
            "rendezvous.secure": self._addresses.is_secure(environ),
        }

    def _run(self, environ: dict[str, Any]) -> Response:
        try:
            if self._app is None:
                self._app = self._make()
            # Not its Client, which drops what it does not know: whose address it is, and TLS.
            parts, status, headers = run_wsgi_app(self._app, environ, buffered=True)
            return status, list(headers), b"".join(parts)
        except OperationalError:
            raise Refused("unavailable") from None
