"""A moderator at a running server, or who would like to be one: a browser without JavaScript."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import requests

from tests.attacks.people import at, somewhere
from tests.harness.clients import TIMEOUT
from tests.harness.servers import Server
from tests.moderation.moderator import PASSWORD, TOKEN


class Browser:
    """Follows redirects, keeps cookies, and sends the token of the page that it has seen last."""

    def __init__(self, server: Server, address: str = "") -> None:
        self._http = requests.Session()
        self._http.headers.update(at(address or somewhere()))
        self._url = f"{server.url}/admin"
        self.page = ""

    def get(self, path: str, **query: str) -> requests.Response:
        """Look at a page."""
        return self._seen(self._http.get(self._url + path, params=query, timeout=TIMEOUT))

    def post(
        self,
        path: str,
        *,
        token: str | None = None,
        headers: Mapping[str, str] = {},
        **form: Any,
    ) -> requests.Response:
        """Send a form; with the token of the last page unless told otherwise."""
        found = TOKEN.findall(self.page)
        known = found[-1] if found else ""
        data = {**form, "csrf_token": known if token is None else token}
        url = self._url + path
        return self._seen(self._http.post(url, data=data, headers=headers, timeout=TIMEOUT))

    def log_in(self, name: str = "mia", password: str = PASSWORD) -> requests.Response:
        """Open the form, fill it in and send it."""
        self.get("/login")
        return self.post("/login", name=name, password=password)

    def is_in(self) -> bool:
        """Whether the server takes it for a moderator's."""
        return "Log out" in self.get("/").text

    @property
    def cookie(self) -> str:
        """What the cookie says now."""
        return str(self._http.cookies.get("moderator", ""))

    def take(self, cookie: str) -> None:
        """Use a cookie that one has come by, and no other."""
        self._http.cookies.clear()
        self._http.headers["Cookie"] = f"moderator={cookie}"

    def close(self) -> None:
        """Close the connections that were kept open."""
        self._http.close()

    def _seen(self, answer: requests.Response) -> requests.Response:
        if "html" in answer.headers.get("Content-Type", ""):
            self.page = answer.text
        return answer
