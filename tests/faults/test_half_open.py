"""A peer that vanishes without a word is noticed, however it was connected."""

from __future__ import annotations

import pytest

from config import Settings
from tests.conftest import Launch
from tests.harness.clients import SocketClient, wait_for
from tests.harness.guests import Guests
from tests.harness.link import Link
from tests.harness.servers import Server


@pytest.fixture(scope="session")
def server(stack: str, launch: Launch) -> Server:
    """A server that notices a silent peer within 2 s, and waits 3 s for its return."""
    return launch(stack, PING_INTERVAL="0.8", PING_TIMEOUT="1.2", RECONNECT_GRACE="3")


def over(link: Link, guests: Guests, transport: str) -> SocketClient:
    """A client that knows the server by way of the link."""
    client = SocketClient(link.url, guests.server.schemas, [transport])
    guests.sockets.append(client)
    return client


def test_by_default_a_silent_peer_is_noticed_within_15_seconds() -> None:
    settings = Settings()
    assert settings.ping_interval + settings.ping_timeout < 15


def test_a_peer_that_answers_no_more_is_given_up(guests: Guests) -> None:
    partner, silent = guests.socket(), guests.raw()
    partner.start()
    assert silent.start()["status"] == "matched"  # and now it reads nothing any more
    partner.expect("matched")
    partner.expect("partner_reconnecting")
    assert partner.expect("partner_disconnected")["reason"] == "timeout"


@pytest.mark.parametrize("transport", ["websocket", "polling"])
def test_a_peer_behind_a_dead_link_comes_back_by_another(
    guests: Guests, link: Link, transport: str
) -> None:
    partner, cut_off = guests.socket(), over(link, guests, transport)
    partner.start()
    assert cut_off.start()["status"] == "matched"
    partner.expect("matched")
    cut_off.expect("matched")
    link.swallow("up", "down")
    assert partner.send("into the silence")["ok"]
    partner.expect("partner_reconnecting")
    assert partner.send("into the inbox")["ok"]
    back = guests.socket()
    answer = back.join(cut_off.session_id, after=1)
    assert (answer["status"], answer["gap"]) == ("matched", False)
    partner.expect("partner_reconnected")
    for text in ("into the silence", "into the inbox"):
        assert back.expect("new_message")["message"]["text"] == text


@pytest.mark.parametrize("transport", ["websocket", "polling"])
def test_one_who_waits_behind_a_dead_link_is_not_introduced(
    guests: Guests, link: Link, transport: str
) -> None:
    cut_off = over(link, guests, transport)
    assert cut_off.start()["status"] == "waiting"
    link.swallow("up", "down")
    wait_for(lambda: guests.log.lines("disconnected"), "noticing")
    assert guests.socket().start()["status"] == "waiting"
