"""What the page does for who is looking elsewhere, keeps something, or is here twice."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Visit
from tests.browser.meetings import meet_by_http
from tests.browser.visitor import Visitor
from tests.harness.clients import RestClient

AWAY = "https://example.com/"


def test_who_looks_elsewhere_is_called_by_the_title_and_a_sound(
    red: Visitor, stranger: RestClient
) -> None:
    meet_by_http(red, stranger)
    stranger.send("Seen")
    red.reads("Seen")
    assert (red.page.title(), red.witnessed("tones")) == ("Rendezvous", 0)
    red.hide()
    for number in (1, 2):
        stranger.send(f"Unseen {number}")
        expect(red.page).to_have_title(f"({number}) Rendezvous")
        red.until(lambda: red.witnessed("tones") == 2 * number, lambda: "it sounds")  # noqa: B023
    red.write("One's own calls nobody")
    red.hide(False)
    expect(red.page).to_have_title("Rendezvous")


def test_a_transcript_is_saved_as_it_was_said(red: Visitor, stranger: RestClient) -> None:
    meet_by_http(red, stranger)
    expect(red.button("Save transcript")).to_be_disabled()
    stranger.send("Hello \u202eolleh")
    red.reads("Hello olleh")
    red.write("Two\nlines, ünïcode <b>")
    expect(red.page.locator(".bubble.you.sent")).to_have_count(1)
    with red.page.expect_download() as download:
        red.press("Save transcript")
    assert re.fullmatch(r"chat-\d{4}-\d\d-\d\dT\d\d-\d\d\.txt", download.value.suggested_filename)
    title, empty, *said = Path(download.value.path()).read_text(encoding="utf-8").splitlines()
    assert title.startswith("Rendezvous, ")
    assert empty == ""
    assert [re.sub(r"^\[[^\]]+\] ", "", line) for line in said] == [
        "Stranger: Hello olleh",
        "You: Two",
        "lines, ünïcode <b>",
    ]
    stranger.leave()
    red.is_told("The stranger left.")
    expect(red.button("Save transcript")).to_be_enabled()


def test_a_link_opens_away_from_here_and_tells_nothing(red: Visitor, stranger: RestClient) -> None:
    def answer(route: Route) -> None:
        route.fulfill(content_type="text/html", body="<title>Elsewhere</title>")

    red.context.route(f"{AWAY}**", answer)
    meet_by_http(red, stranger)
    stranger.send(f"See {AWAY}way?a=b")
    red.log.get_by_role("link").click()
    with red.context.expect_page() as opened:
        red.page.get_by_role("dialog").get_by_role("link", name="Open").click()
    expect(opened.value).to_have_title("Elsewhere")
    assert opened.value.url == f"{AWAY}way?a=b"
    assert opened.value.evaluate("[window.opener, document.referrer]") == [None, ""]
    opened.value.close()
    expect(red.page.get_by_role("dialog")).to_have_count(0)
    red.is_chatting()


def test_the_language_is_the_browsers_or_the_chosen_one(visit: Visit) -> None:
    visitor = visit(locale="de-AT")
    visitor.page.goto(f"{visitor.url}/chat")
    expect(visitor.button("Textchat")).to_be_visible()
    visitor.press("English")
    expect(visitor.button("Text chat")).to_be_visible()
    visitor.reload()
    expect(visitor.button("Text chat")).to_be_visible()
    assert visitor.page.evaluate("document.documentElement.lang") == "en"
    visitor.press("Deutsch")
    for box in visitor.page.get_by_role("checkbox").all():
        box.check()
    visitor.press("Textchat")
    expect(visitor.page.get_by_role("heading", name="Wir suchen jemanden")).to_be_visible()
    visitor.press("Abbrechen")
    assert visitor.page.evaluate("document.documentElement.lang") == "de"


def test_a_chat_goes_over_to_another_tab_and_back(red: Visitor, stranger: RestClient) -> None:
    meet_by_http(red, stranger)
    stranger.send("One")
    red.reads("One")
    with red.page.expect_popup() as opened:  # which is given a copy of what this tab keeps
        red.page.evaluate("void window.open(location.href)")
    other: Page = opened.value
    expect(other.get_by_role("log").get_by_text("One")).to_be_visible()
    red.is_told("This chat goes on in another tab.")
    expect(red.box).to_be_disabled()
    stranger.send("Two")
    expect(other.get_by_role("log").get_by_text("Two")).to_be_visible()
    red.press("Use it here")
    red.reads("One", "Two")
    red.is_chatting()
    expect(other.get_by_role("status").filter(has_text="in another tab").first).to_be_visible()
    red.write("Three")
    expect(red.page.locator(".bubble.you.sent")).to_have_count(1)
    assert [each["text"] for each in stranger.receive()["messages"]] == ["Three"]
    other.close()
