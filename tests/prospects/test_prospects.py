"""When those who wait are told how it looks, and what it costs when there are many of them."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from rendezvous.courier import Courier
from rendezvous.ice import IceServers, IceSettings
from rendezvous.matching import Profile, Widening
from rendezvous.observe import Observer
from rendezvous.prospects import MOST, Prospects
from rendezvous.refusals import Refused
from rendezvous.switchboard import MemorySwitchboard, Terms
from rendezvous.switchboard.results import Standing

INTERVAL = 3.0
WIDENING = Widening(arrivals=1, soonest=4, latest=4, interest=0.25, language=0.5)


class Clock:
    """Seconds, which pass when a test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Socket:
    """Keeps what is pushed to it."""

    def __init__(self, sid: str) -> None:
        self.sid = sid
        self.state: set[str] = set()
        self.heard: list[tuple[str, dict[str, Any]]] = []

    def push(self, data: bytes) -> None:
        name, told = msgspec.json.decode(data[1:])
        self.heard.append((name, told))

    def ask(self) -> None: ...

    def close_now(self, reason: str) -> None: ...


class Site:
    """A board in memory, its courier, and the clock that both go by."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.board = MemorySwitchboard(Terms(widening=WIDENING), self.clock)
        self.courier = Courier(Observer(self.board), IceServers(IceSettings((), (), "", 60, "all")))
        self.prospects = Prospects(self.board, self.courier, INTERVAL, self.clock)
        self.comers = 0

    def come(self, interest: str = "") -> tuple[str, Socket]:
        """Somebody who waits at a socket."""
        self.comers += 1
        socket = Socket(f"socket {self.comers}")
        interests = (interest or f"only {self.comers}",)
        begun = self.board.start(
            Profile("text", interests, "en", pinned=frozenset({"interests"})), socket.sid
        )
        self.courier.attach(begun.session_id, socket)
        if begun.status == "waiting":
            self.prospects.follow(begun.session_id)
        self.courier.deliver(begun.effects)
        return begun.session_id, socket

    def pass_by(self, seconds: float) -> None:
        self.clock.now += seconds
        self.courier.deliver(self.board.widen())
        self.prospects.tell()


@pytest.fixture
def site() -> Site:
    return Site()


def levels(socket: Socket) -> list[str]:
    return [told["widened_to"] for name, told in socket.heard if name == "waiting"]


def test_one_is_told_soon_then_of_the_widening_then_now_and_then(site: Site) -> None:
    session_id, socket = site.come()
    site.pass_by(0.1)
    assert socket.heard == [
        (
            "waiting",
            {
                "session_id": session_id,
                "position": 1,
                "estimated_wait": None,
                "widened_to": "exact",
            },
        )
    ]
    for _ in range(79):
        site.pass_by(0.1)
    # At 0.1 s, at the widening after 1 s, and every 3 s from then on.
    assert levels(socket) == ["exact", "interest", "interest", "interest"]


def test_who_has_met_somebody_or_gone_is_not_told_and_not_remembered(site: Site) -> None:
    _, met = site.come("tea")
    site.come("tea")
    left, socket = site.come()
    site.courier.deliver(site.board.leave(left))
    dropped, lost = site.come()
    site.courier.detach(dropped)
    site.pass_by(0.1)
    assert levels(met) == levels(socket) == levels(lost) == []
    assert len(site.prospects) == 0


def test_who_comes_back_is_told_once(site: Site) -> None:
    session_id, _ = site.come()
    back = Socket("another socket")
    site.board.join(session_id, 0, back.sid)
    site.courier.attach(session_id, back)
    site.prospects.follow(session_id)
    site.pass_by(0.1)
    assert levels(back) == ["exact"]


def test_the_estimate_is_what_it_took_others(site: Site) -> None:
    for _ in range(3):
        site.come("tea")
        site.pass_by(2.5)
        site.come("tea")
    _, socket = site.come()
    site.pass_by(0.5)
    assert socket.heard[-1][1]["estimated_wait"] == 2
    site.pass_by(3.1)
    assert socket.heard[-1][1]["estimated_wait"] is None, "nobody has waited as long"


def test_many_are_told_in_turns(site: Site) -> None:
    sockets = [site.come()[1] for _ in range(2 * MOST + 1)]
    told = []
    for _ in range(4):
        site.pass_by(0.1)
        told.append(sum(bool(socket.heard) for socket in sockets))
    assert told == [MOST, 2 * MOST, 2 * MOST + 1, 2 * MOST + 1]


def test_while_the_store_is_away_nobody_is_told_and_nobody_forgotten(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, socket = site.come()

    def away(_ids: list[str]) -> list[Standing | None]:
        raise Refused("unavailable")

    with monkeypatch.context() as patch:
        patch.setattr(site.board, "standings", away)
        site.pass_by(0.1)
    assert levels(socket) == []
    site.pass_by(INTERVAL)
    assert levels(socket) == ["interest"]
