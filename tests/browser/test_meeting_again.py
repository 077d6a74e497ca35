"""Two who would meet again, in two browsers: later, by the server's clock, and nobody else."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from email.utils import parsedate_to_datetime

import pytest
import requests
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Visit
from tests.browser.meetings import meet, meet_by_http, see_each_other
from tests.browser.visitor import Visitor
from tests.conftest import Launch
from tests.faults.clock import Clock
from tests.harness.clients import TIMEOUT, Schemas, wait_for
from tests.harness.guests import Guests
from tests.harness.servers import Server

HOUR, DAY = 3_600, 86_400
WISHED = "You would like to meet again."
AGREED = "You both want to meet again"


@pytest.fixture(scope="module")
def clock(tmp_path_factory: pytest.TempPathFactory) -> Clock:
    """The server's, and nobody else's."""
    return Clock(tmp_path_factory.mktemp("clock") / "offset")


@pytest.fixture(scope="module")
def server(launch: Launch, clock: Clock) -> Server:
    return launch("run.py", **clock.settings)


@pytest.fixture(scope="module")
def schemas(server: Server) -> Schemas:
    return Schemas(server.url)


Jump = Callable[[int], None]


@pytest.fixture
def jump(clock: Clock, server: Server) -> Iterator[Jump]:
    """Move the server's clock by so many seconds, and see that it has; afterwards it is today."""

    def there(offset: int) -> bool:
        date = requests.get(f"{server.url}/metrics", timeout=TIMEOUT).headers["Date"]
        return abs(parsedate_to_datetime(date).timestamp() - time.time() - offset) < HOUR

    def jump(offset: int) -> None:
        clock.jump_to(offset)
        wait_for(lambda: there(offset), "the jump of the clock")

    yield jump
    jump(0)


def known(visitor: Visitor) -> Locator:
    """The strangers whom the start page offers to meet again."""
    return visitor.page.get_by_role("button", name=re.compile("^(Text|Video) chat of "))


def test_both_have_to_wish_it(red: Visitor, blue: Visitor) -> None:
    meet(red, blue)
    red.press("Meet again")
    red.is_told(WISHED)
    red.write("Good bye")
    blue.reads("Good bye")
    for sentence in (WISHED, AGREED):
        expect(blue.page.get_by_text(sentence)).to_have_count(0)
    red.press("Stop")
    blue.is_told("The stranger left.")
    red.press("Start page")
    blue.press("Start page")
    for visitor in (red, blue):
        visitor.arrive()
        expect(known(visitor)).to_have_count(0)


def test_who_would_meet_again_does_so_the_next_day(
    red: Visitor, blue: Visitor, visit: Visit, jump: Jump
) -> None:
    meet(red, blue, "Video chat")
    red.press("Meet again")
    blue.press("Meet again")
    for visitor in (red, blue):
        visitor.is_told(AGREED)
    red.press("Stop")
    for visitor in (red, blue):
        visitor.press("Start page")
    jump(DAY)
    somebody = visit("none")
    somebody.begin("Video chat")
    somebody.waits()
    for visitor in (red, blue):
        visitor.arrive()
        known(visitor).click()
    see_each_other(red, blue)
    somebody.waits()
    red.write("Here we are")
    blue.reads("Here we are")
    blue.press("Next")
    red.is_told("The stranger left.")


def test_it_is_not_too_late_on_the_last_screen(red: Visitor, blue: Visitor) -> None:
    meet(red, blue)
    red.press("Meet again")
    red.press("Next")
    red.waits()
    blue.is_told("The stranger left.")
    blue.press("Meet again")
    blue.is_told(AGREED)
    red.press("Cancel")
    blue.press("Start page")
    for visitor in (red, blue):
        visitor.arrive()
        expect(known(visitor)).to_have_count(1)
        visitor.page.get_by_role("button", name=re.compile("^Forget: Text chat of ")).click()
        expect(known(visitor)).to_have_count(0)
        visitor.arrive()
        expect(known(visitor)).to_have_count(0)


def test_a_wish_survives_a_reload_and_a_token_does_not_last_for_ever(
    red: Visitor, guests: Guests, jump: Jump
) -> None:
    stranger = guests.rest()
    meet_by_http(red, stranger)
    red.press("Meet again")
    red.is_told(WISHED)
    red.reload()
    red.is_told(WISHED)
    stranger.post("/meet_again", {"session_id": stranger.session_id})
    red.is_told(AGREED)
    stranger.leave()
    red.press("Start page")
    jump(31 * DAY)
    known(red).click()
    red.is_told("That meeting was too long ago.")
    expect(known(red)).to_have_count(0)
