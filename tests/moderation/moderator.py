"""A moderator with a browser that knows no JavaScript."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask import Flask
from werkzeug.test import Client, TestResponse

PASSWORD = "correct horse battery staple"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Browser:
    """Follows redirects, keeps cookies, and sends the token of the page that it has seen last."""

    def __init__(self, app: Flask, address: str = "192.0.2.9") -> None:
        self._client = Client(app)
        self._address = address
        self.page = ""

    def get(self, path: str, **how: Any) -> TestResponse:
        """Look at a page."""
        return self._open(path, method="GET", **how)

    def post(
        self,
        path: str,
        *,
        token: str | None = None,
        headers: Mapping[str, str] = {},
        **form: Any,
    ) -> TestResponse:
        """Send a form; with the token of the last page unless told otherwise."""
        found = TOKEN.search(self.page)
        known = found[1] if found else ""
        data = {**form, "csrf_token": known if token is None else token}
        return self._open(path, method="POST", data=data, headers=dict(headers))

    def log_in(self, name: str = "mia", password: str = PASSWORD) -> TestResponse:
        """Open the form, fill it in and send it."""
        self.get("/login")
        return self.post("/login", name=name, password=password)

    def cookie(self) -> str:
        """What the cookie says now."""
        cookie = self._client.get_cookie("moderator", path="/admin")
        return cookie.value if cookie else ""

    def take(self, cookie: str) -> None:
        """Use a cookie that one has come by."""
        self._client.set_cookie("moderator", cookie, path="/admin")

    def _open(self, path: str, **how: Any) -> TestResponse:
        environ = {"rendezvous.address": self._address, "SCRIPT_NAME": "/admin"}
        answer = self._client.open(
            path, base_url="http://localhost/admin", environ_overrides=environ,
            follow_redirects=True, **how,
        )  # fmt: skip
        if "html" in answer.content_type:
            self.page = answer.text
        return answer
