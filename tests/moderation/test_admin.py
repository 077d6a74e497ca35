"""The moderators' pages, and those who would like to be moderators without being asked."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.security import generate_password_hash

from bench.environments import runtime_python
from rendezvous.moderation import appeals, bans, reports, trust
from rendezvous.moderation.addresses import AddressHashes
from rendezvous.moderation.admin import login, passwords
from rendezvous.moderation.admin.app import AdminSettings, create_admin
from rendezvous.moderation.admin.people import create
from rendezvous.moderation.admin.yearly import as_csv
from rendezvous.moderation.database import Database
from rendezvous.moderation.models import Ban, Entry, Moderator, Report, Warned
from tests.harness.servers import ROOT
from tests.moderation.moderator import PASSWORD, Browser
from tests.moderation.papers import filed, picture
from tests.runtime.programs import environment

HASHES = AddressHashes("secret", 2_592_000)
CHEAP = "scrypt:1024:8:1"
OPEN = {"/login", "/static/<path:filename>"}


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """What makes passwords dear to guess would make these tests slow."""
    monkeypatch.setattr(passwords, "METHOD", CHEAP)
    monkeypatch.setattr(passwords, "NOBODY", generate_password_hash("nobody's", CHEAP))


@pytest.fixture
def app(database: Database, url: str) -> Iterator[Flask]:
    """The pages, with an admin and a moderator."""
    with database.session() as session:
        create(session, "mia", PASSWORD, "admin", "the test")
        create(session, "max", PASSWORD, "moderator", "the test")
    app = create_admin(AdminSettings("secret", url, HASHES, trust.Terms()))
    yield app
    app.extensions["database"].close()


@pytest.fixture
def guest(app: Flask) -> Browser:
    return Browser(app)


@pytest.fixture
def mia(guest: Browser) -> Browser:
    """An admin who has logged in."""
    assert "Log out" in guest.log_in().text
    return guest


@pytest.fixture
def report(database: Database) -> int:
    """The number of a report with everything in it."""
    paper = filed(comment="{{7*7}}<script>alert(1)</script>", screenshot=picture("JPEG"))
    with database.session() as session:
        reports.store(session, paper, trust.Terms())
        return session.scalars(select(Report.id)).one()


def test_where_there_is_nobody_yet_it_says_how_to_make_somebody(url: str) -> None:
    app = create_admin(AdminSettings("secret", url, HASHES, trust.Terms()))
    assert "python -m rendezvous admin create" in Browser(app).get("/").text
    app.extensions["database"].close()


def test_the_command_line_makes_the_first_one(tmp_path: Path, url: str) -> None:
    settings = {"DATABASE_URL": url, "DATA_DIR": str(tmp_path)}

    def rendezvous(*words: str, say: str = "") -> subprocess.CompletedProcess[str]:
        command = [runtime_python(), "-m", "rendezvous", "admin", *words]
        return subprocess.run(
            command, cwd=ROOT, env=environment(**settings), input=say, text=True,
            capture_output=True, timeout=60, check=False,
        )  # fmt: skip

    assert rendezvous("create", "mia", "--role", "admin", say=PASSWORD).returncode == 0
    again = rendezvous("create", "mia", say=PASSWORD)
    assert (again.returncode, again.stderr) == (
        1,
        "rendezvous: There is somebody of that name already.\n",
    )
    assert rendezvous("list").stdout == "mia\tadmin\tactive\n"


def test_no_page_is_open_to_who_has_not_logged_in(app: Flask, guest: Browser) -> None:
    for rule in app.url_map.iter_rules():
        path = rule.rule.replace("<int:number>", "1").replace("<path:filename>", "x")
        if rule.rule in OPEN or rule.endpoint in login.OPEN:
            continue
        assert guest.get(path).request.path in ("/login", path.rstrip("/")), path
        assert "Log out" not in guest.page
        if "POST" in (rule.methods or ()):
            assert guest.post(path, id="1").status_code in (400, 403, 405)


@pytest.mark.parametrize("limit", ["IDLE", "LONGEST"])
def test_a_login_does_not_last_for_ever(
    mia: Browser, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr(login, limit, -1)
    assert mia.get("/").request.path == "/login"


def test_an_address_that_tries_many_names_is_slowed_down_too(app: Flask) -> None:
    guesser = Browser(app)
    answers = [guesser.log_in(name=f"name {n}").status_code for n in range(21)]
    assert answers == [401] * 20 + [429]


def test_the_pages_run_no_script_but_their_own_and_nothing_of_others(
    mia: Browser, report: int
) -> None:
    for path in ("/", "/reports/", f"/reports/details/?id={report}", "/people/", "/yearly/"):
        answer = mia.get(path)
        policy = answer.headers["Content-Security-Policy"]
        nonce = policy.partition("'nonce-")[2].partition("'")[0]
        assert nonce
        assert answer.text.count("<script") == answer.text.count(f'<script nonce="{nonce}"')
        assert "unsafe" not in policy
        assert "//" not in policy
        assert ' style="' not in answer.text
        assert answer.headers["Cache-Control"] == "no-store"


def test_a_screenshot_is_a_picture_for_moderators_only(
    app: Flask, mia: Browser, report: int
) -> None:
    answer = mia.get(f"/reports/screenshot/{report}")
    assert answer.content_type == "image/jpeg"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert Browser(app).get(f"/reports/screenshot/{report}").request.path == "/login"


@pytest.mark.parametrize(
    ("action", "state"), [("dismiss", "dismissed"), ("warn", "warned"), ("ban", "banned")]
)
def test_one_click_decides(
    mia: Browser, report: int, database: Database, action: str, state: str
) -> None:
    mia.get(f"/reports/details/?id={report}")
    assert mia.post("/reports/decide", id=str(report), action=action).status_code == 200
    with database.session() as session:
        found = session.scalars(select(Report)).one()
        assert (found.state, found.decided_by) == (state, "mia")
        assert session.scalar(select(func.count()).select_from(Warned)) == (action == "warn")
        assert session.scalar(select(func.count()).select_from(Ban)) == (action == "ban")
        assert session.scalar(select(Entry).where(Entry.who == "mia", Entry.about != ""))
    mia.get("/reports/")
    assert "already" in mia.post("/reports/decide", id=str(report), action=action).text


def test_bans_are_made_and_lifted_by_hand(mia: Browser, database: Database) -> None:
    mia.get("/bans/")
    for kind, subject in (("network", "0.0.0.0/0"), ("address", "nowhere"), ("visitor", "")):
        mia.post("/bans/add", kind=kind, subject=subject, reason="x", days="1")
    mia.post("/bans/add", kind="address", subject="198.51.100.7", reason="Spam", days="")
    with database.session() as session:
        ban = session.scalars(select(Ban)).one()
        assert ban.subject == HASHES.of("198.51.100.7")
        assert ban.until is not None  # because addresses change hands
    assert "198.51.100.7" not in mia.get(f"/bans/details/?id={ban.id}").text
    mia.post("/bans/lift", id=str(ban.id))
    with database.session() as session:
        assert bans.sentences(session) == []


def test_an_appeal_is_answered(mia: Browser, database: Database) -> None:
    with database.session() as session:
        reference = bans.ban(session, "visitor", "bob", "Be kind", None, "max").reference
    with database.session() as session:
        appeals.appeal(session, reference, "<b>It was not me</b>")
    assert "&lt;b&gt;" in mia.get("/appeals/details/?id=1").text
    mia.post("/appeals/decide", id="1", action="grant", answer="We were wrong")
    with database.session() as session:
        sentence, lifted = appeals.standing(session, reference)
        assert (sentence.appeal, sentence.answer, lifted) == ("granted", "We were wrong", True)


def test_moderators_do_not_make_moderators(app: Flask) -> None:
    guest = Browser(app)
    guest.log_in("max")
    assert guest.get("/people/").status_code == 403
    guest.get("/")
    form: dict[str, Any] = {"name": "eve", "password": PASSWORD, "role": "admin"}
    assert guest.post("/people/add", **form).status_code == 403
    guest.get("/")
    assert guest.post("/people/toggle", id="1").status_code == 403


def test_a_closed_account_is_out_at_once(app: Flask, mia: Browser, database: Database) -> None:
    other = Browser(app)
    other.log_in("max")
    with database.session() as session:
        number = session.scalars(select(Moderator.id).where(Moderator.name == "max")).one()
    mia.get("/people/")
    mia.post("/people/toggle", id=str(number))
    assert other.get("/").request.path == "/login"
    assert other.log_in("max").status_code == 401


@pytest.mark.parametrize("password", ["short", "x" * 201])
def test_passwords_are_neither_short_nor_endless(mia: Browser, password: str) -> None:
    mia.get("/people/")
    form: dict[str, Any] = {"name": "eve", "password": password, "role": "moderator"}
    assert "12 to 200" in mia.post("/people/add", **form).text


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_cell_of_the_figures_is_a_formula(cell: str) -> None:
    row = as_csv(2026, [(cell, 3)]).splitlines()[1]
    assert row.split(",")[1].lstrip('"').startswith("'")


def test_the_figures_of_a_year_are_there_to_take_away(mia: Browser, report: int) -> None:
    mia.get(f"/reports/details/?id={report}")
    mia.post("/reports/decide", id=str(report), action="dismiss")
    rows = mia.get("/yearly/figures.csv").text.splitlines()
    assert rows[0] == "year,what,count"
    assert {row.split(",", 1)[1] for row in rows} >= {"dismiss,1", "report harassment,1"}
