"""Somebody asks, two strangers discuss it in their browsers, and the asker watches in a third."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

QUESTION = "Is tea better than coffee?"
WATCHED = "You are being watched: whoever asked this reads everything you two write"
UNWATCHED = "Nobody watches you any more."


@pytest.fixture
def asker(visit: Visit) -> Visitor:
    return visit("none")


def asks(visitor: Visitor, question: str = QUESTION) -> None:
    """From the start screen on, until it waits for two."""
    visitor.arrive()
    visitor.consent()
    visitor.press("Ask two strangers")
    dialog = visitor.page.get_by_role("dialog")
    dialog.get_by_label("Your question").fill(question)
    dialog.get_by_role("button", name="Ask", exact=True).click()
    heading = "Looking for two who discuss your question"
    expect(visitor.page.get_by_role("heading", name=heading)).to_be_visible()


def would_discuss(visitor: Visitor) -> None:
    """From the start screen on, look for a question."""
    visitor.arrive()
    visitor.consent()
    visitor.press("Discuss a question")


def discuss(asker: Visitor, one: Visitor, other: Visitor) -> None:
    """Until the two can write; `one` is the asker's stranger 1."""
    asks(asker)
    would_discuss(other)
    other.waits()
    would_discuss(one)
    for visitor in (one, other):
        visitor.is_chatting()


def test_an_asker_watches_two_strangers(asker: Visitor, red: Visitor, blue: Visitor) -> None:
    discuss(asker, red, blue)
    for visitor in (red, blue):
        visitor.is_told(QUESTION)
        visitor.is_told(WATCHED)
        expect(visitor.button("Turn on video")).to_have_count(0)
    asker.is_told(QUESTION)
    asker.is_told("You cannot write, and the two know that somebody watches.")
    red.box.press_sequentially("Tea, of")
    asker.is_told("One of them is typing")
    red.write("Tea, of course")
    blue.reads("Tea, of course")
    blue.write("Never")
    asker.reads("Tea, of course", "Never")
    first, second = asker.log.locator(".bubble").all()
    expect(first).to_contain_text("Stranger 1")
    expect(second).to_contain_text("Stranger 2")
    assert not asker.page.locator("textarea").count()
    expect(asker.button("Report")).to_be_disabled()
    asker.reload()
    asker.reads("Tea, of course", "Never")
    red.write("You will see")
    asker.reads("Tea, of course", "Never", "You will see")
    assert not asker.page.locator("textarea").count()
    blue.press("Stop")
    asker.is_told("Stranger 2 has gone.")
    red.is_told("The stranger left.")


def test_the_two_go_on_when_the_asker_leaves(asker: Visitor, red: Visitor, blue: Visitor) -> None:
    discuss(asker, red, blue)
    asker.press("Stop")
    asker.is_told("You left the chat.")
    for visitor in (red, blue):
        visitor.is_told(UNWATCHED)
        expect(visitor.page.get_by_text(WATCHED)).to_have_count(0)
    red.write("Alone at last")
    blue.reads("Alone at last")


def test_who_finds_no_question_goes_on_to_an_ordinary_chat(red: Visitor, blue: Visitor) -> None:
    would_discuss(red)
    red.waits()
    red.press("Nobody asks? Go on to an ordinary chat")
    red.waits()
    blue.begin()
    for visitor in (red, blue):
        visitor.is_chatting()
        expect(visitor.page.get_by_text(WATCHED)).to_have_count(0)
