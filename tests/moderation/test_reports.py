"""Reports, what follows from them by itself, and what moderators make of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from rendezvous.moderation import appeals, bans, reports, retention
from rendezvous.moderation.database import Database
from rendezvous.moderation.models import Appeal, Ban, Block, Entry, Report, State, Warned, now
from rendezvous.moderation.spool import Filed
from rendezvous.moderation.trust import Terms
from rendezvous.refusals import Refused
from tests.moderation.papers import filed

TERMS = Terms(threshold=3, age=86_400, suspension=3_600)


def store(database: Database, *papers: Filed) -> None:
    for paper in papers:
        with database.session() as session:
            reports.store(session, paper, TERMS)


def banned(database: Database) -> set[str]:
    with database.session() as session:
        return {each.subject for each in bans.sentences(session)}


def test_a_report_is_stored_once(database: Database) -> None:
    paper = filed(comment="'; DROP TABLE reports; --", screenshot=b"\xff\xd8")
    store(database, paper, paper)
    with database.session() as session:
        report = session.scalars(select(Report)).one()
        assert (report.comment, report.screenshot) == (paper.comment, paper.screenshot)
        assert report.evidence == paper.evidence
        assert report.made_at == paper.made_at


def test_three_trusted_people_suspend_somebody_for_a_time(database: Database) -> None:
    store(database, filed("ann"), filed("cleo"))
    assert banned(database) == set()
    store(database, filed("dora"))
    assert banned(database) == {"bob"}
    store(database, filed("eve"))
    with database.session() as session:
        (ban,) = session.scalars(select(Ban))
        assert ban.automatic
        assert ban.until is not None
        assert ban.until - now() <= timedelta(hours=1)


def test_a_brigade_of_new_visitors_suspends_nobody(database: Database) -> None:
    store(database, *(filed(f"visitor {number}", days=0.5) for number in range(20)))
    assert banned(database) == set()


def test_a_brigade_at_one_address_suspends_nobody(database: Database) -> None:
    crowd = (filed(f"visitor {number}", reporter_address="1:school") for number in range(20))
    store(database, *crowd)
    assert banned(database) == set()


def test_reports_that_were_spread_over_weeks_do_not_add_up(database: Database) -> None:
    old = now() - timedelta(days=8)
    store(database, filed("ann", made_at=old), filed("cleo", made_at=old), filed("dora"))
    assert banned(database) == set()


def test_dismissing_lifts_a_suspension_and_costs_the_reporters_weight(database: Database) -> None:
    store(database, filed("ann"), filed("cleo"), filed("dora"))
    with database.session() as session:
        for report in session.scalars(select(Report)):
            reports.dismiss(session, report, "mia", TERMS)
    assert banned(database) == set()
    store(database, *(filed(name, target="bill") for name in ("ann", "cleo", "dora")))
    assert banned(database) == set()
    with database.session() as session:
        weights = session.scalars(select(Report.weight).where(Report.target == "bill"))
        assert all(weight < 1 for weight in weights)


def test_a_ban_settles_the_other_reports_too(database: Database) -> None:
    store(database, filed("ann"), filed("cleo"), filed("ann", target="bill"))
    with database.session() as session:
        report = session.scalars(select(Report).where(Report.reporter == "cleo")).one()
        reports.ban(session, report, "mia", "Be kind", None, ["visitor", "address"])
    assert banned(database) == {"bob", "1:bob"}
    with database.session() as session:
        states = {(each.target, each.state) for each in session.scalars(select(Report))}
        assert states == {("bob", "banned"), ("bill", "open")}
        assert {"ban visitor", "ban address", "uphold"} <= set(session.scalars(select(Entry.what)))


def test_a_warning_waits_for_its_visitor(database: Database) -> None:
    store(database, filed())
    with database.session() as session:
        reports.warn(session, session.scalars(select(Report)).one(), "mia")
    with database.session() as session:
        assert session.scalars(select(Warned)).one().visitor == "bob"


def test_every_worker_can_see_that_something_has_changed(database: Database) -> None:
    def version() -> int:
        with database.session() as session:
            return session.scalars(select(State.version)).one()

    before = version()
    with database.session() as session:
        ban = bans.ban(session, "visitor", "bob", "Be kind", None, "mia")
    made = version()
    with database.session() as session:
        bans.lift(session, session.merge(ban), "mia")
    assert before < made < version()


def test_an_appeal_is_made_once_and_a_granted_one_lifts_the_ban(database: Database) -> None:
    with database.session() as session:
        reference = bans.ban(session, "visitor", "bob", "Be kind", None, "mia").reference
    with database.session() as session:
        assert appeals.appeal(session, reference, "It was not me").appeal == "open"
    with database.session() as session, pytest.raises(Refused, match="already_appealed"):
        appeals.appeal(session, reference, "Really")
    with database.session() as session:
        appeals.decide(session, session.scalars(select(Appeal)).one(), "max", "Right", granted=True)
    with database.session() as session:
        sentence, lifted = appeals.standing(session, reference)
        assert (sentence.appeal, sentence.answer, lifted) == ("granted", "Right", True)
    assert banned(database) == set()
    with database.session() as session, pytest.raises(Refused, match="ban_not_found"):
        appeals.standing(session, "SOMETHINGELSE")


def test_what_is_old_enough_is_deleted_and_nothing_else(database: Database) -> None:
    old = now() - timedelta(days=91)
    store(database, filed(made_at=old), filed())
    with database.session() as session:
        over = bans.ban(session, "visitor", "bob", "Be kind", old, "mia")
        over.appeal = Appeal(text="Please")
        bans.ban(session, "visitor", "bill", "Be kind", None, "mia")
        session.add(Block(visitor="ann", blocked="bob", made_at=now() - timedelta(days=367)))
        session.add(Block(visitor="ann", blocked="bill"))
    with database.session() as session:
        assert retention.purge(session, 90 * 86_400) == 3
    with database.session() as session:
        for kind, left in ((Report, 1), (Ban, 1), (Appeal, 0), (Block, 1)):
            assert session.scalar(select(func.count()).select_from(kind)) == left
