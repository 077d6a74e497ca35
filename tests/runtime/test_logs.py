"""What operators read: who came, met and went, and never what was said or by which secret."""

from __future__ import annotations

import json
import socket
from datetime import datetime
from typing import Any

import pytest
import requests

from rendezvous.sparing import Sparing
from tests.conftest import Launch
from tests.harness.clients import TIMEOUT, wait_for
from tests.harness.guests import Guests

SAID = "nobody else's business"


def live(guests: Guests) -> None:
    """A chat with everything in it that gets logged."""
    one, other = guests.pair()
    one.send(SAID, client_id="mine")
    other.send(SAID)
    one.signal({"sdp": SAID})
    one.call("typing", {"session_id": one.session_id, "is_typing": True})
    one.send(SAID * 200)
    one.call("send_message", {"session_id": one.session_id, "message": SAID, SAID: 1})
    rest = guests.rest()
    rest.post("/send", data=json.dumps({"session_id": one.session_id, "text": SAID}))
    rest.post("/send", data=f"{{{one.session_id}: {SAID}")
    rest.session_id = other.session_id
    rest.receive()
    for method in ("GET", "POST"):  # what somebody does who misreads the documents
        for path in (f"/receive/{one.session_id}", f"/start?session_id={one.session_id}"):
            url = guests.server.url + path
            answer = requests.request(method, url, json={}, timeout=TIMEOUT).json()
            guests.rests[0].sessions += [answer["session_id"]] if "session_id" in answer else []
    raw = guests.raw()
    raw.say(f'427["{one.session_id}",{{"{SAID}":1}}]')
    raw.say(f"49{one.session_id} {SAID}")  # a packet of a type that there is not
    raw.hear_until_closed()
    one.call("leave_session", {"session_id": one.session_id})
    other.disconnect()
    wait_for(lambda: len(guests.log.lines("disconnected")) == 2, "the ends")


@pytest.fixture(scope="module")
def logged(stack: str, launch: Launch) -> tuple[Guests, list[dict[str, Any]]]:
    """The guests of a chat, and the log lines about it."""
    server = launch(stack)
    with Guests(server) as guests:
        live(guests)
    wait_for(lambda: len(guests.log.lines("disconnected")) == 3, "the end of the last socket")
    return guests, guests.log.lines()


Logged = tuple[Guests, list[dict[str, Any]]]


def about(event: str, logged: Logged) -> list[dict[str, Any]]:
    return [line for line in logged[1] if line["event"] == event]


def test_every_line_is_json_with_its_time_and_level(logged: Logged) -> None:
    lines = [json.loads(line) for line in logged[0].log.text().splitlines()]
    assert lines
    for line in lines:
        assert datetime.fromisoformat(line["timestamp"]).utcoffset() is not None
        assert line["level"] == "info"
        assert line["event"]


def test_connections_are_there(logged: Logged) -> None:
    assert len(about("connected", logged)) == len(about("disconnected", logged)) == 3
    for line in about("connected", logged):
        assert 4 <= len(line["socket"]) <= 8
    assert all(line["reason"] for line in about("disconnected", logged))


def test_the_match_is_there(logged: Logged) -> None:
    line = about("matched", logged)[0]
    assert line["chat_type"] == "text"
    assert line["waited"] >= 0
    for shown, session_id in zip(line["sessions"], logged[0].sessions()[:2], strict=True):
        assert session_id.startswith(shown.rstrip("…"))
        assert len(shown) <= 8


def test_the_end_is_there_with_its_duration_and_number_of_messages(logged: Logged) -> None:
    line = about("ended", logged)[0]
    assert (line["chat_type"], line["reason"], line["messages"]) == ("text", "left", 2)
    assert line["seconds"] >= 0
    assert len(line["sessions"]) == 2


def test_the_refusals_are_there_by_code(logged: Logged) -> None:
    refused = [(line["what"], line["code"]) for line in about("refused", logged)]
    assert refused[:4] == [
        ("send_message", "too_large"),
        ("send_message", "invalid_request"),
        ("/send", "invalid_request"),
        ("/send", "invalid_request"),
    ]
    assert "not_found" in [code for _, code in refused]


def test_what_was_said_is_nowhere(logged: Logged) -> None:
    assert "business" not in logged[0].log.text()


def test_a_request_that_is_no_http_is_not_written_down(launch: Launch) -> None:
    server = launch("run.py")
    for line in ("GET /?sid=a-secret HTTP/9.9", "a-secret", "GET /a-secret HTTP/1.1\r\na-secret"):
        with socket.create_connection(("127.0.0.1", server.port), TIMEOUT) as connection:
            connection.sendall(f"{line}\r\n\r\n".encode())
            assert b" 400 " in connection.recv(1_000)
    assert server.health()["status"] == "healthy"
    assert "a-secret" not in server.log()


def test_from_start_to_stop_every_line_of_production_is_json(stack: str, launch: Launch) -> None:
    server = launch(stack, PYTHONWARNINGS="")
    server.stop()
    events = [json.loads(line)["event"] for line in server.log().splitlines()]
    assert "draining" in events
    assert events[-1] == ("stopped" if stack == "run.py" else "Shutting down: Master")


def test_a_flood_of_refusals_is_few_lines_and_is_counted_all_the_same(launch: Launch) -> None:
    server = launch("run.py")
    with Guests(server) as guests:
        flood = guests.raw()
        for _ in range(1_000):
            flood.say('42["no_such_event"]')
        assert flood.ask("no_such_event", {})["code"] == "invalid_request"
        lines = guests.log.lines("refused")
        assert 1 < len(lines) < 500
        assert server.metrics()['rendezvous_refusals_total{code="invalid_request"}'] == 1_001


def test_what_was_left_out_of_the_log_is_told_later() -> None:
    now = 0.0
    sparing = Sparing(lambda: now)
    while sparing.unsaid("invalid_request") == 0:
        pass
    assert sparing.unsaid("invalid_request") is None
    assert sparing.unsaid("too_large") == 0
    now += 1
    assert sparing.unsaid("invalid_request") == 2
    assert sparing.unsaid("invalid_request") == 0


def test_in_debug_mode_the_lines_are_for_people(launch: Launch) -> None:
    server = launch("run.py", FLASK_DEBUG="1")
    with Guests(server) as guests:
        one, _ = guests.pair()
        one.send("")
        text = guests.log.text()
    for word in ("connected", "matched", "refused", "invalid_request"):
        assert word in text
    assert not [line for line in text.splitlines() if line.startswith("{")]


def test_the_level_can_be_raised(launch: Launch) -> None:
    server = launch("run.py", LOG_LEVEL="WARNING")
    with Guests(server) as guests:
        guests.pair()
        assert guests.log.text() == ""
