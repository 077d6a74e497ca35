"""Many who have agreed to report one person: none of their ways gets that person suspended."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

import pytest
from sqlalchemy import func, select

from rendezvous.moderation.database import Database
from rendezvous.moderation.models import Ban, Report
from tests.attacks.people import caller, somewhere
from tests.harness.clients import RestClient, wait_for
from tests.harness.guests import Guests

ENOUGH = 3  # SUSPEND_AT, as it comes: so many who are trusted
OLD = 40  # days


def reported(victim: RestClient, reporters: Sequence[RestClient], times: int = 1) -> int:
    """Each of them meets the victim and reports them; how many reports that are."""
    for reporter in reporters:
        assert victim.start()["status"] == "waiting"
        assert reporter.start()["status"] == "matched"
        for _ in range(times):
            body = {"session_id": reporter.session_id, "reason": "harassment"}
            assert reporter.post("/report", body).json()["ok"]
        reporter.leave()  # and not the victim, who would be taken for a skipper
    return len(reporters) * times


def suspensions(database: Database, victim: str, reports: int) -> int:
    """How many there are, when all reports have been weighed."""

    def weighed() -> int | None:
        with database.session() as session:
            count = select(func.count()).select_from(Report).where(Report.target == victim)
            return session.scalar(count)

    wait_for(lambda: weighed() == reports, "all reports in the database")
    with database.session() as session:
        mine = select(func.count()).select_from(Ban).where(Ban.subject == victim)
        return session.scalar(mine) or 0


@pytest.fixture
def bob() -> str:
    return secrets.token_hex(8)


def is_here(victim: RestClient) -> bool:
    return bool(victim.start()["status"] == "waiting")


def test_new_visitors_of_many_addresses_weigh_nothing(
    guests: Guests, database: Database, bob: str
) -> None:
    victim = caller(guests, bob)
    reports = reported(victim, [caller(guests) for _ in range(3 * ENOUGH)])
    assert suspensions(database, bob, reports) == 0
    assert is_here(victim)


def test_old_visitors_of_one_address_weigh_as_one(
    guests: Guests, database: Database, bob: str
) -> None:
    victim, here = caller(guests, bob), somewhere()
    brigade = [caller(guests, f"{bob}{each}", OLD, here) for each in range(2 * ENOUGH)]
    reports = reported(victim, brigade)
    assert suspensions(database, bob, reports) == 0
    assert is_here(victim)


def test_two_who_report_again_and_again_weigh_as_two(
    guests: Guests, database: Database, bob: str
) -> None:
    victim = caller(guests, bob)
    stubborn = [caller(guests, secrets.token_hex(8), OLD) for _ in range(ENOUGH - 1)]
    reports = reported(victim, stubborn, times=4)
    assert suspensions(database, bob, reports) == 0
    assert is_here(victim)


def test_who_is_reported_by_people_of_good_standing_is_suspended_and_told_how_to_object(
    guests: Guests, database: Database, bob: str
) -> None:
    victim = caller(guests, bob)
    reports = reported(victim, [caller(guests, secrets.token_hex(8), OLD) for _ in range(ENOUGH)])
    assert suspensions(database, bob, reports) == 1
    wait_for(lambda: "ban" in victim.post("/start", {}).json(), "the suspension")
    told = victim.post("/start", {}).json()["ban"]
    assert told["until"]
    assert "moderator will look" in told["reason"]
    body = {"ban": told["reference"], "text": "They have agreed to do this"}
    assert victim.post("/appeal", body).json()["ban"]["appeal"] == "open"
