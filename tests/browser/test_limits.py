"""Who is faster than the server allows is told so, and goes on without doing anything."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor
from tests.conftest import Launch
from tests.harness.clients import wait_for
from tests.harness.guests import Guests
from tests.harness.servers import Server

TOO_FAST = "You are going faster than this server allows."
AT_ONCE = """(texts) => {
  const box = document.querySelector("textarea");
  for (const text of texts) {
    box.value = text;
    box.dispatchEvent(new InputEvent("input", { bubbles: true }));
    box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
  }
}"""
LIMITS = {"RATE_LIMITS": "on", "MESSAGES_PER_VISITOR": "1/second"}
SKIPPING = {"SKIPS_FREE": "0", "SKIP_SECONDS": "60", "SKIP_COOLDOWN": "2"}


@pytest.fixture(scope="module")
def server(launch: Launch) -> Server:
    return launch(**LIMITS, **SKIPPING)


def test_messages_and_the_next_search_wait_their_time(red: Visitor, guests: Guests) -> None:
    red.begin()
    red.waits()
    stranger = guests.rest()
    stranger.start()
    red.is_chatting()
    texts = [f"Message {number}" for number in range(4)]
    red.page.evaluate(AT_ONCE, texts)
    red.is_told(TOO_FAST)
    expect(red.page.locator(".bubble.you.sent")).to_have_count(len(texts))
    expect(red.page.get_by_text(TOO_FAST)).to_have_count(0)
    heard: list[str] = []

    def has_heard() -> bool:
        heard.extend(message["text"] for message in stranger.receive()["messages"])
        return len(heard) == len(texts)

    wait_for(has_heard, "all messages")
    assert heard == texts
    red.press("Next")
    red.is_told(TOO_FAST)
    red.waits()
    expect(red.page.get_by_text(TOO_FAST)).to_have_count(0)
