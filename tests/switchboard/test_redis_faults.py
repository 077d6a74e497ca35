"""What a Redis may do to its clients: go, freeze, come back with less, run out of memory."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
import redis

from rendezvous.matching import Profile
from rendezvous.refusals import Refused
from rendezvous.switchboard import RedisSwitchboard
from rendezvous.switchboard.redis.nodes import connecting
from tests.harness.redis_server import DURABLE, RedisServer

from .conftest import Listener, opened, wait_for

TEXT = Profile("text")
AT_MOST = 1.0  # s; what a call may take when Redis is away
HEALED = 3.0  # s; what it may take until everything goes on


@pytest.fixture
def server() -> Iterator[RedisServer]:
    """A Redis that has written what it acknowledges; by default it may be a second behind."""
    with RedisServer(**DURABLE, enable_debug_command="yes") as server:
        yield server


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def board(server: RedisServer, listener: Listener) -> Iterator[RedisSwitchboard]:
    board = opened(server.url, None, listener)
    yield board
    board.shut()


def pair(board: RedisSwitchboard) -> tuple[str, str]:
    return board.start(TEXT, "socket 1").session_id, board.start(TEXT, "socket 2").session_id


def say(board: RedisSwitchboard, session_id: str, text: str) -> int:
    return board.post(session_id, "new_message", b'"text":"%b"' % text.encode(), text, text).seq


def numbers(board: RedisSwitchboard, session_id: str) -> list[int]:
    return [event.seq for event in board.read(session_id, 0).events]


def test_a_redis_that_comes_back_has_everything_and_nobody_notices(
    server: RedisServer, board: RedisSwitchboard, listener: Listener
) -> None:
    one, other = pair(board)
    say(board, one, "before")
    server.kill()
    wait_for(lambda: not board.is_up)
    began = time.monotonic()
    with pytest.raises(Refused, match="unavailable"):
        say(board, one, "meanwhile")
    assert time.monotonic() - began < AT_MOST
    server.start()
    wait_for(lambda: board.is_up, HEALED)
    say(board, one, "after")
    board.sweep()
    assert numbers(board, other) == [1, 2, 3]
    assert not board.join(one, 0, "socket 1").gap
    assert listener.lettings_go == []


def test_a_frozen_redis_is_noticed_within_a_second_and_what_was_in_doubt_is_undone(
    server: RedisServer, board: RedisSwitchboard
) -> None:
    one, other = pair(board)
    server.freeze()
    began = time.monotonic()
    with pytest.raises(Refused, match="unavailable"):
        board.start(TEXT, "socket 3")  # which will have happened when Redis goes on
    assert time.monotonic() - began < AT_MOST
    began = time.monotonic()
    with pytest.raises(Refused, match="unavailable"):
        say(board, one, "hello")
    assert board.drop(other, "socket 2").deliveries == ()
    assert time.monotonic() - began < 0.1  # at once
    server.thaw()
    wait_for(lambda: board.is_up, HEALED)
    wait_for(lambda: board.counts().waiting["text"] == 0)
    wait_for(lambda: "partner_reconnecting" in [event.name for event in board.read(one, 0).events])


def test_an_empty_redis_knows_nobody_and_says_so(
    server: RedisServer, board: RedisSwitchboard, listener: Listener
) -> None:
    one, _ = pair(board)
    with server.client() as client:
        client.flushall()
    with pytest.raises(Refused, match="unavailable"):
        say(board, one, "hello")
    assert listener.lettings_go == ["t"]
    wait_for(lambda: board.is_up)
    with pytest.raises(Refused, match="session_not_found"):
        board.join(one, 0, "socket 3")
    assert board.start(TEXT, "socket 4").status == "waiting"


def test_a_redis_that_has_lost_something_is_found_out_and_the_loss_is_told_once(
    board: RedisSwitchboard, server: RedisServer, listener: Listener
) -> None:
    one, other = pair(board)
    bystanders = pair(board)
    with server.client() as client:
        client.config_set("appendonly", "no")
        client.save()
    last = say(board, one, "this will be lost")
    server.kill()
    server.start(appendonly="no")
    wait_for(lambda: board.is_up and "t" in listener.lettings_go, HEALED)
    view = board.join(other, last, "socket 3")
    assert view.gap
    assert not board.read(other, view.last_seq).gap
    assert board.join(bystanders[0], 0, "socket 4").gap  # nobody can know what was theirs
    assert board.join(one, 0, "socket 5").gap
    fresh = say(board, one, "this is new")
    assert fresh > last, "a number was given to two events"
    assert numbers(board, other)[-1] == fresh


def test_a_promoted_replica_that_has_everything_is_no_loss(
    server: RedisServer, board: RedisSwitchboard, listener: Listener
) -> None:
    one, other = pair(board)
    say(board, one, "hello")
    with server.client() as client:
        client.execute_command("DEBUG", "CHANGE-REPL-ID")
        client.client_kill_filter(_type="normal", skipme=True)
    wait_for(lambda: not board.is_up)
    wait_for(lambda: board.is_up, HEALED)
    board.sweep()
    assert listener.lettings_go == []
    assert not board.join(other, 0, "socket 3").gap


def test_scripts_that_were_flushed_are_loaded_again(
    server: RedisServer, board: RedisSwitchboard
) -> None:
    one, other = pair(board)
    with server.client() as client:
        client.script_flush()
    say(board, one, "hello")
    assert numbers(board, other) == [1, 2]


def test_a_redis_without_memory_refuses_and_breaks_nothing(
    server: RedisServer, board: RedisSwitchboard
) -> None:
    one, other = pair(board)
    with server.client() as client:
        client.config_set("maxmemory", 1)
        with pytest.raises(Refused, match="unavailable"):
            say(board, one, "too much")
        client.config_set("maxmemory", 0)
    wait_for(lambda: board.is_up)
    say(board, one, "hello")
    assert numbers(board, other) == [1, 2]


def test_a_redis_that_is_not_there_at_the_start_may_come_later() -> None:
    server = RedisServer()
    server.kill()
    board = RedisSwitchboard(server.url)
    board.open(Listener())
    with pytest.raises(Refused, match="unavailable"):
        board.counts()
    server.start()
    wait_for(lambda: board.is_up, HEALED)
    assert board.counts().online == 0
    board.shut()
    server.close()


def test_a_redis_that_stays_away_is_tried_as_often_as_it_takes() -> None:
    connect = connecting("redis://127.0.0.1:1")
    for _ in range(1_000):
        with pytest.raises(redis.ConnectionError):
            connect("{tag}").connect()


def test_a_worker_that_cannot_reach_redis_for_long_closes_its_sockets_and_begins_anew(
    server: RedisServer,
    board: RedisSwitchboard,
    listener: Listener,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("rendezvous.switchboard.redis.desk.SILENCE", 0.3)
    one, other = pair(board)
    board.sweep()
    server.freeze()
    until = time.monotonic() + 5
    while "t" not in listener.lettings_go:
        assert time.monotonic() < until
        board.sweep()
    server.thaw()
    wait_for(lambda: board.is_up, HEALED)
    view = board.join(one, 1, "socket 3")  # its grace runs
    assert (view.status, view.gap) == ("matched", False)
    assert [event.name for event in view.events] == ["partner_reconnecting"]
    assert board.join(other, 1, "socket 4").status == "matched"
