"""Cameras and microphones that are many, missing or refused, and how the stranger is shown."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.meetings import meet
from tests.browser.visitor import Visitor
from tests.video.pictures import BLUE

SENT = """kind => {
  const senders = witness.connections.at(-1).getSenders();
  return senders.find(({ track }) => track?.kind === kind)?.track.getSettings().deviceId ?? null;
}"""
BOTH = ["camera", "microphone"]


def test_a_camera_on_one_side_and_a_microphone_on_the_other_are_enough(visit: Visit) -> None:
    heard = visit("several", permissions=["microphone"])
    seen = visit("several", permissions=["camera"])
    meet(heard, seen, "Video chat")
    heard.is_told("The browser may not use your camera. The stranger hears you")
    seen.is_told("The browser may not use your microphone. The stranger sees you")
    heard.sees_something()
    heard.is_told("Stranger is muted")
    seen.is_told("The stranger's camera is off")


def test_a_video_chat_needs_no_devices_of_ones_own(visit: Visit, blue: Visitor) -> None:
    one = visit("none", permissions=BOTH)
    meet(one, blue, "Video chat")
    one.is_told("No camera and no microphone were found.")
    one.sees(BLUE)
    blue.is_told("The stranger's camera is off")
    one.write("I see you")
    blue.reads("I see you")


def test_who_has_refused_may_allow_it_later(visit: Visit, blue: Visitor) -> None:
    one = visit("several", permissions=[])
    meet(one, blue, "Video chat")
    one.is_told("The browser may not use your camera and microphone.")
    one.sees(BLUE)
    blue.is_told("The stranger's camera is off")
    one.context.grant_permissions(BOTH)
    one.press("Try again")
    blue.sees_something()
    expect(one.page.get_by_text("The browser may not use")).to_have_count(0)
    one.sees(BLUE)


def test_devices_are_switched_in_a_running_call(visit: Visit, blue: Visitor) -> None:
    one = visit("several", permissions=BOTH)
    meet(one, blue, "Video chat")
    one.sees(BLUE)
    blue.sees_something()
    for kind, label in (("video", "Camera"), ("audio", "Microphone")):
        one.press("Devices and sound")
        choice = one.page.get_by_role("dialog").get_by_label(label, exact=True)
        expect(choice.locator("option").last).to_be_attached()
        before = one.page.evaluate(SENT, kind)
        options = choice.locator("option").evaluate_all("all => all.map(({ value }) => value)")
        assert before in options[:-1]
        another = options[-1]  # because the second camera is one for depth, which nobody can send
        choice.select_option(another)
        one.until(lambda: one.page.evaluate(SENT, kind) == another, one.describe)  # noqa: B023
        one.page.keyboard.press("Escape")
        blue.sees_something()
    assert len(one.witnessed("connections")) == 1


def test_the_stranger_is_shown_as_one_likes(red: Visitor, blue: Visitor) -> None:
    meet(red, blue, "Video chat")
    red.sees(BLUE)
    label = "document.{}?.getAttribute('aria-label') ?? null"
    red.press("Picture in picture")
    inside = label.format("pictureInPictureElement")
    red.until(lambda: red.page.evaluate(inside) == "Stranger", red.describe)
    red.press("Picture in picture")
    red.until(lambda: red.page.evaluate(inside) is None, red.describe)
    red.press("Full screen")
    stage = "document.fullscreenElement?.className ?? null"
    red.until(lambda: red.page.evaluate(stage) == "stage", red.describe)
    red.press("Leave full screen")
    expect(red.button("Full screen")).to_be_visible()
    assert red.page.evaluate(stage) is None

    red.press("Devices and sound")
    red.page.get_by_label("Stranger's volume").fill("0.25")
    volume = "document.querySelector('video[aria-label=Stranger]').volume"
    red.until(lambda: red.page.evaluate(volume) == 0.25, red.describe)
    red.page.get_by_label("Soft sound").uncheck()
    red.page.keyboard.press("Escape")
    red.reload()
    red.sees(BLUE)
    assert red.page.evaluate(volume) == 0.25
    red.page.mouse.click(5, 5)  # because a page may only sound when it has been touched
    red.hide()
    blue.write("Silently")
    expect(red.page).to_have_title("(1) Rendezvous")
    assert red.witnessed("tones") == 0
