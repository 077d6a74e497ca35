"""From a report to the way back in, told once from end to end, with everybody in a browser."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from rendezvous.moderation.admin import passwords
from rendezvous.moderation.admin.people import create
from rendezvous.moderation.database import Database
from tests.browser.conftest import Browsers, Visit
from tests.harness.clients import wait_for
from tests.harness.servers import Server
from tests.moderation.moderator import PASSWORD

TITLE = "You cannot chat here at the moment"


@pytest.fixture
def mia(
    browsers: Browsers, server: Server, database: Database, monkeypatch: pytest.MonkeyPatch
) -> Page:
    """A moderator, at the form where one logs in."""
    monkeypatch.setattr(passwords, "METHOD", "scrypt:1024:8:1")  # or the test would be slow
    name = f"mia {secrets.token_hex(4)}"
    with database.session() as session:
        create(session, name, PASSWORD, "moderator", "the test")
    page = browsers("none").new_context(locale="en-US").new_page()
    page.goto(f"{server.url}/admin/")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    return page


def look_at_the_first(page: Page) -> None:
    """Open what is at the top of a list, when it has come."""
    first = page.locator("a[href*='/details/']").first
    wait_for(lambda: page.reload() and first.count(), "an entry in the list")
    first.click()


def test_report_block_ban_appeal_and_back_in(
    visit: Visit, mia: Page, record_property: Callable[[str, object], None]
) -> None:
    red, blue = visit("red"), visit("blue")
    red.begin()
    red.waits()
    blue.begin()
    red.is_chatting()
    blue.write("Boo, you fool")
    red.reads("Boo, you fool")
    red.press("Report")
    form = red.page.get_by_role("dialog", name="Report the stranger")
    form.get_by_label("Harassment or bullying").check()
    form.get_by_label("In your own words").fill("Boo is not a greeting.")
    expect(form.get_by_label("Block the stranger")).to_be_checked()
    form.get_by_role("button", name="Send report").click()
    expect(form).to_contain_text("The moderators have your report.")
    reference = form.locator(".reference").inner_text()
    blue.is_told("The stranger left.")
    blue.press("Next")
    blue.waits()

    mia.get_by_role("button", name="Log in").click()
    mia.get_by_role("link", name="Reports").first.click()
    look_at_the_first(mia)
    expect(mia.get_by_role("heading", name=reference)).to_be_visible()
    expect(mia.get_by_label("What was reported")).to_contain_text("Boo is not a greeting.")
    expect(mia.locator("li.stranger")).to_contain_text("Boo, you fool")
    mia.get_by_label("What they are told").fill("Boo is no way to talk")
    since = time.monotonic()
    mia.get_by_role("button", name="Ban").click()
    expect(blue.page.get_by_role("heading", name=TITLE)).to_be_visible()
    record_property("seconds_to_close", round(time.monotonic() - since, 2))
    blue.is_told("Boo is no way to talk")

    blue.page.get_by_label("Why do you object?").fill("It was a play")
    blue.press("Send appeal")
    blue.is_told("The moderators have your appeal.")
    mia.get_by_role("link", name="Appeals").first.click()
    look_at_the_first(mia)
    expect(mia.locator("body")).to_contain_text("It was a play")
    mia.get_by_label("What they are answered").fill("Then say so first")
    with mia.expect_navigation():
        mia.get_by_role("button", name="Grant").click()
    blue.hide()
    blue.hide(False)  # as who comes back to see, rather than to wait for the next look
    blue.is_told("You may chat again")
    blue.is_told("Then say so first")
    blue.press("Start page")
    blue.press("Text chat")
    blue.waits()
    mia.context.close()
