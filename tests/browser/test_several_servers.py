"""Pages of several servers that share one Redis, of which one goes and the other sleeps."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.meetings import meet, see_each_other
from tests.browser.visitor import Visitor
from tests.conftest import Launch
from tests.harness.link import Links
from tests.harness.redis_server import RedisServer
from tests.harness.servers import Server

BUSY = "The server cannot do this right now."


@pytest.fixture(scope="module")
def server(shared: Server) -> Server:
    return shared


def test_a_video_chat_goes_on_when_ones_server_is_stopped(
    launch: Launch, store: RedisServer, server: Server, visit: Visit, blue: Visitor
) -> None:
    retiring = launch(REDIS_URL=store.url)
    with Links() as links:
        link = links.to(retiring.port)
        red = visit("red", at=link.url)
        meet(red, blue, "Video chat")
        see_each_other(red, blue)
        ids = [red.session_id(), blue.session_id()]
        link.target = server.port
        retiring.ask_to_stop()
        red.write("On the way")
        blue.write("Where to?")
        red.reads("On the way")
        for visitor in (red, blue):
            expect(visitor.page.locator(".bubble.you.sent")).to_have_count(1)
            expect(visitor.page.locator(".bubble.stranger")).to_have_count(1)
        assert retiring.wait() == 0
        red.write("Here again")
        blue.reads("On the way", "Here again")
        see_each_other(red, blue)
        assert [red.session_id(), blue.session_id()] == ids
        red.press("Stop")
        blue.is_told("The stranger left.")


def test_what_is_written_while_the_store_sleeps_arrives_once(
    store: RedisServer, red: Visitor, blue: Visitor
) -> None:
    meet(red, blue)
    store.freeze()
    red.write("Are you awake?")
    blue.write("I am")
    red.is_told(BUSY)
    store.thaw()
    red.reads("Are you awake?")
    for visitor in (red, blue):
        expect(visitor.page.locator(".bubble.you.sent")).to_have_count(1)
        expect(visitor.page.locator(".bubble.stranger")).to_have_count(1)
        expect(visitor.page.get_by_text(BUSY)).to_have_count(0)
