"""The banned, who would like to be somebody else."""

from __future__ import annotations

import json
import secrets

import pytest
import requests
from sqlalchemy import select

from rendezvous.moderation import bans, reports
from rendezvous.moderation.addresses import AddressHashes
from rendezvous.moderation.database import Database
from rendezvous.moderation.models import Report
from rendezvous.safety.visitor import COOKIE
from tests.attacks.people import Headers, at, caller, somewhere
from tests.harness.clients import TIMEOUT, wait_for
from tests.harness.guests import Guests
from tests.harness.raw import CONNECT, MESSAGE
from tests.harness.servers import SETTINGS, Server
from tests.harness.visitors import known

HASHES = AddressHashes(SETTINGS["SECRET_KEY"], float(SETTINGS["ADDRESS_KEY_PERIOD"]))
CONNECT_ERROR = f"{MESSAGE}4"


def ban(database: Database, kind: str, subject: str) -> None:
    with database.session() as session:
        bans.ban(session, kind, subject, "Be kind", None, "mia")


def is_out(server: Server, headers: Headers) -> bool:
    """Whether somebody may not start; a session that they may start is ended."""
    url = server.url
    answer = requests.post(f"{url}/start", json={}, headers=headers, timeout=TIMEOUT).json()
    if "session_id" in answer:
        body = {"session_id": answer["session_id"]}
        requests.post(f"{url}/disconnect", json=body, headers=headers, timeout=TIMEOUT)
        return False
    assert answer["code"] == "banned", answer
    return True


def cannot_connect(guests: Guests, headers: Headers) -> None:
    socket = guests.raw(connect=False, headers=headers)
    socket.say(CONNECT)
    told = socket.hear()
    assert told.startswith(CONNECT_ERROR)
    assert json.loads(told.removeprefix(CONNECT_ERROR))["data"]["code"] == "banned"


def test_another_address_does_not_help_who_keeps_the_cookie(
    guests: Guests, database: Database
) -> None:
    bob = secrets.token_hex(8)
    ban(database, "visitor", bob)
    wait_for(lambda: is_out(guests.server, at(somewhere()) | known(bob)), "the ban")
    for there in (somewhere(), "2001:db8:1::1", f"{somewhere()}, {somewhere()}"):
        assert is_out(guests.server, at(there) | known(bob))
        cannot_connect(guests, at(there) | known(bob))


def test_clearing_the_cookie_does_not_help_who_is_banned_by_address(
    guests: Guests, database: Database
) -> None:
    here = somewhere()
    ann, bob = caller(guests), caller(guests, address=here)
    ann.start()
    bob.start()
    body = {"session_id": ann.session_id, "reason": "hate"}
    reference = ann.post("/report", body).json()["reference"]

    report = select(Report).where(Report.reference == reference)

    def is_there() -> bool:
        with database.session() as session:
            return session.scalars(report).one_or_none() is not None

    wait_for(is_there, "the report in the database")
    with database.session() as session:
        found = session.scalars(report).one()
        reports.ban(session, found, "mia", "Be kind", None, ["visitor", "address"])
    wait_for(lambda: is_out(guests.server, at(here)), "the ban")
    forged = {"Cookie": f"{COOKIE}=made.up.forgery"}
    for cookie in ({}, known("somebody-else"), forged, {"Cookie": f"{COOKIE}="}):
        for address in (here, f"{somewhere()}, {here}", f"::ffff:{here}", f"{here}:4711"):
            assert is_out(guests.server, at(address) | cookie)
        cannot_connect(guests, at(here) | cookie)
    assert not is_out(guests.server, at(somewhere()))


def test_changing_the_cookie_makes_nobody_another_who_was_known(
    guests: Guests, database: Database
) -> None:
    bob, ann = secrets.token_hex(8), secrets.token_hex(8)
    ban(database, "visitor", ann)
    wait_for(lambda: is_out(guests.server, at(somewhere()) | known(ann)), "the ban")
    signed = known(bob)["Cookie"].removeprefix(f"{COOKIE}=")
    _, moment, signature = signed.rsplit(".", 2)
    # Whoever could make up a cookie could have somebody else banned.
    forged = {"Cookie": f"{COOKIE}={ann}.{moment}.{signature}"}
    assert not is_out(guests.server, at(somewhere()) | forged)


@pytest.mark.parametrize("kind", ["address", "network"])
def test_hopping_within_an_ipv6_network_does_not_help(
    guests: Guests, database: Database, kind: str
) -> None:
    network = f"2001:db8:{secrets.token_hex(2)}:{secrets.token_hex(2)}"
    first = f"{network}::1"
    subject = HASHES.of(bans.address(first)) if kind == "address" else f"{network}::/64"
    ban(database, kind, subject)
    wait_for(lambda: is_out(guests.server, at(first)), "the ban")
    for end in ("::2", ":ffff::", ":1:2:3:4", "::dead:beef"):
        assert is_out(guests.server, at(network + end))
        cannot_connect(guests, at(network + end))
    assert not is_out(guests.server, at(f"2001:db8:{secrets.token_hex(2)}:1::1"))
