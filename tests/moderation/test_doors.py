"""Reports, blocks, bans and appeals as strangers meet them, over REST and over sockets."""

from __future__ import annotations

import secrets
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
import requests
import socketio
from sqlalchemy import select

from rendezvous.moderation import appeals, bans
from rendezvous.moderation.admin import passwords
from rendezvous.moderation.admin.people import create
from rendezvous.moderation.audit import changed
from rendezvous.moderation.database import Database
from rendezvous.moderation.models import Appeal, Ban, Base, Block, Report, Warned
from tests.attacks.moderators import Browser
from tests.conftest import Launch
from tests.harness.clients import wait_for
from tests.harness.guests import Guests
from tests.harness.servers import STACKS, WITH_REDIS, Server
from tests.harness.visitors import known
from tests.moderation.callers import is_turned_away, post
from tests.moderation.moderator import PASSWORD
from tests.moderation.papers import picture


@pytest.fixture(scope="module", params=[*STACKS, WITH_REDIS])
def server(request: pytest.FixtureRequest, launch: Launch) -> Server:
    """Each way of serving in turn."""
    return launch(request.param)


@pytest.fixture
def database(server: Server) -> Iterator[Database]:
    """The server's own, as another worker or a moderator has it; left empty."""
    database = Database(f"sqlite:///{server.data / 'rendezvous.db'}")
    database.prepare()
    yield database
    with database.session() as session:
        for ban in session.scalars(select(Ban)):
            bans.lift(session, ban, "mia")
        for table in ("reports", "blocks", "warnings"):
            session.execute(Base.metadata.tables[table].delete())
    database.close()
    # A ban of this address, too, would meet the next test until the server has heard of its end.
    wait_for(lambda: not is_turned_away(server), "the way back in")


@pytest.fixture
def bob() -> str:
    """A visitor whom no test before has met."""
    return secrets.token_hex(8)


def ban(database: Database, kind: str, subject: str) -> str:
    """What a moderator does; the reference."""
    with database.session() as session:
        return bans.ban(session, kind, subject, "Be kind", None, "mia").reference


def reports(database: Database) -> list[Report]:
    with database.session() as session:
        return list(session.scalars(select(Report)))


def test_a_report_brings_what_the_server_saw(guests: Guests, database: Database) -> None:
    ann, bob = guests.pair()
    bob.send("boo")
    ann.expect("new_message")
    shot = b64encode(picture("JPEG")).decode()
    answer = ann.call(
        "report",
        {
            "session_id": ann.session_id,
            "reason": "harassment",
            "comment": "rude",
            "screenshot": shot,
        },
    )
    assert answer["ok"]
    wait_for(lambda: reports(database), "the report in the database")
    (report,) = reports(database)
    assert report.reference == answer["reference"]
    assert [line["text"] for line in report.evidence] == ["boo"]
    assert report.evidence[0]["from"] == "stranger"
    assert report.target
    assert report.target != report.reporter
    with database.session() as session:
        assert (session.merge(report).screenshot or b"").startswith(b"\xff\xd8")


def test_one_may_report_after_the_end_and_twice_is_two(guests: Guests, database: Database) -> None:
    ann, bob = guests.rest_pair()
    bob.send("boo")
    bob.leave()
    body = {"session_id": ann.session_id, "reason": "spam"}
    references = {ann.post("/report", body).json()["reference"] for _ in range(2)}
    wait_for(lambda: {each.reference for each in reports(database)} == references, "both reports")


def test_a_question_is_reported_as_who_has_asked_it(guests: Guests, database: Database) -> None:
    asker, one, other = guests.socket(), guests.socket(), guests.socket()
    asker.start(question="Who is stupid?")
    other.start(discuss=True)
    one.start(discuss=True)
    for client in (one, other):
        client.expect("matched")
    asker.call("leave_session", {"session_id": asker.session_id})
    other.send("what a question")
    one.expect("unwatched")
    one.expect("new_message")
    about = {"session_id": one.session_id, "reason": "harassment"}
    assert one.call("report", {**about, "about": "question"})["ok"]
    assert one.call("report", about)["ok"]
    wait_for(lambda: len(reports(database)) == 2, "the reports")
    by_question, by_stranger = sorted(reports(database), key=lambda each: each.made_at)
    assert by_question.target != by_stranger.target
    said = [
        [(line["from"], line["text"]) for line in each.evidence]
        for each in (by_question, by_stranger)
    ]
    assert said == [
        [("stranger", "Who is stupid?"), ("other", "what a question")],
        [("asker", "Who is stupid?"), ("stranger", "what a question")],
    ]
    nobody = guests.pair()[0]
    refused = nobody.call(
        "report", {"session_id": nobody.session_id, "reason": "spam", "about": "question"}
    )
    assert refused["code"] == "invalid_request"


def test_blocking_ends_the_chat_and_is_kept(guests: Guests, database: Database) -> None:
    ann, bob = guests.pair()
    assert ann.call("block", {"session_id": ann.session_id})["ok"]
    assert bob.expect("partner_disconnected")["reason"] == "left"

    def kept() -> int:
        with database.session() as session:
            return len(session.scalars(select(Block)).all())

    wait_for(kept, "the block in the database")


def test_a_ban_closes_live_sockets_and_says_why(
    guests: Guests, database: Database, bob: str, record_property: Callable[[str, object], None]
) -> None:
    ann, other = guests.socket(), guests.raw(headers=known(bob))
    ann.start()
    other.start()
    ann.expect("matched")
    other.expect("matched")
    since = time.monotonic()
    reference = ban(database, "visitor", bob)
    told = other.expect("banned")
    other.hear_until_closed()
    record_property("seconds_to_close", round(time.monotonic() - since, 2))
    assert (told["reference"], told["reason"], told["until"]) == (reference, "Be kind", None)
    assert ann.expect("partner_disconnected")


def test_a_ban_ends_what_somebody_does_over_rest(
    guests: Guests, database: Database, bob: str
) -> None:
    ann = guests.rest()
    ann.start()
    started = post(guests.server, "/start", bob).json()
    ann.receive(wait=10)
    ban(database, "visitor", bob)
    heard = ann.receive(wait=10)
    assert [event["event"] for event in heard["events"]] == ["partner_disconnected"]
    body = {"session_id": started["session_id"], "after": 0}
    assert ann.post("/receive", body).json()["status"] == "ended"


def test_the_banned_are_turned_away_at_every_door(
    guests: Guests, database: Database, bob: str
) -> None:
    server, reference = guests.server, ban(database, "visitor", bob)
    wait_for(lambda: is_turned_away(server, bob), "the ban")
    for path in ("/start", "/start_video"):
        answer = post(server, path, bob)
        server.schemas.check_answer(path, answer)
        told = answer.json()
        assert (told["code"], told["ban"]["reference"]) == ("banned", reference)
        assert told["ban"]["reason"] == "Be kind"
    client = socketio.Client(reconnection=False)
    heard: list[Any] = []
    client.on("connect_error", heard.append)
    with pytest.raises(socketio.exceptions.ConnectionError):
        client.connect(server.url, headers=known(bob), transports=["websocket"])
    wait_for(lambda: heard, "the reason")
    assert heard[0]["data"]["ban"]["reference"] == reference
    client.disconnect()
    client.eio.ws.shutdown()  # which it leaves to the garbage collector


def test_an_appeal_is_heard_and_answered(guests: Guests, database: Database, bob: str) -> None:
    server, reference = guests.server, ban(database, "visitor", bob)
    wait_for(lambda: is_turned_away(server, bob), "the ban")
    rest = guests.rest()
    made = rest.post("/appeal", {"ban": reference, "text": "It was my brother"}).json()
    assert made["ban"]["appeal"] == "open"
    again = rest.post("/appeal", {"ban": reference, "text": "Please"})
    assert (again.status_code, again.json()["code"]) == (409, "already_appealed")
    with database.session() as session:
        appeal = session.scalars(select(Appeal)).one()
        appeals.decide(session, appeal, "max", "So be it", granted=True)
    found = requests.get(f"{server.url}/appeal", params={"ban": reference}, timeout=20).json()
    assert (found["ban"]["answer"], found["lifted"]) == ("So be it", True)
    wait_for(lambda: not is_turned_away(server, bob), "the way back in")
    for path in ("/appeal", "/appeal?ban=AAAA"):
        assert requests.get(server.url + path, timeout=20).status_code in (400, 404)


def test_a_warning_is_said_now_or_at_the_next_start(
    guests: Guests, database: Database, bob: str
) -> None:
    here = guests.raw(headers=known(bob))
    with database.session() as session:
        session.add(Warned(visitor=bob, reason="spam"))
        session.add(Warned(visitor=bob + "2", reason="hate"))
        changed(session)
    assert here.expect("warned") == {"reason": "spam"}
    later = guests.raw(headers=known(bob + "2"))
    later.start()
    assert later.expect("warned") == {"reason": "hate"}

    def said() -> bool:
        with database.session() as session:
            return all(session.scalars(select(Warned.said_at)))

    wait_for(said, "the end of both warnings")


def test_who_calls_hears_a_warning_with_the_next_answer_and_does_not_wait_for_it(
    guests: Guests, database: Database, bob: str
) -> None:
    rest = guests.rest(headers=known(bob))
    rest.start()
    with database.session() as session:
        session.add(Warned(visitor=bob, reason="spam"))
        changed(session)
    assert rest.receive(wait=20)["warnings"] == ["spam"]
    assert "warnings" not in rest.receive()


def test_a_moderator_bans_on_the_page_and_the_live_socket_closes(
    guests: Guests, database: Database, bob: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, name = guests.server, f"mia {bob}"
    monkeypatch.setattr(passwords, "METHOD", "scrypt:1024:8:1")  # or the test would be slow
    with database.session() as session:
        create(session, name, PASSWORD, "moderator", "the test")
    ann, other = guests.socket(), guests.raw(headers=known(bob))
    ann.start()
    other.start()
    assert ann.call("report", {"session_id": ann.expect("matched")["session_id"], "reason": "hate"})
    other.expect("matched")
    wait_for(lambda: reports(database), "the report in the database")
    with closing(Browser(server)) as mia:
        assert "Log out" in mia.log_in(name).text
        number = str(reports(database)[0].id)
        page = mia.get("/reports/details/", id=number)
        mia.post("/reports/decide", id=number, action="ban").raise_for_status()
        assert "Access-Control-Allow-Origin" not in page.headers
    assert other.expect("banned")["reason"] == "Reported for: hate"
    other.hear_until_closed()
    assert ann.expect("partner_disconnected")
