"""The page is light, asks nobody else, and stands still when somebody arrives."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor
from tests.harness.guests import Guests
from tests.harness.servers import Server

MOST = 60_000  # bytes of compressed JavaScript
SCRIPTS = """performance.getEntriesByType("resource")
  .filter(({ name }) => name.endsWith(".js")).map(({ encodedBodySize }) => encodedBodySize)"""


@pytest.mark.parametrize("locale", ["en-US", "de-DE"])
def test_the_first_load_is_light_and_of_one_origin(
    visit: Visit, server: Server, locale: str
) -> None:
    visitor = visit(locale=locale)
    home = f"{server.url}/"
    # How many are here is the last it asks; before that, the same address has sent it to the page.
    with visitor.page.expect_response(lambda answer: answer.url == home and answer.ok):
        visitor.page.goto(home)
    assert visitor.page.url.rstrip("/") == f"{server.url}/chat"
    sizes = visitor.page.evaluate(SCRIPTS)
    assert 10_000 < sum(sizes) < MOST
    assert {urlsplit(url).netloc for url in visitor.requests} == {urlsplit(server.url).netloc}
    assert visitor.errors == []
    assert visitor.page.evaluate("document.documentElement.lang") == locale[:2]


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("kind", ["Text chat", "Video chat"])
def test_nothing_moves_when_a_match_arrives(
    red: Visitor, guests: Guests, kind: str, width: int
) -> None:
    red.page.set_viewport_size({"width": width, "height": 800})
    red.begin(kind)
    red.waits()
    red.is_told("Place 1 in the queue")  # the last that a wait has to say moves what is above it
    red.page.evaluate("witness.shift = 0")
    guests.rest().start("video" if kind == "Video chat" else "text")
    red.is_chatting()
    red.page.evaluate("new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))")
    assert red.witnessed("shift") < 0.01
