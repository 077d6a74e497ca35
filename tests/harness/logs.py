"""Reading what a server logs, line by line."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from tests.harness.servers import Server

Json = dict[str, Any]
LIFE = {"connected", "disconnected", "matched", "ended"}  # what is logged without any complaint


class Watch:
    """The log of `server` from now on."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._start = len(server.log())

    def text(self) -> str:
        """What has been logged since."""
        return self._server.log()[self._start :]

    def lines(self, event: str | None = None) -> list[Json]:
        """The lines since, or those about `event`; what is not JSON becomes an event itself."""
        lines = [_parsed(line) for line in self.text().splitlines()]
        return [line for line in lines if event in (None, line["event"])]

    def complaints(self) -> list[Json]:
        """The lines that are about more than who comes, meets and goes."""
        return [line for line in self.lines() if line["event"] not in LIFE]

    def must_be_calm(self, secrets: Iterable[str] = ()) -> None:
        """Raise if something broke since, or if one of `secrets` was written down whole."""
        text = self.text()
        assert "Traceback" not in text, text
        assert not [line for line in self.lines() if line.get("level") in ("error", "critical")]
        for secret in secrets:
            assert secret not in text, text


def _parsed(line: str) -> Json:
    try:
        found: Json = json.loads(line)
    except json.JSONDecodeError:
        return {"event": line}
    return found
