"""A database that is dead, or that answers nothing, is nobody's problem but the moderators'."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
import requests
from sqlalchemy import select

from rendezvous.moderation.database import Database
from rendezvous.moderation.models import Report
from tests.conftest import Launch
from tests.harness.clients import wait_for
from tests.harness.guests import Guests
from tests.harness.postgresql import Cluster
from tests.harness.servers import Server

UP = "rendezvous_database_up"


@pytest.fixture(scope="module")
def own_cluster() -> Iterator[Cluster]:
    """One that may be stopped."""
    with Cluster() as cluster:
        yield cluster


@pytest.fixture(scope="module")
def url(own_cluster: Cluster) -> str:
    return own_cluster.new_database()


@pytest.fixture(scope="module")
def server(launch: Launch, url: str) -> Server:
    server = launch("run.py", DATABASE_URL=url)
    wait_for(lambda: server.metrics()[UP], "the first answer of the database", 30)
    return server


def references(url: str) -> set[str]:
    database = Database(url)
    try:
        with database.session() as session:
            return set(session.scalars(select(Report.reference)))
    finally:
        database.close()


def waiting(server: Server) -> float:
    return server.metrics()["rendezvous_papers_waiting"]


def chat_and_report(guests: Guests, record: Callable[[str, object], None]) -> str:
    """What strangers do; the reference of the report, and how long each message took at most."""
    ann, bob = guests.pair()
    slowest = 0.0
    for number in range(20):
        since = time.perf_counter()
        assert ann.send(str(number))["ok"]
        bob.expect("new_message")
        slowest = max(slowest, time.perf_counter() - since)
    record("slowest_message_ms", round(slowest * 1_000, 1))
    answer = ann.call("report", {"session_id": ann.session_id, "reason": "spam"})
    assert answer["ok"], answer
    return str(answer["reference"])


def test_a_report_outlives_a_dead_database(
    guests: Guests,
    own_cluster: Cluster,
    url: str,
    record_property: Callable[[str, object], None],
) -> None:
    own_cluster.stop()
    wait_for(lambda: not guests.server.metrics()[UP], "that it is noticed", 30)
    reference = chat_and_report(guests, record_property)
    wait_for(lambda: waiting(guests.server) == 1, "the spool to be counted")
    asked = requests.get(f"{guests.server.url}/appeal", params={"ban": "AAAA"}, timeout=30)
    assert asked.status_code == 503
    assert requests.get(f"{guests.server.url}/admin/login", timeout=30).status_code == 503
    own_cluster.start()
    wait_for(lambda: guests.server.metrics()[UP], "its return", 30)
    wait_for(lambda: reference in references(url), "the report in the database", 30)
    wait_for(
        lambda: not guests.server.metrics()["rendezvous_papers_waiting"], "the end of the spool"
    )


def test_a_database_that_hangs_holds_up_no_message(
    guests: Guests,
    own_cluster: Cluster,
    url: str,
    record_property: Callable[[str, object], None],
) -> None:
    with own_cluster.frozen():
        reference = chat_and_report(guests, record_property)
    wait_for(lambda: reference in references(url), "the report in the database", 60)
