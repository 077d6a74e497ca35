"""`/admin`: injections, forged requests, planted and stolen sessions, guessed passwords."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
import requests
from sqlalchemy import select

from rendezvous.moderation import reports, trust
from rendezvous.moderation.admin import passwords
from rendezvous.moderation.admin.people import create
from rendezvous.moderation.database import Database
from rendezvous.moderation.models import Report
from tests.attacks.moderators import Browser
from tests.attacks.people import somewhere
from tests.harness.clients import TIMEOUT
from tests.harness.servers import Server
from tests.moderation.moderator import PASSWORD
from tests.moderation.papers import filed

INJECTIONS = (
    "'; DROP TABLE reports; --",
    "{{7*7}}",
    "1\0",
    '1" OR ""="',
)
FIELDS = ("search", "sort", "page", "page_size", "flt1_0", "id", "desc", "year")
Browsers = Callable[..., Browser]


@pytest.fixture(scope="session")
def account(database: Database) -> Database:
    """A database with an admin, whose password is quick to check."""
    with pytest.MonkeyPatch.context() as cheap, database.session() as session:
        cheap.setattr(passwords, "METHOD", "scrypt:1024:8:1")
        create(session, "mia", PASSWORD, "admin", "the test")
    return database


@pytest.fixture
def browsers(server: Server, account: Database) -> Iterator[Browsers]:  # noqa: ARG001 - there is one
    """Browsers of people who know where the pages are."""
    with ExitStack() as stack:

        def opened(address: str = "") -> Browser:
            one = Browser(server, address)
            stack.callback(one.close)
            return one

        yield opened


@pytest.fixture
def mia(browsers: Browsers) -> Browser:
    """An admin who has logged in."""
    mia = browsers()
    assert "Log out" in mia.log_in().text
    return mia


@pytest.fixture
def report(account: Database) -> int:
    """The number of a report by somebody who knows about templates."""
    paper = filed(comment="{{7*7}}<script>alert(1)</script>", target=somewhere())
    with account.session() as session:
        reports.store(session, paper, trust.Terms())
        found = select(Report.id).where(Report.reference == paper.reference)
        return session.scalars(found).one()


def state(database: Database, report: int) -> str:
    with database.session() as session:
        return session.scalars(select(Report.state).where(Report.id == report)).one()


def test_a_name_and_a_password_are_nothing_else(browsers: Browsers) -> None:
    for text in INJECTIONS[:2]:  # few, because each name that nobody has is slow to refuse
        guesser = browsers()
        for name, password in ((text, PASSWORD), ("mia", text)):
            assert guesser.log_in(name, password).status_code == 401
            assert "49" not in guesser.page
        assert not guesser.is_in()


def test_what_is_asked_for_is_never_run(mia: Browser, report: int, account: Database) -> None:
    for text in INJECTIONS:
        for path in ("/reports/", "/people/", "/reports/details/", "/yearly/"):
            answer = mia.get(path, **dict.fromkeys(FIELDS, text))
            assert answer.status_code in (200, 400, 404), (path, text)
            assert "syntax" not in answer.text
        mia.get("/")
        assert mia.post("/reports/decide", id=text, action="ban").status_code in (400, 404)
    assert state(account, report) == "open"


def test_what_strangers_wrote_is_shown_as_text(mia: Browser, report: int) -> None:
    page = mia.get("/reports/details/", id=str(report)).text
    assert "{{7*7}}&lt;script&gt;" in page
    assert "<script>alert" not in page


def test_nothing_is_done_without_the_pages_own_token(
    mia: Browser, report: int, account: Database
) -> None:
    for path in ("/reports/decide", "/bans/lift", "/bans/add", "/people/add", "/logout"):
        for token in ("", "a guess"):
            form: dict[str, Any] = {"id": str(report), "action": "ban", "kind": "visitor"}
            assert mia.post(path, token=token, **form).status_code == 400
    assert state(account, report) == "open"
    assert mia.is_in()


def test_other_pages_can_do_nothing_even_with_a_token(
    mia: Browser, report: int, account: Database
) -> None:
    for headers in (
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ):
        mia.get("/reports/details/", id=str(report))
        answer = mia.post("/reports/decide", headers=headers, id=str(report), action="ban")
        assert answer.status_code == 403
        assert "Access-Control-Allow-Origin" not in answer.headers
    assert state(account, report) == "open"


def test_a_session_from_before_the_login_is_worth_nothing(browsers: Browsers) -> None:
    victim, attacker = browsers(), browsers()
    attacker.get("/login")
    planted = attacker.cookie
    assert planted
    victim.take(planted)
    victim.log_in()
    attacker.take(planted)
    assert not attacker.is_in()


def test_the_cookie_of_a_login_is_for_these_pages_and_no_others(mia: Browser) -> None:
    answer = mia.get("/")
    assert answer.headers["Cache-Control"] == "no-store"
    (cookie,) = [one for one in mia._http.cookies if one.name == "moderator"]
    assert cookie.path == "/admin"
    assert cookie.has_nonstandard_attr("HttpOnly")
    assert cookie.get_nonstandard_attr("SameSite") == "Strict"
    assert not cookie.secure
    tls = requests.get(answer.url, headers={"X-Forwarded-Proto": "https"}, timeout=TIMEOUT)
    assert "Secure" in tls.headers["Set-Cookie"]


def test_logging_out_ends_a_stolen_session_too(browsers: Browsers, mia: Browser) -> None:
    thief = browsers()
    thief.take(mia.cookie)
    assert thief.is_in()
    mia.get("/")
    mia.post("/logout")
    assert not thief.is_in()


def test_guessing_is_slowed_down_for_who_guesses_and_for_nobody_else(browsers: Browsers) -> None:
    guesser = browsers()
    answers = [guesser.log_in(password=f"{number}").status_code for number in range(6)]
    assert answers == [401] * 5 + [429]
    assert guesser.log_in().status_code == 429
    assert "Log out" in browsers().log_in().text


def test_no_forged_address_gives_more_guesses(browsers: Browsers) -> None:
    here = somewhere()
    answers = [
        browsers(f"{somewhere()}, {here}").log_in(password=f"{number}").status_code
        for number in range(6)
    ]
    assert answers == [401] * 5 + [429]
