"""A browser and a program that knows nothing of our client library see each other."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.browser.visitor import Visitor
from tests.harness.clients import Json
from tests.harness.guests import Guests
from tests.video.peers import Peer
from tests.video.pictures import BLUE, RED, Chroma

ENOUGH = 20  # frames
ORIGIN = re.compile(r"^o=\S+ (\S+)", re.MULTILINE)  # a session id, RFC 8866, section 5.2


class Stranger(Peer):
    """An aiortc peer that follows what docs/client.md says of the page's signals."""

    _origin = ""

    async def _take(self, signal: Json) -> None:
        if "media" in signal:
            return
        if "candidate" in signal:
            await super()._take(signal["candidate"])
            return
        await self._begin_anew_with(signal["sdp"])
        await super()._take({"type": signal["type"], "sdp": signal["sdp"]})

    async def _begin_anew_with(self, sdp: str) -> None:
        """Take another connection if the page has another, such as after a reload."""
        origin = ORIGIN.findall(sdp)[0]
        if self._origin not in ("", origin):
            assert self._connection is not None
            await self._connection.close()
            self._open([])
        self._origin = origin

    def _watch(self, track: Any) -> None:
        if track.kind == "video":
            super()._watch(track)

    def sees(self, chroma: Chroma) -> bool:
        """Whether enough has been seen, of that colour and moving, leaving out how it began."""
        latest = self.viewer.chromas[-5:]
        colours = {(u > v) == (chroma[0] > chroma[1]) and abs(u - v) > 40 for u, v in latest}
        return self.viewer.frames >= ENOUGH and colours == {True} and len(self.viewer.lumas) > 2


@contextmanager
def at_home(guests: Guests) -> Iterator[Stranger]:
    """A stranger who does all in a thread, because the browser's driver has this one's loop."""
    stranger = Stranger(guests.socket(), BLUE, trickle=True)
    over = threading.Event()

    async def live() -> None:
        doing = asyncio.create_task(stranger.run())
        try:
            while not (over.is_set() or doing.done()):
                await asyncio.sleep(0.05)  # between two looks
            if doing.done():
                doing.result()  # raises what went wrong
        finally:
            doing.cancel()
            await stranger.close()  # or its sockets would be found unclosed in a later test

    failures: list[BaseException] = []

    def run() -> None:
        try:
            asyncio.run(live())
        except BaseException as error:  # noqa: BLE001 - it is raised in the test's own thread
            failures.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield stranger
    finally:
        over.set()
        thread.join()
        assert not failures, failures


# A camera that opens late is put into the call by another offer, and by that of a reload.
SLOW_CAMERA = """
const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (wishes) => {
  await new Promise((passed) => setTimeout(passed, 1500));
  return open(wishes);
};
"""


@pytest.mark.parametrize(
    ("browser_comes_first", "camera"),
    [(True, ""), (False, ""), (True, SLOW_CAMERA)],
    ids=["first", "second", "late-camera"],
)
def test_a_browser_and_an_aiortc_peer_see_each_other(
    red: Visitor, guests: Guests, browser_comes_first: bool, camera: str
) -> None:
    red.page.add_init_script(camera)
    with at_home(guests) as stranger:
        if browser_comes_first:
            red.begin("Video chat")
            red.waits()
        stranger.client.start("video")
        if not browser_comes_first:
            red.begin("Video chat")
        red.sees(BLUE)
        red.until(lambda: stranger.sees(RED), lambda: f"the stranger sees red: {stranger.viewer}")
        red.write("Hello, machine")
        red.until(lambda: "new_message" in stranger.heard, lambda: "the message arrives")
        before = stranger.viewer.frames
        red.reload()
        red.sees(BLUE)
        red.until(lambda: stranger.viewer.frames > before + ENOUGH, lambda: "more of red is seen")
