"""Somebody between a page and the server, who answers some questions in the server's place."""

from __future__ import annotations

import json
import re
from collections import defaultdict

from playwright.sync_api import Page, WebSocketRoute

from tests.harness.clients import Json

EVENT = re.compile(r'42(\d+)(\["(\w+)".*)', re.DOTALL)  # with an acknowledgement's number


class Between:
    """Lets everything of `page` through that it was not told to keep."""

    def __init__(self, page: Page) -> None:
        self._refusals: defaultdict[str, list[Json]] = defaultdict(list)
        self._swallows: set[str] = set()
        self.asked: defaultdict[str, list[Json]] = defaultdict(list)
        page.route_web_socket(re.compile("/socket.io/"), self._carry)

    def refuse(self, event: str, *refusals: Json) -> None:
        """Answer the next of these events with these refusals, one each."""
        answers = [{"ok": False, "error": "Refused by a test.", **each} for each in refusals]
        self._refusals[event] += answers

    def swallow(self, *events: str) -> None:
        """Let no such event through, nor answer it, until `restore`."""
        self._swallows |= set(events)

    def restore(self) -> None:
        """Let everything through again."""
        self._swallows.clear()

    def _carry(self, route: WebSocketRoute) -> None:
        server = route.connect_to_server()

        def outwards(frame: str | bytes) -> None:
            found = EVENT.fullmatch(frame) if isinstance(frame, str) else None
            number, array, name = found.groups() if found else ("", "", "")
            if name:
                self.asked[name].append(json.loads(array)[1])
            if self._refusals[name]:
                route.send(f"43{number}[{json.dumps(self._refusals[name].pop(0))}]")
            elif name not in self._swallows:
                server.send(frame)

        route.on_message(outwards)
