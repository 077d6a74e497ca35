"""Whatever strangers write is text: it runs nothing, loads nothing and stays in its place."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests.browser.corpus import CORPUS, MARKUP, TROUBLE
from tests.browser.visitor import Visitor
from tests.harness.guests import Guests
from tests.harness.servers import Server

INTERESTS = [text.replace(",", "")[:50] for text in MARKUP[:10]]  # as many and long as may be
# Elements within messages that are neither their own markup nor links.
FOREIGN = "[...document.querySelectorAll('.bubble p *:not(a)')].map((each) => each.outerHTML)"
WIDER = """[...document.querySelectorAll('.bubble')].filter((bubble) => {
  const [inner, outer] = [bubble, bubble.parentElement].map((each) => each.getBoundingClientRect());
  return bubble.scrollWidth > bubble.clientWidth || inner.left < outer.left - 1
    || inner.right > outer.right + 1;
}).map((bubble) => bubble.innerText)"""


def must_be_unharmed(visitor: Visitor, server: Server) -> None:
    """Raise if a script ran, the policy had to step in, or another origin was asked."""
    assert visitor.witnessed("executed") == []
    assert visitor.witnessed("violations") == []
    assert visitor.errors == []
    hosts = {urlsplit(url).netloc for url in visitor.requests if not url.startswith("data:")}
    assert hosts == {urlsplit(server.url).netloc}
    assert visitor.page.url.startswith(f"{server.url}/chat")


def test_no_message_is_more_than_text(red: Visitor, guests: Guests, server: Server) -> None:
    red.page.on("dialog", lambda dialog: red.errors.append(f"dialog {dialog.message}"))
    red.begin()
    red.waits()
    stranger = guests.rest()
    stranger.start()
    red.is_chatting()
    for number, text in enumerate(CORPUS):
        stranger.send(text)
        red.box.fill(text)
        red.box.press("Enter")
        expect(red.page.locator(".bubble.stranger")).to_have_count(number + 1)
        expect(red.page.locator(".bubble.you.sent")).to_have_count(number + 1)
    for side in ("stranger", "you"):
        shown = red.page.locator(f".bubble.{side} p").evaluate_all(
            "all => all.map(p => p.textContent)"
        )
        assert len(shown) == len(CORPUS)
        for text, seen in zip(CORPUS, shown, strict=True):
            assert seen == text.strip() or text in TROUBLE
    received = [message["text"] for message in stranger.receive()["messages"]]
    assert received == [text.strip() for text in CORPUS]
    assert red.page.evaluate(FOREIGN) == []
    must_be_unharmed(red, server)

    for width in (1100, 360):
        red.page.set_viewport_size({"width": width, "height": 720})
        assert red.page.evaluate(WIDER) == []
        assert red.page.evaluate("document.documentElement.scrollWidth") <= width
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", red.log.inner_text())

    red.reload()  # what is read back from storage is text, too
    expect(red.page.locator(".bubble.stranger")).to_have_count(len(CORPUS))
    assert red.page.evaluate(FOREIGN) == []
    must_be_unharmed(red, server)


def test_a_link_asks_before_it_opens(red: Visitor, guests: Guests, server: Server) -> None:
    red.begin()
    red.waits()
    stranger = guests.rest()
    stranger.start()
    stranger.send("javascript:alert(1) https://example.com/way?a=b#c, and http://xn--e1awd7f.com")
    links = red.log.get_by_role("link")
    expect(links).to_have_count(2)
    for link in links.all():
        assert set(str(link.get_attribute("rel")).split()) == {"noopener", "noreferrer", "nofollow"}
        assert str(link.get_attribute("href")).startswith(("http://", "https://"))
    links.first.click()
    dialog = red.page.get_by_role("dialog")
    expect(dialog).to_contain_text("example.com/way?a=b")
    assert dialog.get_by_role("link").get_attribute("href") == "https://example.com/way?a=b#c"
    red.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert len(red.context.pages) == 1
    must_be_unharmed(red, server)


def test_no_interest_is_more_than_text(red: Visitor, guests: Guests, server: Server) -> None:
    red.arrive()
    for interest in INTERESTS:
        red.page.get_by_label("Interests").fill(interest)
        red.page.keyboard.press("Enter")
        expect(red.button(f"Remove {interest}")).to_be_visible()
    red.consent()
    red.press("Text chat")
    red.waits()
    stranger = guests.rest()
    stranger.start(interests=INTERESTS)
    red.is_chatting()
    red.log.get_by_text(INTERESTS[0]).wait_for()
    must_be_unharmed(red, server)
    stranger.leave()
    for interest in INTERESTS:
        red.is_told(interest)
    must_be_unharmed(red, server)
    red.reload()  # they are remembered
    red.press("Start page")
    expect(red.button(f"Remove {INTERESTS[0]}")).to_be_visible()
    must_be_unharmed(red, server)
