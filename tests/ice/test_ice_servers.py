"""Who is told of which ICE servers, and when."""

from __future__ import annotations

import hmac
import time
from base64 import b64encode
from typing import Any

import pytest
import requests

from rendezvous.ice import IceServers, IceSettings
from tests.conftest import Launch
from tests.harness.guests import Guests
from tests.harness.servers import STACKS, Server

SECRET = "the relay's secret"
STUN, TURN = "stun:127.0.0.1:3478", "turn:127.0.0.1:3478?transport=udp"
HOST = "candidate:1 1 udp 2130706431 192.168.1.2 5000 typ host"
Json = dict[str, Any]


@pytest.fixture(scope="module", params=list(STACKS))
def server(request: pytest.FixtureRequest, launch: Launch) -> Server:
    """A relay-only server of each stack in turn."""
    settings = {"TURN_SECRET": SECRET, "TURN_TTL": "600", "ICE_POLICY": "relay"}
    return launch(request.param, STUN_URLS=STUN, TURN_URLS=TURN, **settings)


def ask(server: Server, status: int = 200, **query: str) -> Json:
    """`GET /ice_servers`."""
    answer = requests.get(f"{server.url}/ice_servers", params=query, timeout=20)
    server.schemas.check_answer("/ice_servers", answer)
    assert answer.status_code == status
    assert status != 200 or answer.headers["Cache-Control"] == "no-store"
    return dict(answer.json())


def check_credentials(turn: Json, session_id: str) -> None:
    """As coturn does it, and that they say nothing of the session."""
    assert turn["urls"] == [TURN]
    expiry, opaque = turn["username"].split(":")
    assert 0 <= time.time() + 600 - int(expiry) < 30
    digest = hmac.digest(SECRET.encode(), turn["username"].encode(), "sha1")
    assert turn["credential"] == b64encode(digest).decode()
    assert session_id not in opaque
    assert opaque not in session_id


def test_turn_is_for_who_is_matched_and_as_long_as_that_lasts(
    guests: Guests, server: Server
) -> None:
    one, other = guests.rest(), guests.rest()
    one.start("video")
    waiting = ask(server, session_id=one.session_id)
    assert waiting == {
        "ice_servers": [{"urls": [STUN]}],
        "ice_transport_policy": "relay",
        "ttl": 0,
    }
    other.start("video")
    answers = [ask(server, session_id=each.session_id) for each in (one, other)]
    for client, answer in zip((one, other), answers, strict=True):
        stun, turn = answer["ice_servers"]
        assert (stun, answer["ttl"]) == ({"urls": [STUN]}, 600)
        check_credentials(turn, client.session_id)
    names = [answer["ice_servers"][1]["username"].split(":")[1] for answer in answers]
    assert names[0] != names[1]
    other.leave()
    for client in (one, other):
        assert ask(server, 410, session_id=client.session_id)["code"] == "session_ended"


def test_what_is_no_question_is_refused(server: Server) -> None:
    for query in ({}, {"session_id": ""}, {"session_id": "x" * 65}, {"session_id": "x", "y": "z"}):
        assert ask(server, 400, **query)["code"] == "invalid_request"
    assert ask(server, 404, session_id="x")["code"] == "session_not_found"


def test_a_match_brings_credentials_until_the_chat_is_over(guests: Guests) -> None:
    rest, socket, late = guests.rest(), guests.socket(), guests.socket()
    socket.start("video")
    rest.start("video")
    heard, (event,) = socket.expect("matched"), rest.receive()["events"]
    for client, matched in ((socket, heard), (rest, event["data"])):
        assert matched["ice_transport_policy"] == "relay"
        check_credentials(matched["ice_servers"][1], client.session_id)
    late.join(rest.session_id)
    check_credentials(late.expect("matched")["ice_servers"][1], rest.session_id)
    rest.leave()
    socket.expect("partner_disconnected")
    late.join(socket.session_id)
    assert late.expect("matched")["ice_servers"] == [{"urls": [STUN]}]


def test_signals_lose_addresses_on_their_way(guests: Guests) -> None:
    one, other = guests.pair("video")
    assert one.signal({"candidate": {"candidate": HOST, "sdpMid": "0"}}) == {"ok": True}
    sdp = f"v=0\r\nc=IN IP4 192.168.1.2\r\na={HOST}\r\n"
    assert one.signal({"type": "offer", "sdp": sdp}) == {"ok": True}
    heard = other.expect("webrtc_signal")
    assert heard["signal"] == {"type": "offer", "sdp": "v=0\r\nc=IN IP4 0.0.0.0\r\n"}
    assert heard["seq"] == 2
    other.call("leave_session", {"session_id": other.session_id})
    assert one.signal({"candidate": HOST})["code"] == "session_ended"


def test_a_signal_that_is_withheld_is_refused_like_any_other(guests: Guests) -> None:
    alone = guests.socket()
    alone.start("video")
    assert alone.signal({"candidate": HOST})["code"] == "not_matched"
    alone.session_id = "nobody"
    assert alone.signal({"candidate": HOST})["code"] == "session_not_found"


def test_credentials_keep_their_name_and_move_their_end() -> None:
    now = 1_000_000.0
    servers = IceServers(IceSettings((), (TURN,), SECRET, 60), lambda: now)
    (first,) = servers.of("a session", calls=True)
    now += 30
    (later,) = servers.of("a session", calls=True)
    assert first.username is not None
    assert later.username is not None
    assert first.username.split(":")[0] == "1000060"
    assert later.username.split(":")[0] == "1000090"
    assert first.username.split(":")[1] == later.username.split(":")[1]
    assert (
        IceServers(IceSettings((), (TURN,), "another", 60), lambda: now)
        .of("a session", calls=True)[0]
        .username
        != later.username
    )


def test_a_text_chat_gets_credentials_once_both_want_video_and_not_before(
    guests: Guests, server: Server
) -> None:
    one, other = guests.rest(), guests.socket()
    one.start()
    other.start()
    assert other.expect("matched")["ice_servers"] == [{"urls": [STUN]}]
    assert ask(server, session_id=one.session_id)["ttl"] == 0
    one.post("/upgrade_request", {"session_id": one.session_id})
    other.expect("upgrade_requested")
    assert ask(server, session_id=one.session_id)["ice_servers"] == [{"urls": [STUN]}]
    other.call("upgrade_answer", {"session_id": other.session_id, "accept": True})
    upgraded = other.expect("upgraded")
    assert upgraded["ice_transport_policy"] == "relay"
    check_credentials(upgraded["ice_servers"][1], other.session_id)
    answer = ask(server, session_id=one.session_id)
    assert answer["ttl"] == 600
    check_credentials(answer["ice_servers"][1], one.session_id)
    matched, upgraded = (event["data"] for event in one.receive()["events"])
    assert matched["ice_servers"] == [{"urls": [STUN]}]
    check_credentials(upgraded["ice_servers"][1], one.session_id)
