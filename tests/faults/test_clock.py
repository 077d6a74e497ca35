"""A jump of the wall clock, by an hour in either direction, ends nothing and stops nothing."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Self

import pytest

from tests.conftest import Launch
from tests.faults.clock import Clock
from tests.harness.clients import Json, RestClient, SocketClient, wait_for
from tests.harness.crowd import Connection, Crowd
from tests.harness.guests import Guests
from tests.harness.servers import Server

HOUR = 3_600
# By then the server has looked at its clock anew, which takes up to a second, and the Cleanup
# Service has been round, which comes every half second.
PINGS = 3


class Witness:
    """Waits for a video chat all the time, and sees by the pings that the server's time goes on."""

    def __init__(self, server: Server) -> None:
        self._crowd = Crowd(server.port)
        self._connection = Connection(self._crowd, self)
        self._crowd.run_until(lambda: self._connection.connected, "connecting")
        self._sessions: list[str] = []
        self._connection.ask(
            "start",
            {"chat_type": "video"},
            lambda answer: self._sessions.append(answer["session_id"]),
        )
        self._over = False
        self._listening = ThreadPoolExecutor(1)
        self._listened = self._listening.submit(self._listen)

    def see_time_pass(self) -> None:
        """Wait for some pings."""
        target = self._connection.pings + PINGS
        wait_for(lambda: self._connection.pings >= target or self._listened.done(), "pinging")
        assert not self._listened.done()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._over = True
        self._listened.result()
        self._listening.shutdown()
        for session_id in self._sessions:
            self._connection.ask("leave_session", {"session_id": session_id})
        self._crowd.run_until(lambda: not self._connection.unanswered, "leaving")
        self._crowd.close()

    def _listen(self) -> None:
        while not self._over:
            self._crowd.turn(0.05)

    def on_connected(self, connection: Connection) -> None:
        pass

    def on_event(self, connection: Connection, name: str, data: Json) -> None:
        assert name == "waiting", f"who waits alone hears {name}"  # their place, now and then

    def on_lost(self, connection: Connection) -> None:
        raise AssertionError("who waits was disconnected")


@pytest.fixture
def clock(tmp_path: Path) -> Clock:
    return Clock(tmp_path / "offset")


@pytest.fixture
def server(stack: str, launch: Launch, clock: Clock) -> Server:
    server = launch(
        stack,
        **clock.settings,
        PING_INTERVAL="1",
        PING_TIMEOUT="1.9",
        RECONNECT_GRACE="12",
    )
    # It has just begun to import what its database needs, beside which pongs would come late.
    wait_for(lambda: server.metrics().get("rendezvous_database_up"), "opening the database", 60)
    return server


def polling_pair(guests: Guests) -> tuple[SocketClient, SocketClient]:
    """Two who have met over long polling."""
    one, other = guests.socket(["polling"]), guests.socket(["polling"])
    one.start()
    assert other.start()["status"] == "matched"
    one.expect("matched")
    other.expect("matched")
    return one, other


def talk(one: SocketClient, other: SocketClient, clock: Clock) -> None:
    """Pass a message each way, and nothing else; the server's clock is where it should be."""
    for speaker, listener in ((one, other), (other, one)):
        assert speaker.send("still there?")["ok"]
        said = datetime.fromisoformat(listener.expect("new_message")["message"]["timestamp"])
        assert abs(said.timestamp() - time.time() - clock.offset) < HOUR / 2


def talk_over_rest(one: RestClient, other: RestClient) -> None:
    """Pass a message each way, and nothing else."""
    for speaker, listener in ((one, other), (other, one)):
        assert speaker.send("still there?")["ok"]
        answer = listener.receive()
        assert [message["text"] for message in answer["messages"]] == ["still there?"]
        assert not answer["events"]
        assert answer["status"] == "matched"


def come_back(guests: Guests, gone: SocketClient, after: int) -> SocketClient:
    """Join the session of one who has vanished."""
    client = guests.socket()
    answer = client.join(gone.session_id, after)
    assert (answer["status"], answer["last_seq"]) == ("matched", after)
    return client


def test_a_jump_of_the_clock_ends_nothing(guests: Guests, clock: Clock) -> None:
    sockets, pollers, callers = guests.pair(), polling_pair(guests), guests.rest_pair()
    holder, friend = guests.rest_pair()
    away, partner = guests.pair()
    gone, widow = guests.pair()
    left, _ = guests.rest_pair()
    left.leave()
    gone.vanish()
    with Witness(guests.server) as witness, ThreadPoolExecutor() as meanwhile:
        for chats, offset in enumerate((HOUR, -HOUR)):
            held = meanwhile.submit(holder.receive, 25)
            away.vanish()
            partner.expect("partner_reconnecting")
            clock.jump_to(offset)
            witness.see_time_pass()
            away = come_back(guests, away, after=1 + chats)
            partner.expect("partner_reconnected")
            for pair in (sockets, pollers, (away, partner)):
                talk(*pair, clock)
            talk_over_rest(*callers)
            assert not held.done()
            friend.send("there you are")
            assert [message["text"] for message in held.result()["messages"]] == ["there you are"]
            assert left.receive()["status"] == "ended"
        # Time has not stopped either: a grace still runs out.
        widow.expect("partner_reconnecting")
        assert widow.expect("partner_disconnected")["reason"] == "timeout"
