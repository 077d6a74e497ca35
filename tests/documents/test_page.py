"""The page for people: everything on it, and nothing from outside."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
import requests

from rendezvous.protocol.calls import APPEAL, ICE_SERVERS, REST_CALLS, SOCKET_CALLS
from rendezvous.protocol.events import EVENTS
from rendezvous.refusals import REFUSALS
from tests.harness.servers import Server

FETCHING = {"src", "href", "srcset", "data", "action", "poster", "background", "cite"}


class Page(HTMLParser):
    """What a page refers to, where it can be jumped to, and what it shows as code.

    `sections` are the headings that are code, by the section that they stand in.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.anchors: list[str] = []
        self.tags: set[str] = set()
        self.code: set[str] = set()
        self.sections: dict[str, list[str]] = {}
        self._in: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._in = [*self._in, tag] if tag in ("h3", "code") else self._in
        if tag == "h2":
            self.sections[dict(attrs)["id"] or ""] = []
        self.addresses += [value or "" for name, value in attrs if name in FETCHING]
        self.anchors += [value or "" for name, value in attrs if name == "id"]

    def handle_endtag(self, tag: str) -> None:
        if self._in and tag == self._in[-1]:
            self._in = self._in[:-1]

    def handle_data(self, data: str) -> None:
        if "code" in self._in:
            self.code.add(data)
        if self._in == ["h3", "code"]:
            list(self.sections.values())[-1].append(data)


@pytest.fixture(scope="module")
def response(described: Server) -> requests.Response:
    return requests.get(f"{described.url}/docs", timeout=20)


@pytest.fixture(scope="module")
def page(response: requests.Response) -> Page:
    return Page(response.text)


def test_the_page_names_every_call_event_and_refusal(page: Page) -> None:
    gets = [
        "GET /",
        "GET /metrics",
        "GET /challenge",
        "GET /topics",
        f"GET /{ICE_SERVERS.name}",
        f"GET /{APPEAL.name}",
    ]
    posts = [f"POST /{call.name}" for call in REST_CALLS]
    assert sorted(page.sections["rest"]) == sorted([*gets, *posts])
    assert sorted(page.sections["in"]) == sorted(call.name for call in SOCKET_CALLS)
    assert sorted(page.sections["out"]) == sorted(EVENTS)
    assert set(REFUSALS) <= page.code


def test_the_page_needs_nothing_from_outside(
    response: requests.Response, page: Page, described: Server
) -> None:
    own = {address for address in page.addresses if not address.startswith("#")}
    assert own == {"/openapi.json", "/asyncapi.json"}
    for address in own:
        requests.get(described.url + address, timeout=20).raise_for_status()
    assert not page.tags & {"script", "link", "img", "iframe", "object", "embed", "base"}
    assert not re.search(r"@import|url\(|//", response.text)


def test_a_browser_is_forbidden_to_fetch_anything_for_the_page(
    response: requests.Response,
) -> None:
    policy = response.headers["Content-Security-Policy"]
    directives = dict(part.split(maxsplit=1) for part in policy.split(";"))
    assert directives["default-src"] == "'none'"
    assert not re.search(r"https?:|\*|unsafe-eval", policy)
    assert "script-src" not in directives


def test_every_link_on_the_page_leads_somewhere(page: Page) -> None:
    assert len(page.anchors) == len(set(page.anchors))
    for address in page.addresses:
        assert not address.startswith("#") or address[1:] in page.anchors, address
