"""Whom one looks for and meets, as it is seen on the page."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor
from tests.conftest import Launch
from tests.harness.guests import Guests
from tests.harness.servers import Server

NOTE_SENTENCES = """() => {
  window.sentences = [];
  new MutationObserver(() => {
    const sentence = document.querySelector(".sought")?.textContent;
    if (sentence && sentence !== window.sentences.at(-1)) window.sentences.push(sentence);
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""


@pytest.fixture(scope="module")
def server(launch: Launch) -> Server:
    """One where waits widen slowly enough to be seen, and nobody soon meets the same one again."""
    return launch("run.py", MATCH_SOONEST="4", MATCH_LATEST="4", MATCH_LANGUAGE="0.5")


def look(visitor: Visitor, *interests: str, language: str = "", pins: tuple[str, ...] = ()) -> None:
    """Say whom one would like to meet, and look for somebody to write to."""
    visitor.arrive()
    visitor.page.evaluate(NOTE_SENTENCES)
    for interest in interests:
        visitor.page.get_by_label("Interests", exact=True).fill(interest)
        visitor.page.keyboard.press("Enter")
    visitor.page.get_by_label("Chat language").select_option(language)
    for pin in pins:
        visitor.page.get_by_label(pin).check()
    visitor.consent()
    visitor.press("Text chat")


def test_what_two_share_is_shown_to_both(red: Visitor, blue: Visitor) -> None:
    look(red, "Movies", "chess")
    red.waits()
    look(blue, "jazz", "film")
    for visitor in (red, blue):
        visitor.is_chatting()
        visitor.is_told("You both like films.")
    red.press("Stop")
    red.is_told("You shared: films")


def test_a_wait_widens_and_says_so(red: Visitor) -> None:
    look(red, "something rare", "chess", language="en")
    sought = red.page.locator(".sought")
    expect(sought).to_have_text("By now, anyone will do.")
    expect(red.page.get_by_text("Place 1 in the queue")).to_be_visible()
    assert red.page.evaluate("window.sentences") == [
        "We look for someone who likes something rare or chess and speaks English.",
        "By now, anyone who likes something rare or chess will do.",
        "By now, anyone who speaks English will do.",
        "By now, anyone will do.",
    ]


def test_what_is_pinned_does_not_widen(red: Visitor, guests: Guests) -> None:
    look(red, "chess", language="en", pins=("Only people who share an interest",))
    sought = red.page.locator(".sought")
    expect(sought).to_have_text("By now, anyone who likes chess will do.")
    other = guests.rest()
    other.start(interests=["tea"], language="en")
    last = guests.rest()

    def widened() -> bool:
        told = other.receive()
        return bool(told["waiting"]["widened_to"] == "anyone")

    red.until(widened, lambda: "the other one would have anybody")
    red.waits()
    expect(sought).to_have_text("By now, anyone who likes chess will do.")
    other.leave()
    last.start(interests=["chess"], language="ja")
    red.is_chatting()
    red.is_told("You both like chess.")


def test_two_who_press_next_at_once_meet_the_next_two(visit: Visit) -> None:
    one, other = visit("red"), visit("blue")
    one.begin()
    one.waits()
    other.begin()
    for visitor in (one, other):
        visitor.is_chatting()
    one.write("Good bye")
    other.reads("Good bye")
    for visitor in (one, other):
        visitor.button("Next").dispatch_event("click")
    for visitor in (one, other):
        visitor.waits()
    new, newer = visit("red"), visit("blue")
    new.begin()
    new.is_chatting()
    newer.begin()
    newer.is_chatting()
    for visitor in (one, other):
        visitor.is_chatting()
        visitor.write(f"Hello from {'one' if visitor is one else 'other'}")
    heard = [
        next(name for name in ("one", "other") if name in visitor.log.inner_text())
        for visitor in (new, newer)
    ]
    assert sorted(heard) == ["one", "other"]


def test_what_several_wait_with_can_be_picked(red: Visitor, guests: Guests) -> None:
    for language in ("aa", "bb", "cc"):
        wish = {"interests": ["Origami"], "language": language}
        guests.rest().start("text", pinned=["language"], **wish)
    red.arrive()
    chip = red.button("Add origami 3 people waiting")

    def shows() -> bool:
        red.reload()
        expect(red.button("Text chat")).to_be_visible()
        return chip.count() == 1

    red.until(shows, lambda: "the topic is shown")
    chip.click()
    expect(red.button("Remove origami")).to_be_visible()
    expect(chip).to_have_count(0)
