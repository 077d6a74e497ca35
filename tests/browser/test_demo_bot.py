"""Who comes alone to a demonstration meets the friendly stranger, on the page."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor
from tests.conftest import Launch
from tests.harness.servers import DEMO, Server


@pytest.fixture(scope="module")
def server(launch: Launch) -> Server:
    return launch(DEMO)


def test_bots_say_what_they_are_and_answer_in_text_and_in_video(
    red: Visitor, blue: Visitor
) -> None:
    red.begin("Text chat")
    blue.begin("Video chat")
    for visitor in (red, blue):
        visitor.is_chatting()
    for visitor in (red, blue):
        said = visitor.page.locator(".bubble.stranger")
        expect(said.first).to_contain_text("I am a bot, not a person")
        before = said.count()
        visitor.write("Are you a human?")
        expect(said.nth(before)).to_be_visible()
    blue.sees_something()
    blue.is_told("Connected")
    for visitor in (red, blue):
        visitor.press("Stop")
        visitor.is_told("You left the chat.")
