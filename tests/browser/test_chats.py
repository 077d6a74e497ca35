"""Two strangers in two browsers, by text and by video: they meet, come back, and part."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.meetings import meet, see_each_other
from tests.browser.visitor import Visitor
from tests.harness.guests import Guests
from tests.video.pictures import BLUE, RED

pytestmark = pytest.mark.parametrize("kind", ["Text chat", "Video chat"], ids=["text", "video"])


def are_together(red: Visitor, blue: Visitor, kind: str) -> None:
    for visitor in (red, blue):
        visitor.is_chatting()
    if kind == "Video chat":
        see_each_other(red, blue)


def test_two_meet_write_see_typing_and_part(red: Visitor, blue: Visitor, kind: str) -> None:
    meet(red, blue, kind)
    are_together(red, blue, kind)
    red.box.press_sequentially("Hello, stran")
    blue.is_told("Stranger is typing")
    red.box.press_sequentially("ger")
    red.box.press("Enter")
    blue.reads("Hello, stranger")
    blue.page.get_by_text("Stranger is typing").wait_for(state="hidden")
    blue.write("Hello to you")
    red.write("And to you")
    for visitor in (red, blue):
        visitor.reads("Hello, stranger", "Hello to you", "And to you")
    if kind == "Video chat":
        red.sees_themselves(RED)
        blue.sees_themselves(BLUE)
    red.press("Stop")
    red.is_told("You left the chat.")
    blue.is_told("The stranger left.")
    if kind == "Video chat":
        assert [each.witnessed("picture('Stranger')") for each in (red, blue)] == [None, None]


def test_next_leads_back_to_each_other_when_both_want_it(
    red: Visitor, blue: Visitor, kind: str
) -> None:
    meet(red, blue, kind)
    are_together(red, blue, kind)
    red.write("Good bye")
    blue.reads("Good bye")
    first = red.session_id()
    red.press("Next")
    blue.is_told("The stranger left.")
    red.waits()
    blue.press("Next")
    are_together(red, blue, kind)
    assert red.session_id() != first
    red.write("You again")
    blue.reads("You again")
    for visitor in (red, blue):
        assert "Good bye" not in visitor.log.inner_text()


def test_a_reload_goes_on_with_the_same_stranger(red: Visitor, blue: Visitor, kind: str) -> None:
    meet(red, blue, kind)
    are_together(red, blue, kind)
    red.write("Before one")
    blue.write("Before two")
    for visitor in (red, blue):
        visitor.reads("Before one", "Before two")
    ids = [red.session_id(), blue.session_id()]
    for who, other in ((red, blue), (blue, red)):
        who.reload()
        other.write("Meanwhile")
        who.reads("Before one", "Before two")
        are_together(red, blue, kind)
        other.log.get_by_text("Meanwhile").last.wait_for()
    red.write("After")
    blue.reads("Before one", "Before two", "After")
    assert [red.session_id(), blue.session_id()] == ids


def test_a_stranger_who_only_has_http(red: Visitor, guests: Guests, kind: str) -> None:
    red.begin(kind)
    red.waits()
    stranger = guests.rest()
    stranger.start("video" if kind == "Video chat" else "text")
    red.is_chatting()
    red.write("Hello")
    heard: list[str] = []

    def has_heard() -> bool:
        heard.extend(message["text"] for message in stranger.receive(wait=1)["messages"])
        return bool(heard)

    red.until(has_heard, lambda: "the message arrives")
    assert heard == ["Hello"]
    stranger.send("Greetings")
    red.reads("Hello", "Greetings")
    red.reload()
    stranger.send("Still there?")
    red.reads("Hello", "Greetings", "Still there?")
    if kind == "Video chat":
        expect(red.page.locator(".status")).to_contain_text("Connecting the video")
    stranger.leave()
    red.is_told("The stranger left.")
