"""The page for people: the built web client, served under a strict policy at `/chat`."""

from __future__ import annotations

import gzip
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, request, send_from_directory

from rendezvous.refusals import Refused
from rendezvous.safety.visitor import Visitors

INDEX = "index.html"
NOT_BUILT = "The web client is not built here: `make run` does it, or `npm run build` in client/."
REVALIDATE = "private, no-cache"  # because who comes for the first time is given a cookie
FOR_EVER = "public, max-age=31536000, immutable"  # a file that changes gets another name
TEXTS = {".css", ".html", ".js", ".json", ".map", ".svg", ".webmanifest"}
WORTH_COMPRESSING = 1_024  # bytes
NONE, SELF = "'none'", "'self'"
CSP = {
    "default-src": NONE,
    "script-src": SELF,
    "style-src": SELF,
    "connect-src": SELF,  # its own WebSocket too, CSP level 3
    "img-src": "'self' data: blob:",
    "media-src": "'self' blob: mediastream:",
    "manifest-src": SELF,
    "base-uri": NONE,
    "form-action": NONE,
    "frame-ancestors": NONE,
    "require-trusted-types-for": "'script'",
    "trusted-types": NONE,
}
POLICY = "; ".join(f"{name} {value}" for name, value in CSP.items())


class WebDoor:
    """Serves what the build has put into `directory`, and nothing outside of it."""

    def __init__(self, directory: Path, visitors: Visitors) -> None:
        self._directory = directory
        self._visitors = visitors

    def blueprint(self) -> Blueprint:
        """The page as routes."""
        web = Blueprint("web", __name__)
        # Both with and without the slash, because the page asks for its files by absolute paths.
        web.add_url_rule("/chat/", "index", self.index, strict_slashes=False)
        web.add_url_rule("/chat/<path:name>", "file", self.file)
        return web

    def welcome(self) -> Response | None:
        """Send who would rather have a page than JSON to the page, if there is one."""
        accepts = request.accept_mimetypes
        if accepts["text/html"] <= accepts["application/json"] or not self._is_built():
            return None
        response = Response(status=303, headers={"Location": "/chat", "Vary": "Accept"})
        response.headers["Cache-Control"] = "no-store"
        return response

    def index(self) -> Response:
        """The page; who comes for the first time is a visitor from now on."""
        response = self.file(INDEX)
        caller = self._visitors.caller(request.environ)
        if caller.is_new:
            response.headers["Set-Cookie"] = self._visitors.cookie(caller, request.environ)
        return response

    def file(self, name: str) -> Response:
        """One file of the page."""
        if not self._is_built():
            raise Refused("not_found", NOT_BUILT)
        response = send_from_directory(self._directory, name)
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["Cache-Control"] = FOR_EVER if name.startswith("assets/") else REVALIDATE
        return self._compressed(response, self._directory / name)

    def _is_built(self) -> bool:
        return (self._directory / INDEX).is_file()

    def _compressed(self, response: Response, path: Path) -> Response:
        if path.suffix not in TEXTS:
            return response
        response.vary.add("Accept-Encoding")
        large = (response.content_length or 0) >= WORTH_COMPRESSING
        if response.status_code != 200 or not large or not request.accept_encodings["gzip"]:
            return response
        response.close()  # the file
        response.direct_passthrough = False
        response.set_data(_gzipped(path, path.stat().st_mtime_ns))
        response.headers["Content-Encoding"] = "gzip"
        response.set_etag(response.get_etag()[0] or "", weak=True)  # not byte for byte the same
        return response


@lru_cache(maxsize=64)
def _gzipped(path: Path, _modified: int) -> bytes:
    """A file of the page, compressed once; `_modified` makes a changed one another."""
    return gzip.compress(path.read_bytes(), 9, mtime=0)
