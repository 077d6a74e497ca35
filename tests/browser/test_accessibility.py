"""Every screen is for everybody: axe finds nothing, and a keyboard is enough."""

from __future__ import annotations

from itertools import product

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.between import Between
from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor
from tests.harness.clients import RestClient
from tests.harness.guests import Guests
from tests.harness.servers import ROOT
from tests.video.pictures import BLUE

AXE = ROOT / "tests/tools/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SIZES = ({"width": 390, "height": 844}, {"width": 1280, "height": 800})
LONG = "an interest that is wider than the smallest screen"
SMALLEST = {"width": 320, "height": 640}  # to which WCAG 2.2, 1.4.10, wants a page to reflow
FINDINGS = """async (rules) => {
  const { violations, passes } = await axe.run(document, { runOnly: rules });
  if (!passes.length) throw new Error("axe looked at nothing");
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`));
}"""
TARGETS = """[...document.querySelectorAll("button, input, select, textarea")]
  .map((each) => [each.outerHTML, each.closest("label") ?? each])
  .map(([html, each]) => [html, each.getBoundingClientRect()])
  .filter(([, { width, height }]) => width > 0 && (width < 24 || height < 24))
  .map(([html, { width, height }]) => `${width} x ${height}: ${html}`)"""


def must_be_accessible(visitor: Visitor) -> None:
    """Raise with what axe finds on this screen, light and dark, on a phone and on a desktop."""
    page = visitor.page
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    found = {}
    for scheme, size in product(("light", "dark"), SIZES):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        if findings := page.evaluate(FINDINGS, RULES):
            found[f"{scheme} {size['width']}"] = findings
        if findings := page.evaluate(TARGETS):  # WCAG 2.2, 2.5.8
            found[f"small at {size['width']}"] = findings
    assert not found
    page.set_viewport_size({"width": SMALLEST["width"], "height": SMALLEST["height"]})
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALLEST["width"]


@pytest.fixture
def visitor(visit: Visit) -> Visitor:
    # Without movement, because what is on its way from one colour to another has neither.
    return visit(reduced_motion="reduce")


def test_the_start_screen(visitor: Visitor, guests: Guests) -> None:
    for language in ("aa", "bb", "cc"):
        guests.rest().start("text", interests=["go"], language=language, pinned=["language"])
    visitor.arrive()
    expect(visitor.button("Add go 3 people waiting")).to_be_visible()
    visitor.page.get_by_label("Chat language").select_option("en")
    must_be_accessible(visitor)
    visitor.press("Text chat")
    visitor.is_told("Please confirm both points")
    must_be_accessible(visitor)
    visitor.page.get_by_label("Interests").fill(f"chess, {LONG},")
    visitor.page.keyboard.press("Enter")
    visitor.consent()
    must_be_accessible(visitor)
    visitor.press("Deutsch")
    expect(visitor.button("Videochat")).to_be_visible()
    must_be_accessible(visitor)


def test_a_text_chat_from_waiting_to_the_end(visitor: Visitor, stranger: RestClient) -> None:
    between = Between(visitor.page)
    between.refuse("start", {"code": "rate_limited", "retry_after": 60})
    visitor.begin()
    visitor.is_told("You are going faster than this server allows.")
    must_be_accessible(visitor)
    visitor.press("Cancel")
    visitor.press("Text chat")
    visitor.waits()
    visitor.is_told("Place 1 in the queue")
    must_be_accessible(visitor)
    stranger.start()
    visitor.is_chatting()
    must_be_accessible(visitor)
    stranger.send("Look at https://example.com/ and at " + "many words " * 100)
    visitor.write("Well, well")
    visitor.log.get_by_text("Well, well").wait_for()
    visitor.box.fill("w" * 2_001)
    must_be_accessible(visitor)
    visitor.log.get_by_role("link").click()
    expect(visitor.page.get_by_role("dialog")).to_be_visible()
    must_be_accessible(visitor)
    visitor.page.keyboard.press("Escape")
    visitor.context.set_offline(True)
    visitor.is_told("You lost the connection")
    must_be_accessible(visitor)
    visitor.context.set_offline(False)
    visitor.is_told("Connected")
    visitor.press("Report")
    visitor.page.get_by_role("button", name="Send report").click()
    visitor.is_told("Please choose a reason.")
    must_be_accessible(visitor)
    visitor.page.keyboard.press("Escape")
    visitor.press("Block")
    visitor.is_told("You will not be introduced to each other again")
    must_be_accessible(visitor)


def test_a_video_chat_that_is_not_connected(visit: Visit, stranger: RestClient) -> None:
    visitor = visit("several", permissions=[], reduced_motion="reduce")
    visitor.begin("Video chat")
    visitor.waits()
    must_be_accessible(visitor)
    stranger.start("video")
    visitor.is_told("Connecting the video")
    visitor.is_told("The browser may not use your camera and microphone.")
    must_be_accessible(visitor)
    visitor.press("Devices and sound")
    expect(visitor.page.get_by_role("dialog")).to_be_visible()
    must_be_accessible(visitor)
    visitor.page.keyboard.press("Escape")
    stranger.leave()
    visitor.is_told("The stranger left.")
    must_be_accessible(visitor)


def test_a_video_chat_with_everything_on_and_off(visitor: Visitor, blue: Visitor) -> None:
    visitor.begin("Video chat")
    blue.begin("Video chat")
    visitor.sees(BLUE)
    must_be_accessible(visitor)
    for one in (blue, visitor):
        one.press("Mute")
        one.press("Camera")
    visitor.is_told("The stranger's camera is off")
    visitor.is_told("Stranger is muted")
    visitor.is_told("Camera off")
    must_be_accessible(visitor)
    blue.press("Camera")
    blue.press("Mute")
    visitor.sees(BLUE)
    expect(visitor.page.get_by_text("Stranger is muted")).to_have_count(0)


def test_what_tests_and_people_look_for_has_its_name(visitor: Visitor, blue: Visitor) -> None:
    visitor.begin("Video chat")
    blue.begin("Video chat")
    visitor.is_chatting()
    for name in ("Next", "Stop", "Report", "Block", "Mute", "Camera", "Send"):
        expect(visitor.button(name)).to_have_count(1)
    expect(visitor.page.get_by_role("heading", name="Video chat", exact=True)).to_have_count(1)
    expect(visitor.page.get_by_role("textbox", name="Message", exact=True)).to_have_count(1)
    expect(visitor.log).to_have_count(1)
    for label in ("Stranger", "You"):
        found = visitor.page.get_by_label(label, exact=True)
        assert found.evaluate("(element) => element.tagName") == "VIDEO"


def tab_to(visitor: Visitor, target: Locator, key: str = "Tab") -> None:
    """Go on with the Tab key until `target` has the focus, and see that it shows."""
    for _ in range(30):
        if target.evaluate("(element) => element === document.activeElement"):
            break
        visitor.page.keyboard.press(key)
    expect(target).to_be_focused()
    assert target.evaluate(
        """(element) => [element, element.parentElement].some((each) => {
          const { outlineStyle, outlineWidth } = getComputedStyle(each);
          return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
        })"""
    ), "nothing shows where the focus is"


def test_a_whole_chat_with_the_keyboard_alone(visitor: Visitor, stranger: RestClient) -> None:
    visitor.arrive()
    keyboard = visitor.page.keyboard
    tab_to(visitor, visitor.page.get_by_label("Interests"))
    keyboard.type("chess")
    keyboard.press("Enter")
    for box in visitor.page.get_by_role("checkbox").all():
        tab_to(visitor, box)
        keyboard.press("Space")
    tab_to(visitor, visitor.button("Text chat"))
    keyboard.press("Enter")
    visitor.waits()
    expect(visitor.page.get_by_role("heading", name="Looking for someone")).to_be_focused()
    stranger.start(interests=["chess"])
    expect(visitor.box).to_be_focused()
    keyboard.type("Hello")
    keyboard.press("Shift+Enter")
    keyboard.type("there")
    keyboard.press("Enter")
    stranger.send("Good evening")
    visitor.reads("Good evening")
    assert [each["text"] for each in stranger.receive()["messages"]] == ["Hello\nthere"]

    keyboard.press("Escape")
    visitor.is_told("Press Esc again for the next stranger.")
    keyboard.press("Escape")
    visitor.waits()
    assert stranger.receive()["disconnected"]
    tab_to(visitor, visitor.button("Cancel"))
    keyboard.press("Enter")
    expect(visitor.page.get_by_role("heading", level=1)).to_be_focused()

    tab_to(visitor, visitor.button("Text chat"))
    keyboard.press("Enter")
    visitor.waits()
    stranger.start(interests=["chess"])
    expect(visitor.box).to_be_focused()
    tab_to(visitor, visitor.button("Stop"), "Shift+Tab")
    keyboard.press("Enter")
    visitor.is_told("You left the chat.")
    expect(visitor.button("Next")).to_be_focused()
    tab_to(visitor, visitor.button("Start page"), "Shift+Tab")
    keyboard.press("Enter")
    expect(visitor.button("Text chat")).to_be_visible()
