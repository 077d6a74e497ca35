"""Text chats that grow into video chats in two browsers, if both want that."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.meetings import meet, see_each_other
from tests.browser.visitor import Visitor
from tests.harness.link import Link
from tests.video.pictures import RED

ASKED = "You have asked for video. It begins when the stranger agrees."
INVITED = "The stranger would like to go on by video."


def has_no_picture(visitor: Visitor) -> bool:
    """Neither a call, nor a camera that is on."""
    return visitor.call() is None and not visitor.page.locator("video").count()


def test_a_text_chat_grows_into_video_when_both_want_it(red: Visitor, blue: Visitor) -> None:
    meet(red, blue)
    red.write("Shall we see each other?")
    red.press("Turn on video")
    red.is_told(ASKED)
    blue.is_told(INVITED)
    assert has_no_picture(red)
    assert has_no_picture(blue)
    blue.press("Accept")
    see_each_other(red, blue)
    red.sees_themselves(RED)
    for visitor in (red, blue):
        expect(visitor.page.get_by_role("heading", name="Video chat", exact=True)).to_be_visible()
        visitor.reads("Shall we see each other?")
    blue.reload()
    see_each_other(red, blue)
    blue.write("There you are")
    red.reads("Shall we see each other?", "There you are")
    red.press("Next")
    expect(red.page.get_by_role("heading", name="Text chat", exact=True)).to_be_visible()
    assert has_no_picture(red)


def test_who_is_asked_may_say_no(red: Visitor, blue: Visitor) -> None:
    meet(red, blue)
    red.press("Turn on video")
    blue.press("Not now")
    red.is_told("The stranger would rather go on writing.")
    expect(red.button("Turn on video")).to_be_disabled()
    expect(blue.button("Turn on video")).to_be_enabled()
    red.write("As you like")
    blue.reads("As you like")
    for visitor in (red, blue):
        assert has_no_picture(visitor)
        expect(visitor.page.get_by_role("heading", name="Text chat", exact=True)).to_be_visible()


def test_an_invitation_is_still_there_after_a_reload(red: Visitor, blue: Visitor) -> None:
    meet(red, blue)
    blue.press("Turn on video")
    blue.is_told(ASKED)
    red.is_told(INVITED)
    for visitor in (red, blue):
        visitor.reload()
    blue.is_told(ASKED)
    red.press("Accept")
    see_each_other(red, blue)


def test_a_yes_without_a_connection_counts_when_there_is_one(
    link: Link, visit: Visit, blue: Visitor
) -> None:
    red = visit("red", at=link.url)
    meet(red, blue)
    blue.press("Turn on video")
    red.is_told(INVITED)
    link.cut()
    red.is_told("You lost the connection. Reconnecting")
    red.press("Accept")
    link.mend()
    see_each_other(red, blue)
