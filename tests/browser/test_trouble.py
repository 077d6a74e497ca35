"""Trouble between a page and the server: it goes on by itself, or says what is the matter."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import expect

from tests.browser.between import Between
from tests.browser.conftest import Visit
from tests.browser.meetings import meet, meet_by_http, see_each_other
from tests.browser.visitor import Visitor
from tests.harness.clients import Json, RestClient, wait_for
from tests.harness.link import Link
from tests.harness.servers import Server

OUTAGE = 5  # s; longer than this server takes to notice, within its grace
HELD_UP = 1_500  # ms; shorter than that
TOO_FAST = "You are going faster than this server allows."


@pytest.fixture(scope="module")
def server(shared: Server) -> Server:
    return shared


def heard(stranger: RestClient) -> list[str]:
    return [message["text"] for message in stranger.receive()["messages"]]


def test_a_link_that_stands_still_is_replaced(link: Link, visit: Visit, blue: Visitor) -> None:
    red = visit("red", at=link.url)
    meet(red, blue, "Video chat")
    see_each_other(red, blue)
    ids = [red.session_id(), blue.session_id()]
    end = time.monotonic() + OUTAGE
    link.freeze()
    red.write("Into the ice")
    blue.write("Onto the ice")
    red.is_told("You lost the connection. Reconnecting")
    blue.is_told("The stranger lost the connection")
    red.page.wait_for_timeout(max(0, end - time.monotonic()) * 1_000)  # because it lasts so long
    link.mend()
    red.reads("Into the ice", "Onto the ice")
    blue.reads("Onto the ice", "Into the ice")
    for visitor in (red, blue):
        visitor.is_told("Connected")
    see_each_other(red, blue)
    assert [red.session_id(), blue.session_id()] == ids


def test_a_lost_link_is_taken_up_again(red: Visitor, blue: Visitor) -> None:
    meet(red, blue)
    ids = [red.session_id(), blue.session_id()]
    end = time.monotonic() + OUTAGE
    red.context.set_offline(True)
    red.is_told("You lost the connection. Reconnecting")
    red.write("Written offline")
    blue.write("Written to nobody")
    blue.is_told("The stranger lost the connection")
    red.page.wait_for_timeout(max(0, end - time.monotonic()) * 1_000)  # because it lasts so long
    red.context.set_offline(False)
    for visitor in (red, blue):
        visitor.reads("Written offline")
        visitor.reads("Written to nobody")
    assert [red.session_id(), blue.session_id()] == ids


def test_a_link_that_stands_still_for_a_moment_is_kept(
    link: Link, visit: Visit, stranger: RestClient
) -> None:
    red = visit("red", at=link.url)
    meet_by_http(red, stranger)
    sockets = len(red.sockets)
    link.freeze()
    red.write("One")
    stranger.send("Two")
    red.page.wait_for_timeout(HELD_UP)  # because it lasts so long
    link.mend()
    red.reads("One", "Two")
    expect(red.page.locator(".bubble.you.sent")).to_have_count(1)
    assert heard(stranger) == ["One"]
    assert len(red.sockets) == sockets


def test_a_server_that_knows_nothing_ends_the_chat_and_not_the_search(
    link: Link, visit: Visit, stranger: RestClient, alone: Server
) -> None:
    red, seeker = visit("red", at=link.url), visit("blue", at=link.url)
    meet_by_http(red, stranger)
    red.write("Remember me")
    seeker.begin()
    seeker.waits()
    before = seeker.session_id()
    stranger.sessions.append(str(before))  # so that somebody ends it
    link.target = alone.port
    link.reset()
    red.is_told("The chat is over. The server could not take it up again.")
    seeker.until(lambda: seeker.session_id() not in (None, before), seeker.describe)
    red.press("Next")
    for visitor in (red, seeker):
        visitor.is_chatting()
    red.write("Hello")
    seeker.reads("Hello")


def test_a_search_that_has_to_wait_can_be_cancelled(red: Visitor, server: Server) -> None:
    between = Between(red.page)
    between.refuse("start", {"code": "rate_limited", "retry_after": 60})
    red.begin()
    red.is_told(TOO_FAST)
    red.press("Cancel")
    expect(red.button("Text chat")).to_be_visible()
    red.press("Text chat")
    red.waits()
    assert server.health()["online"] == 1


def test_what_is_not_kept_any_more_is_not_passed_over_in_silence(
    red: Visitor, stranger: RestClient
) -> None:
    meet_by_http(red, stranger)
    stranger.send("Early")
    red.reads("Early")
    red.reload()  # by which the server knows that it need not keep this
    red.is_told("Connected")
    # When the page has gone that would write it anew, and before the next one reads it.
    red.page.add_init_script(
        """
          const saved = JSON.parse(sessionStorage.getItem("rendezvous.chat"));
          const state = { ...saved.state, messages: [] };
          sessionStorage.setItem("rendezvous.chat", JSON.stringify({ ...saved, state, last: 0 }));
        """
    )
    red.reload()
    red.is_told("Some messages may be missing here.")
    stranger.send("Late")
    red.reads("Late")
    red.write("Answer")
    red.until(lambda: heard(stranger) == ["Answer"], lambda: "the message arrives")


def test_a_reload_in_the_moment_of_next_does_not_lead_back(
    red: Visitor, stranger: RestClient
) -> None:
    between = Between(red.page)
    meet_by_http(red, stranger)
    before = red.session_id()
    between.swallow("start", "leave_session")
    red.press("Next")
    red.until(lambda: between.asked["start"][1:], lambda: "start is asked again")
    between.restore()
    red.reload()
    red.waits()
    assert red.session_id() != before
    events: list[Json] = []

    def has_left() -> bool:
        events.extend(stranger.receive()["events"])
        return any(each["event"] == "partner_disconnected" for each in events)

    wait_for(has_left, "the stranger's news")
    assert events[-1]["data"]["reason"] == "left"
