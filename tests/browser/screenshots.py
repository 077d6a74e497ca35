"""`make screenshots`: every screen, phone and desktop, light and dark, for the README."""

from __future__ import annotations

import tempfile
from base64 import b64decode, b64encode
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from tests.browser.chromium import filming, launch_options
from tests.browser.visitor import Visitor
from tests.harness.servers import ROOT, serving

OUT = ROOT / "docs" / "screenshots"
PORTRAIT = Path(__file__).with_name("portrait.svg")
QUALITY = 62  # of WebP, at which the letters are still crisp
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
# The window, how wide one picture is shown, and how many stand side by side.
SIZES = {"phone": ((390, 844), 190, 6), "desktop": ((1280, 800), 580, 2)}
COLOURS = ("wall", "glow", "hair", "skin", "shade", "shirt")
LOOKS = {
    "me": ("#b8c4dc", "#f4e7cf", "#3b2a26", "#e8b896", "#cf9a78", "#6b3fd4"),
    "them": ("#2f4a56", "#f2a03d", "#1d1512", "#a8714f", "#8a5a3d", "#e9e2d3"),
}
TALK = (
    ("them", "Hello! What are you listening to?"),
    ("me", "Nina Simone, all evening. You?"),
    ("them", "Rain on the window, mostly. Like this: https://example.org/rain"),
    ("me", "It rains here too!"),
)
SHEET = """<style>
  body {{ margin: 0; width: max-content; background: {paper} }}
  main {{ display: grid; grid-template-columns: repeat({columns}, {width}px) }}
  main {{ gap: 14px; padding: 14px }}
  img {{ display: block; width: 100%; border-radius: 12px; outline: 1px solid {line} }}
</style><main>{pictures}</main>"""
PAPER = {"light": ("#e9e4f1", "#cfc7dd"), "dark": ("#08070b", "#352e44")}


def main() -> None:
    """Take them all, and write a sheet for each size and scheme."""
    OUT.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(NOT_AGAIN="0") as server,  # so that the two meet for each picture
        sync_playwright() as playwright,
    ):
        mine, theirs = (open_browser(playwright, Path(folder), who) for who in LOOKS)
        for size in SIZES:
            for scheme in SCHEMES:
                pictures = take(mine, theirs, server.url, size, scheme)
                target = OUT / f"{size}-{scheme}.webp"
                target.write_bytes(sheet(mine, pictures, size, scheme))
                print(f"{target.relative_to(ROOT)}: {target.stat().st_size} bytes")  # noqa: T201


def open_browser(playwright: Playwright, folder: Path, who: str) -> Browser:
    """A browser whose camera sees a portrait."""
    film = folder / f"{who}.mjpeg"
    browser = playwright.chromium.launch(**launch_options())
    page = browser.new_page(viewport={"width": 640, "height": 480})
    look = ";".join(f"--{name}:{value}" for name, value in zip(COLOURS, LOOKS[who], strict=True))
    page.set_content(f'<body style="margin:0;{look}">{PORTRAIT.read_text()}')
    film.write_bytes(page.screenshot(type="jpeg", quality=90))
    browser.close()
    return playwright.chromium.launch(**launch_options(filming(film)))


def take(mine: Browser, theirs: Browser, url: str, size: str, scheme: Scheme) -> list[bytes]:
    """One picture of each screen, from the first to the last."""
    (width, height), *_ = SIZES[size]
    me, them = (
        Visitor(
            browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme=scheme,
                reduced_motion="reduce",
                locale="en-US",
                timezone_id="Europe/Lisbon",
            ),
            url,
        )
        for browser in (mine, theirs)
    )
    try:
        return list(through(me, them))
    finally:
        me.go()
        them.go()


def through(me: Visitor, them: Visitor) -> Iterator[bytes]:
    """Go through every screen, in text and then in video."""
    for visitor in (me, them):
        visitor.arrive()
        for interest in ("music", "rain"):
            visitor.page.get_by_label("Interests").fill(interest)
            visitor.page.keyboard.press("Enter")
    me.page.get_by_role("heading", level=1).click()  # so that no field has the focus
    yield picture(me)
    me.consent()
    me.press("Text chat")
    me.waits()
    me.is_told("here yet")
    yield picture(me)
    them.consent()
    them.press("Text chat")
    talk(me, them)
    them.box.press_sequentially("Then")
    me.is_told("Stranger is typing")
    yield picture(me)
    me.log.get_by_role("link").click()
    expect(me.page.get_by_role("dialog")).to_be_visible()
    yield picture(me)
    me.page.keyboard.press("Escape")
    them.press("Stop")
    me.is_told("The stranger left.")
    yield picture(me)
    for visitor in (me, them):
        visitor.press("Start page")
        visitor.press("Video chat")
    for visitor in (me, them):
        visitor.until(partial(has_picture, visitor), visitor.describe)
    me.is_told("Direct")
    talk(me, them)
    yield picture(me)


def talk(me: Visitor, them: Visitor) -> None:
    """Have the conversation."""
    for who, text in TALK:
        speaker, listener = (me, them) if who == "me" else (them, me)
        speaker.is_chatting()
        speaker.write(text)
        expect(listener.log).to_contain_text(text)


def has_picture(visitor: Visitor) -> bool:
    """Whether both videos show something."""
    return all(visitor.witnessed(f"picture('{label}')") for label in ("Stranger", "You"))


def picture(visitor: Visitor) -> bytes:
    """The screen as a PNG."""
    return visitor.page.screenshot(animations="disabled", caret="hide")


def sheet(browser: Browser, pictures: list[bytes], size: str, scheme: Scheme) -> bytes:
    """All of them side by side, as a WebP, which the browser makes."""
    _, width, columns = SIZES[size]
    paper, line = PAPER[scheme]
    images = "".join(
        f'<img alt="" src="data:image/png;base64,{b64encode(each).decode()}">' for each in pictures
    )
    page = browser.new_page(viewport={"width": 1_240, "height": 800})
    page.set_content(
        SHEET.format(paper=paper, line=line, columns=columns, width=width, pictures=images)
    )
    box = page.locator("main").bounding_box()
    options = {"format": "webp", "quality": QUALITY, "captureBeyondViewport": True}
    shot = page.context.new_cdp_session(page).send(
        "Page.captureScreenshot", {**options, "clip": {**(box or {}), "scale": 1}}
    )
    page.close()
    return b64decode(shot["data"])


if __name__ == "__main__":
    main()
