"""Who is warned or banned reads why on the page, objects, and reads the answer."""

from __future__ import annotations

import time
from collections.abc import Callable

from playwright.sync_api import expect
from sqlalchemy import select

from rendezvous.moderation import appeals, bans
from rendezvous.moderation.audit import changed
from rendezvous.moderation.database import Database
from rendezvous.moderation.models import Appeal, Report, Warned
from tests.browser.conftest import Visit
from tests.browser.meetings import meet_by_http
from tests.browser.test_accessibility import must_be_accessible
from tests.browser.visitor import Visitor
from tests.harness.clients import RestClient, wait_for

TITLE = "You cannot chat here at the moment"


def met(visitor: Visitor, stranger: RestClient, database: Database) -> str:
    """Let the two meet; what the server knows the visitor by, from a report of the stranger's."""
    meet_by_http(visitor, stranger)
    stranger.post("/report", {"session_id": stranger.session_id, "reason": "spam"})

    def target() -> str | None:
        with database.session() as session:
            return session.scalars(select(Report.target)).one_or_none()

    wait_for(target, "the report in the database")
    return target() or ""


def is_turned_away(visitor: Visitor) -> None:
    expect(visitor.page.get_by_role("heading", name=TITLE)).to_be_visible()
    visitor.is_told("Please <b>be kind</b>")


def test_a_warning_a_ban_an_appeal_and_the_way_back(
    visit: Visit,
    stranger: RestClient,
    database: Database,
    record_property: Callable[[str, object], None],
) -> None:
    red = visit(reduced_motion="reduce")
    known_as = met(red, stranger, database)
    with database.session() as session:
        session.add(Warned(visitor=known_as, reason="spam"))
        changed(session)
    warning = red.page.get_by_role("dialog", name="A warning from the moderators")
    expect(warning).to_contain_text("Spam or fraud")
    warning.get_by_role("button", name="I understand").click()
    red.is_chatting()
    with database.session() as session:
        session.add(Warned(visitor=known_as, reason="hate"))
        changed(session)
    expect(warning).to_contain_text("Hate")

    with database.session() as session:
        bans.ban(session, "visitor", known_as, "Please <b>be kind</b>", None, "mia")
    since = time.monotonic()
    is_turned_away(red)
    expect(warning).to_have_count(0)
    record_property("seconds_to_close", round(time.monotonic() - since, 2))
    wait_for(lambda: stranger.receive()["disconnected"], "the end of the chat")
    must_be_accessible(red)

    red.reload()
    red.press("Text chat")
    is_turned_away(red)
    red.page.get_by_label("Why do you object?").fill("It was my brother")
    red.press("Send appeal")
    red.is_told("The moderators have your appeal.")
    must_be_accessible(red)
    with database.session() as session:
        appeal = session.scalars(select(Appeal)).one()
        assert appeal.text == "It was my brother"
        appeals.decide(session, appeal, "max", "Tell him", granted=True)
    red.hide()
    red.hide(False)  # as who comes back to see, rather than to wait for the next look
    red.is_told("You may chat again")
    red.is_told("Tell him")
    must_be_accessible(red)
    red.press("Start page")
    red.press("Text chat")
    red.waits()
