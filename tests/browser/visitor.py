"""Somebody in front of a browser: what they do on the page, and what they see there."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import requests
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Response, WebSocket, expect

from tests.harness.clients import Json
from tests.video.pictures import BLUE, RED, Chroma

WITNESS = Path(__file__).with_name("witness.js")
PATIENCE = 30.0  # s; machines that test do much at once
FRAMES = 8
TONES = 3  # of brightness, which tell that a picture moves
STORED = "JSON.parse(sessionStorage.getItem('rendezvous.chat'))?.state ?? null"

expect.set_options(timeout=PATIENCE * 1_000)


class Visitor:
    """One tab in `context`, and everything that it complained about or was sent."""

    def __init__(self, context: BrowserContext, server: str, url: str = "") -> None:
        """`url` is their way to `server`, if that is not the straight one."""
        self._server = server
        self.url = url or server
        self.context = context
        context.add_init_script(path=WITNESS)
        self.page = context.new_page()
        self.page.set_default_timeout(PATIENCE * 1_000)
        self.crashes: list[str] = []
        self.errors: list[str] = []
        self.requests: list[str] = []
        self.responses: list[Response] = []
        self.sockets: list[WebSocket] = []
        self.received: list[str | bytes] = []  # over WebSockets
        self.page.on("pageerror", lambda error: self.crashes.append(str(error)))
        self.page.on("console", self._note_console)
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("response", self._note_response)
        self.page.on("websocket", self._note_socket)

    # --- What they do ------------------------------------------------------------------------

    def arrive(self) -> None:
        """Open the page."""
        self.page.goto(f"{self.url}/chat")
        expect(self.button("Text chat")).to_be_visible()

    def consent(self) -> None:
        """Say yes to what is asked before the first chat."""
        for box in self.page.locator(".consent").get_by_role("checkbox").all():
            box.check()

    def begin(self, kind: str = "Text chat") -> None:
        """From the start screen on, look for a stranger."""
        self.arrive()
        self.consent()
        self.button(kind).click()
        expect(self.page.get_by_role("heading", name=kind, exact=True)).to_be_visible()

    def press(self, name: str) -> None:
        """Press one of the buttons."""
        self.button(name).click()

    def write(self, text: str) -> None:
        """Send a message."""
        self.box.fill(text)
        self.button("Send").click()

    def reload(self) -> None:
        """Load the page again, as when F5 is pressed."""
        self.page.reload()

    def hide(self, hidden: bool = True) -> None:
        """Look at another tab, or at this one again; without a screen a browser never knows."""
        self.page.evaluate(
            """(hidden) => {
              Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
              document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
            }""",
            hidden,
        )

    def go(self) -> None:
        """Close the tab; the server is told, so that nobody waits for them."""
        session_id = self.session_id() if self.page.url.startswith(self.url) else None
        self.context.close()
        if session_id:
            body = {"session_id": session_id}
            requests.post(f"{self._server}/disconnect", json=body, timeout=10)

    # --- What is there -----------------------------------------------------------------------

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    @property
    def box(self) -> Locator:
        return self.page.get_by_label("Message", exact=True)

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log")

    def session_id(self) -> str | None:
        """The secret of the present chat, from where the page keeps it."""
        found: str | None = (self._stored() or {}).get("sessionId")
        return found

    def _stored(self) -> Json | None:
        found: Json | None = self.page.evaluate(STORED)
        return found

    def call(self) -> Json | None:
        """What the browser says of the connected call: see witness.js."""
        found: Json | None = self.witnessed("call()")
        return found

    def witnessed(self, what: str) -> Any:
        """A note of witness.js, or what it finds out when asked."""
        return self.page.evaluate(f"witness.{what}")

    # --- What they see -----------------------------------------------------------------------

    def waits(self) -> None:
        """They are told that somebody is being looked for, and the server is looking."""
        expect(self.page.get_by_role("heading", name="Looking for someone")).to_be_visible()
        self.until(lambda: (self._stored() or {}).get("phase") == "waiting", self.describe)

    def is_chatting(self) -> None:
        """There is somebody to write to."""
        expect(self.box).to_be_enabled()
        expect(self.button("Next")).to_be_enabled()

    def reads(self, *texts: str) -> None:
        """Each of these messages is there, once, in this order."""
        for text in texts:
            expect(self.log.get_by_text(text, exact=True)).to_have_count(1)
        whole = self.log.inner_text()
        places = [whole.index(text) for text in texts]
        assert places == sorted(places), whole

    def is_told(self, sentence: str) -> None:
        """A sentence stands somewhere on the page."""
        expect(self.page.get_by_text(sentence).first).to_be_visible()

    def sees(self, chroma: Chroma) -> None:
        """Frames of the stranger's are decoded, and they move, and they are of this colour."""
        self._sees(lambda picture: is_of(picture, chroma), f"{chroma}")

    def sees_something(self) -> None:
        """Frames of the stranger's are decoded, and they move, whatever they show."""
        self._sees(lambda _: True, "something")

    def _sees(self, expected: Callable[[list[float]], bool], what: str) -> None:
        tones: set[float] = set()
        first: Json | None = None

        def has_seen() -> bool:
            nonlocal first
            call = self.call()
            picture = self.witnessed("picture('Stranger')")
            if call is None or picture is None or not expected(picture):
                tones.clear()
                return False
            if first is None or first["number"] != call["number"]:
                first = call
            tones.add(round(sum(picture), 1))
            return call["decoded"] >= first["decoded"] + FRAMES and len(tones) >= TONES

        self.until(has_seen, lambda: f"sees {what}: {self.describe()}")

    def sees_themselves(self, chroma: Chroma) -> None:
        """One's own picture is of this colour."""

        def has_seen() -> bool:
            picture = self.witnessed("picture('You')")
            return picture is not None and is_of(picture, chroma)

        self.until(has_seen, lambda: f"sees themselves: {self.describe()}")

    def until(self, condition: Callable[[], object], what: Callable[[], str]) -> None:
        """Wait for a condition; raises AssertionError with `what` if it never holds."""
        end = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < end, what()
            self.page.wait_for_timeout(60)  # between two looks

    def describe(self) -> str:
        """What there is to know when a test fails."""
        picture = self.witnessed("picture('Stranger')")
        status = self.page.locator(".status").all_inner_texts()
        return f"call {self.call()}, picture {picture}, {status}, {self.errors}"

    # --- What is noted -----------------------------------------------------------------------

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.errors.append(message.text)

    # Not the lists' own `append`, which cannot be listened with: playwright marks each listener.
    def _note_response(self, response: Response) -> None:
        self.responses.append(response)

    def _note_frame(self, frame: str | bytes) -> None:
        self.received.append(frame)

    def _note_socket(self, socket: WebSocket) -> None:
        self.sockets.append(socket)
        self.requests.append(socket.url)
        socket.on("framereceived", self._note_frame)


def is_of(picture: list[float], chroma: Chroma) -> bool:
    """Whether a mean colour (red, green, blue) is RED or BLUE, as `chroma` says."""
    red, _, blue = picture
    return {RED: red > blue + 60, BLUE: blue > red + 60}[chroma]
