"""Reports and blocks, from the form on the page to what the moderators have in the end."""

from __future__ import annotations

from io import BytesIO

from PIL import Image
from playwright.sync_api import Locator, expect
from sqlalchemy import select
from sqlalchemy.orm import undefer

from rendezvous.moderation.database import Database
from rendezvous.moderation.models import Block, Report
from tests.browser.between import Between
from tests.browser.meetings import meet, meet_by_http
from tests.browser.visitor import Visitor
from tests.harness.clients import RestClient, wait_for
from tests.video.pictures import BLUE

NEVER_AGAIN = "You will not be introduced to each other again"


def hear(visitor: Visitor, stranger: RestClient) -> None:
    meet_by_http(visitor, stranger)
    stranger.send("boo")
    visitor.reads("boo")


def form_of(visitor: Visitor) -> Locator:
    visitor.press("Report")
    return visitor.page.get_by_role("dialog", name="Report the stranger")


def reports(database: Database) -> list[Report]:
    with database.session() as session:
        every = session.scalars(select(Report).options(undefer(Report.screenshot)))
        return list(every.all())


def reported(database: Database) -> Report:
    """The only report, when it is there."""
    wait_for(lambda: reports(database), "the report in the database")
    (report,) = reports(database)
    return report


def test_a_report_reaches_the_moderators_and_ends_the_chat(
    red: Visitor, stranger: RestClient, database: Database
) -> None:
    hear(red, stranger)
    form = form_of(red)
    form.get_by_role("button", name="Send report").click()
    red.is_told("Please choose a reason.")
    form.get_by_label("Harassment or bullying").check()
    form.get_by_label("In your own words").fill("  Boo is not a greeting. ")
    form.get_by_role("button", name="Send report").click()
    expect(form).to_contain_text("The moderators have your report.")
    reference = form.locator(".reference").inner_text()
    form.get_by_role("button", name="Close").last.click()
    red.is_told("You left the chat.")
    red.is_told(reference)
    red.is_told(NEVER_AGAIN)
    expect(red.button("Block")).to_be_disabled()
    report = reported(database)
    assert (report.reference, report.reason) == (reference, "harassment")
    assert (report.comment, report.screenshot) == ("Boo is not a greeting.", None)
    assert [line["text"] for line in report.evidence] == ["boo"]
    wait_for(lambda: stranger.receive()["disconnected"], "the end of the chat")

    def is_blocked() -> bool:
        with database.session() as session:
            return session.scalars(select(Block)).one_or_none() is not None

    wait_for(is_blocked, "the block in the database")


def test_a_report_may_come_after_the_end_and_leave_the_stranger_alone(
    red: Visitor, stranger: RestClient, database: Database
) -> None:
    hear(red, stranger)
    stranger.leave()
    red.is_told("The stranger left.")
    form = form_of(red)
    form.get_by_label("Spam or fraud").check()
    form.get_by_label("Block the stranger").uncheck()
    form.get_by_role("button", name="Send report").click()
    expect(form).to_contain_text("The moderators have your report.")
    red.page.keyboard.press("Escape")
    assert reported(database).reason == "spam"
    expect(red.page.get_by_text(NEVER_AGAIN)).to_have_count(0)
    red.press("Block")
    red.is_told(NEVER_AGAIN)


def test_a_picture_of_the_stranger_goes_along_only_if_that_is_wanted(
    red: Visitor, blue: Visitor, database: Database
) -> None:
    meet(red, blue, "Video chat")
    red.sees(BLUE)
    for number, attaches in enumerate((False, True), start=1):
        form = form_of(red)
        form.get_by_label("Something else", exact=True).check()
        form.get_by_label("Block the stranger").uncheck()
        form.get_by_label("Attach this picture").set_checked(attaches)
        form.get_by_role("button", name="Send report").click()
        expect(form).to_contain_text("The moderators have your report.")
        red.page.keyboard.press("Escape")
        wait_for(lambda: len(reports(database)) == number, "the report")  # noqa: B023
    red.is_chatting()
    nothing, shot = (each.screenshot for each in reports(database))
    assert nothing is None
    assert shot is not None
    with Image.open(BytesIO(shot)) as picture:
        dot = picture.convert("RGB").resize((1, 1)).getpixel((0, 0))
    assert isinstance(dot, tuple)
    assert dot[2] > dot[0] + 60, "it is not blue"


def test_what_did_not_arrive_is_not_said_to_have_arrived(
    red: Visitor, stranger: RestClient
) -> None:
    between = Between(red.page)
    hear(red, stranger)
    red.page.route("**/report", lambda route: route.abort())
    form = form_of(red)
    form.get_by_label("Hate").check()
    form.get_by_role("button", name="Send report").click()
    red.is_told("The report did not arrive.")
    form.get_by_role("button", name="Cancel").click()
    red.is_chatting()
    between.refuse("block", {"code": "session_not_found"})
    red.press("Block")
    red.is_told("It was too late to block the stranger.")
