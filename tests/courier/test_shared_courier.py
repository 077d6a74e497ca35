"""Events that come by more than one way leave in their order, each once."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import Any

import pytest

from rendezvous.courier import Seat
from rendezvous.ice import IceServers, IceSettings
from rendezvous.observe import Observer
from rendezvous.refusals import Refused
from rendezvous.safety.visitor import Caller
from rendezvous.shared_courier import SharedCourier
from rendezvous.switchboard import MemorySwitchboard
from rendezvous.switchboard.inbox import Event
from rendezvous.switchboard.results import Delivery, Effects, Ending, Look
from tests.harness.clients import TIMEOUT
from tests.harness.servers import ROOT
from tests.switchboard.conftest import wait_for

SESSION = "t" * 25


class Socket:
    """Keeps what is pushed to it."""

    def __init__(self, sid: str) -> None:
        self.sid = sid
        self.state = Seat(Caller())
        self.heard: list[str] = []
        self.closed = ""

    def push(self, data: bytes) -> None:
        name = data.split(b'"')[1].decode()
        number = re.search(rb'"seq":(\d+)', data)
        self.heard.append(f"{name} {int(number[1])}" if number else name)

    def ask(self) -> None:
        self.heard.append("ping")

    def close_now(self, reason: str) -> None:
        self.closed = reason


class Inbox:
    """What the switchboard would say when it is asked."""

    def __init__(self) -> None:
        self.look = Look("held", 0, [])
        self.away = False
        self.asked: list[int] = []

    def __call__(self, session_id: str, after: int, sid: str) -> Look:
        self.asked.append(after)
        if self.away:
            raise Refused("unavailable")
        return self.look

    def has(self, *events: Event, stands: Any = "held") -> None:
        self.look = Look(stands, events[-1].seq if events else 0, list(events))


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


def sharing(inbox: Inbox) -> SharedCourier:
    ice = IceServers(IceSettings((), (), "", 60, "all"))
    return SharedCourier(Observer(MemorySwitchboard()), ice, inbox)


@pytest.fixture
def courier(inbox: Inbox) -> SharedCourier:
    return sharing(inbox)


@pytest.fixture
def socket(courier: SharedCourier) -> Socket:
    """The session's, which has everything up to 3."""
    socket = Socket("socket 1")
    courier.attach(SESSION, socket, 3)
    return socket


def event(seq: int, name: str = "new_message") -> Event:
    return Event(seq, name, b"")


def comes(
    courier: SharedCourier, seq: int, name: str = "new_message", members: bytes = b""
) -> None:
    courier.arrive(Delivery(SESSION, Event(seq, name, members)))


def test_what_continues_is_pushed_and_what_is_older_has_been(
    courier: SharedCourier, socket: Socket, inbox: Inbox
) -> None:
    for seq in (4, 4, 3, 5, 1):
        comes(courier, seq)
    assert socket.heard == ["new_message 4", "new_message 5"]
    assert inbox.asked == []


def test_behind_a_hole_comes_what_the_inbox_has(
    courier: SharedCourier, socket: Socket, inbox: Inbox
) -> None:
    inbox.has(event(4), event(5), event(6))
    comes(courier, 6)
    wait_for(lambda: socket.heard == ["new_message 4", "new_message 5", "new_message 6"])
    comes(courier, 5)
    comes(courier, 7)
    assert socket.heard[3:] == ["new_message 7"]


def test_nothing_comes_between_a_socket_and_its_acknowledgement() -> None:
    program = [sys.executable, "-m", "tests.courier.on_greenlets"]
    subprocess.run(program, check=True, timeout=TIMEOUT, cwd=ROOT)


def test_what_came_before_its_socket_was_attached_is_not_lost(
    courier: SharedCourier, inbox: Inbox
) -> None:
    comes(courier, 4)
    inbox.has(event(4))
    socket = Socket("socket 1")
    courier.attach(SESSION, socket, 3)
    wait_for(lambda: socket.heard == ["new_message 4"])


def test_what_only_the_former_socket_got_is_told_to_the_new_one(
    courier: SharedCourier, socket: Socket, inbox: Inbox
) -> None:
    comes(courier, 4)
    inbox.has(event(4))
    new = Socket("socket 2")
    courier.attach(SESSION, new, 3)
    assert socket.heard == ["new_message 4", "session_taken_over"]
    wait_for(lambda: new.heard == ["new_message 4"])


def test_a_takeover_is_for_the_socket_that_it_names(courier: SharedCourier, socket: Socket) -> None:
    comes(courier, 0, "session_taken_over", b"an older socket")
    comes(courier, 4)
    comes(courier, 0, "session_taken_over", b"socket 1")
    comes(courier, 5)
    assert socket.heard == ["new_message 4", "session_taken_over"]
    assert socket.state == set()


def test_a_takeover_before_the_socket_was_attached_is_found_out(
    courier: SharedCourier, inbox: Inbox
) -> None:
    comes(courier, 0, "session_taken_over", b"socket 1")
    inbox.has(stands="taken")
    socket = Socket("socket 1")
    courier.attach(SESSION, socket, 3)
    wait_for(lambda: socket.heard == ["session_taken_over"])
    assert socket.state == set()


def test_a_socket_is_asked_by_whichever_way_the_question_comes(
    courier: SharedCourier, socket: Socket
) -> None:
    comes(courier, 0, "ask")
    courier.deliver(Effects(asks=(SESSION, "somebody who is not here")))
    assert socket.heard == ["ping", "ping"]
    assert socket.state.asked == {SESSION}


@pytest.mark.parametrize("name", ["partner_disconnected", "session_ended"])
def test_the_end_is_the_last_that_is_pushed(
    courier: SharedCourier, socket: Socket, name: str
) -> None:
    comes(courier, 4, name)
    comes(courier, 5)
    assert socket.heard == [f"{name} 4"]
    assert socket.state == set()


def test_an_end_behind_a_hole_does_not_cut_off_what_is_missing(
    courier: SharedCourier, socket: Socket, inbox: Inbox
) -> None:
    inbox.has(event(4), event(5, "partner_disconnected"), stands="over")
    end = Delivery(SESSION, event(5, "partner_disconnected"))
    courier.deliver(Effects((end,), (), (Ending((SESSION,), "text", "left", 1.0, 1),)))
    wait_for(lambda: socket.heard == ["new_message 4", "partner_disconnected 5"])
    wait_for(lambda: socket.state == set())


def test_what_could_not_be_looked_at_is_looked_at_later(
    courier: SharedCourier, socket: Socket, inbox: Inbox
) -> None:
    inbox.away = True
    comes(courier, 5)
    wait_for(lambda: inbox.asked == [3])
    inbox.away = False
    inbox.has(event(4), event(5))
    wait_for(lambda: courier._lookers == 0)
    courier.look_again("t")
    wait_for(lambda: socket.heard == ["new_message 4", "new_message 5"])


def test_who_is_let_go_is_closed_without_a_word(courier: SharedCourier, socket: Socket) -> None:
    for prefix in "vt":
        assert socket.closed == ""
        courier.let_go(prefix, "cut off")
    assert socket.closed == "let go"
    assert socket.heard == []
    assert socket.state == set()
