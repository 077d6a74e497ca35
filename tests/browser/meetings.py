"""How the people of a test come together."""

from __future__ import annotations

from tests.browser.visitor import Visitor
from tests.harness.clients import RestClient
from tests.video.pictures import BLUE, RED


def meet(one: Visitor, other: Visitor, kind: str = "Text chat") -> None:
    """Two in front of browsers, from the start screen on until they can write."""
    one.begin(kind)
    one.waits()
    other.begin(kind)
    for visitor in (one, other):
        visitor.is_chatting()


def meet_by_http(visitor: Visitor, stranger: RestClient) -> None:
    """One in front of a browser, and one who writes by HTTP."""
    visitor.begin()
    visitor.waits()
    stranger.start()
    visitor.is_chatting()


def see_each_other(red: Visitor, blue: Visitor) -> None:
    """Until both see the other one."""
    red.sees(BLUE)
    blue.sees(RED)
