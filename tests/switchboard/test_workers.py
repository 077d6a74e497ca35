"""Several workers on one Redis: who is told, who dies, who may act."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from rendezvous.matching import Appointment, Profile
from rendezvous.refusals import Refused
from rendezvous.switchboard import RedisSwitchboard
from rendezvous.switchboard.results import Effects

from .conftest import ASKING, TERMS, Clock, Listener, opened, redis_server, wait_for

TEXT = Profile("text")
WORKER_LEASE = 5


@dataclass
class Worker:
    """One process of the site, as far as the switchboard goes."""

    board: RedisSwitchboard
    heard: Listener

    def names(self, session_id: str) -> list[str]:
        return [each.event.name for each in self.heard.arrived if each.session_id == session_id]

    def start(self, socket: str) -> str:
        return self.board.start(TEXT, socket).session_id


Hire = Callable[[], Worker]


@pytest.fixture
def hire(clock: Clock) -> Iterator[Hire]:
    """Make workers on a Redis that is empty at first."""
    workers: list[Worker] = []
    with redis_server().client() as client:
        client.flushall()

    def hire() -> Worker:
        listener = Listener()
        board = opened(redis_server().url, clock, listener, terms=ASKING)
        workers.append(Worker(board, listener))
        return workers[-1]

    yield hire
    for worker in workers:
        worker.board.shut()


@pytest.fixture
def one(hire: Hire) -> Worker:
    return hire()


@pytest.fixture
def other(hire: Hire) -> Worker:
    return hire()


def test_an_event_wakes_the_worker_that_has_the_socket(one: Worker, other: Worker) -> None:
    here, there = one.start("socket 1"), other.start("socket 2")
    posted = one.board.post(here, "new_message", b'"text":"hello there"', "id")
    assert posted.effects.deliveries == ()
    wait_for(lambda: other.names(there) == ["new_message"])
    (arrived,) = other.heard.arrived
    assert (arrived.event.seq, arrived.event.members) == (posted.seq, b'"text":"hello there"')
    wait_for(lambda: one.names(here) == ["matched"])


def test_partners_on_one_worker_wait_for_no_other(one: Worker, other: Worker) -> None:
    here, also_here = one.start("socket 1"), one.start("socket 2")
    effects = one.board.post(here, "new_message", b"", "id").effects
    assert [each.session_id for each in effects.deliveries] == [also_here]
    effects = one.board.whisper(here, "partner_typing", b"")
    assert [each.session_id for each in effects.deliveries] == [also_here]
    one.board.sweep()
    other.board.sweep()
    assert one.heard.arrived == other.heard.arrived == []


def test_a_whisper_reaches_another_worker_too(one: Worker, other: Worker) -> None:
    here, there = one.start("socket 1"), other.start("socket 2")
    assert one.board.whisper(here, "partner_typing", b'"is_typing":true').deliveries == ()
    wait_for(lambda: other.names(there) == ["partner_typing"])
    assert other.heard.arrived[0].event.seq == 0


def test_a_long_poll_is_woken_where_it_waits(one: Worker, other: Worker) -> None:
    caller = one.board.start(TEXT).session_id
    other.board.read(caller, 0, waits=True)
    one.start("socket")
    wait_for(lambda: other.names(caller) == ["matched"])


def test_a_session_that_is_joined_elsewhere_leaves_its_former_worker(
    one: Worker, other: Worker
) -> None:
    session_id = one.start("socket 1")
    other.board.join(session_id, 0, "socket 2")
    wait_for(lambda: one.names(session_id) == ["session_taken_over"])
    assert one.heard.arrived[0].event.members == b"socket 1"
    assert one.board.look(session_id, 0, "socket 1").stands == "taken"
    assert other.board.look(session_id, 0, "socket 2").stands == "held"
    assert one.board.drop(session_id, "socket 1").deliveries == ()


def test_the_end_is_told_where_the_socket_is(one: Worker, other: Worker) -> None:
    here, there = one.start("socket 1"), other.start("socket 2")
    third = one.board.leave(there)
    assert {ending.sessions for ending in third.endings} == {(there, here)}
    wait_for(lambda: "" in other.names(there))
    assert [each.event.name for each in third.deliveries] == ["partner_disconnected"]


def test_a_look_changes_nothing(one: Worker, other: Worker) -> None:
    here, there = one.start("socket 1"), other.start("socket 2")
    one.board.post(here, "new_message", b"", "id")
    for _ in range(2):
        look = other.board.look(there, 1, "socket 2")
        assert [(event.seq, event.name) for event in look.events] == [(2, "new_message")]


def test_the_partner_of_who_was_on_a_dead_worker_is_told_within_the_grace(
    one: Worker, other: Worker, clock: Clock
) -> None:
    here, there = one.start("socket 1"), other.start("socket 2")
    one.board.sweep()
    clock.pass_by(WORKER_LEASE + 0.1)
    (told,) = other.board.sweep().deliveries
    assert (told.session_id, told.event.name) == (there, "partner_reconnecting")
    clock.pass_by(TERMS.reconnect_grace - WORKER_LEASE - 0.5)
    assert [
        each.event.name for each in other.board.sweep().deliveries if each.session_id == there
    ] == ["partner_disconnected"]
    assert other.board.read(here, 0).status == "ended"


def test_who_comes_back_elsewhere_in_time_goes_on(one: Worker, other: Worker, clock: Clock) -> None:
    here, there = one.start("socket 1"), other.start("socket 2")
    clock.pass_by(WORKER_LEASE + 0.1)
    other.board.sweep()
    view = other.board.join(here, 1, "socket 3")
    assert (view.status, view.events, view.gap) == ("matched", [], False)
    assert [each.event.name for each in view.effects.deliveries] == ["partner_reconnected"]
    clock.pass_by(2 * TERMS.reconnect_grace)
    assert other.board.sweep().endings == ()
    assert other.board.read(there, 0).status == "matched"


def test_a_worker_that_was_taken_for_dead_changes_nothing_and_begins_anew(
    one: Worker, other: Worker, clock: Clock
) -> None:
    here, there = one.start("socket 1"), other.start("socket 2")
    clock.pass_by(WORKER_LEASE + 0.1)
    other.board.sweep()
    other.board.join(here, 0, "socket 3")
    before = other.board.look(there, 0, "socket 2")
    with pytest.raises(Refused, match="unavailable"):
        one.board.post(here, "new_message", b"", "id")
    assert one.heard.lettings_go == ["t"]
    wait_for(lambda: one.board.is_up)
    assert one.board.drop(here, "socket 1").deliveries == ()
    assert other.board.look(there, 0, "socket 2") == before
    assert one.board.start(Profile("video"), "socket 4").status == "waiting"
    one.board.sweep()
    assert one.heard.lettings_go[0] == "t"


def test_a_worker_that_serves_no_more_leaves_its_people_their_grace(
    one: Worker, other: Worker, clock: Clock
) -> None:
    here, there = one.start("socket 1"), other.start("socket 2")
    one.board.close()
    wait_for(lambda: other.names(there) == ["partner_reconnecting"])
    clock.pass_by(TERMS.reconnect_grace - 1)
    assert other.board.sweep().endings == ()
    assert other.board.join(here, 1, "socket 3").status == "matched"
    with pytest.raises(Refused, match="unavailable"):
        one.board.counts()


def test_who_waits_elsewhere_is_asked_by_the_worker_that_has_the_socket(
    one: Worker, other: Worker, clock: Clock
) -> None:
    waiter = one.start("socket 1")
    clock.pass_by(ASKING.alive_within)
    begun = other.board.start(TEXT, "socket 2")
    assert begun.effects == Effects()
    wait_for(lambda: one.names(waiter) == ["ask"])
    match = one.board.vouch(waiter, "socket 1").matches[0]
    assert set(match.sessions) == {waiter, begun.session_id}
    wait_for(lambda: other.names(begun.session_id) == ["matched"])


@pytest.mark.parametrize("dies", ["who asks", "who is asked"])
def test_a_worker_that_dies_between_question_and_answer_holds_nobody(
    one: Worker, other: Worker, clock: Clock, dies: str
) -> None:
    waiter = one.start("socket 1")
    clock.pass_by(ASKING.alive_within)
    newcomer = other.start("socket 2")
    if dies == "who asks":
        alive, session_id, socket = one, waiter, "socket 1"
    else:
        alive, session_id, socket = other, newcomer, "socket 2"
    for _ in range(WORKER_LEASE + 1):
        clock.pass_by(1)
        alive.board.widen()
        alive.board.sweep()
    next_one = alive.start("socket 3")
    alive.board.vouch(session_id, socket)
    assert [alive.board.read(each, 0).status for each in (session_id, next_one)] == ["matched"] * 2


def test_an_ear_that_was_cut_off_listens_again_and_has_everything_looked_at(one: Worker) -> None:
    looks = one.heard.looks
    with redis_server().client() as client:
        client.client_kill_filter(_type="pubsub")
    wait_for(lambda: one.heard.looks >= looks + 2)


def test_an_ear_that_hears_its_own_ticks_no_more_listens_anew(one: Worker) -> None:
    looks = one.heard.looks
    for desk in one.board._desks.all:
        for _ in range(5):
            desk.ear.expect_a_beat()  # without a tick, which would be heard
    wait_for(lambda: one.heard.looks >= looks + 2)


def test_every_key_expires(one: Worker, other: Worker, clock: Clock) -> None:
    here, there = one.start("socket 1"), other.start("socket 2")
    one.board.post(here, "new_message", b"", "id", "client id")
    one.board.join(there, 2, "socket 3")
    other.board.start(TEXT)
    one.start("socket 4")
    one.board.drop(here, "socket 1")
    other.board.close()
    clock.pass_by(WORKER_LEASE + 0.1)
    one.board.sweep()
    with redis_server().client() as client:
        keys = list(client.scan_iter())
        assert len(keys) > 12
        assert [key for key in keys if client.ttl(key) < 0] == []


def test_what_is_over_leaves_nothing(one: Worker, other: Worker, clock: Clock) -> None:
    with redis_server().client() as client:
        before = set(client.scan_iter())
        here = one.start("socket 1")
        other.start("socket 2")
        one.board.post(here, "new_message", b"", "id", "client id")
        other.board.leave(here)
        one.board.leave(one.board.start(TEXT).session_id)
        clock.pass_by(TERMS.ended_retention + 1)
        one.board.sweep()
        assert {
            key for key in client.scan_iter() if not key.endswith((":pace", ":liked"))
        } <= before


def test_a_live_sessions_keys_live_on(one: Worker, clock: Clock) -> None:
    session_id = one.start("socket 1")
    with redis_server().client() as client:
        key = f"{{rdv:text}}:s:{session_id}"
        client.expire(key, 10)
        for _ in range(7):
            clock.pass_by(3_600)
            one.board.sweep()
        assert client.ttl(key) > 3_600


def test_that_both_would_meet_again_is_told_where_they_said_so_also_after_the_end(
    one: Worker, other: Worker
) -> None:
    here, there = one.start("socket 1"), other.start("socket 2")
    one.board.meet_again(here, b"", b"")
    one.board.leave(here)
    wait_for(lambda: "partner_disconnected" in other.names(there))
    (told,) = other.board.meet_again(there, b'"token":2', b'"token":1').deliveries
    assert (told.session_id, told.event.members) == (there, b'"token":2')
    wait_for(lambda: one.names(here)[-1:] == ["meet_again"])
    assert one.heard.arrived[-1].event.members == b'"token":1'
    assert one.board.read(here, 0).events[-1].members == b'"token":1'


def test_who_has_met_before_meets_across_workers(one: Worker, other: Worker) -> None:
    halves = [Profile("text", appointment=Appointment("meeting", side)) for side in "ab"]
    first = one.board.start(halves[0], "socket 1").session_id
    with pytest.raises(Refused, match="token_in_use"):
        other.board.start(halves[0], "socket 2")
    assert other.board.start(halves[1], "socket 3").status == "matched"
    wait_for(lambda: one.names(first) == ["matched"])
