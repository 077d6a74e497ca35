"""On a Redis Cluster of three nodes: text chats on one, video chats on another."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rendezvous.matching import Profile
from rendezvous.refusals import Refused
from rendezvous.switchboard import RedisSwitchboard
from tests.harness.redis_server import RedisCluster

from .conftest import Listener, opened, wait_for

TEXT, VIDEO = Profile("text"), Profile("video")


@pytest.fixture(scope="module")
def cluster() -> Iterator[RedisCluster]:
    cluster = RedisCluster()
    yield cluster
    cluster.close()


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def board(cluster: RedisCluster, listener: Listener) -> Iterator[RedisSwitchboard]:
    for node in cluster.nodes:
        with node.client() as client:
            client.flushall()
    board = opened(cluster.url, None, listener)
    yield board
    board.shut()


def test_text_and_video_are_on_different_nodes_and_both_work(
    cluster: RedisCluster, board: RedisSwitchboard
) -> None:
    assert cluster.holder("{rdv:text}") != cluster.holder("{rdv:video}")
    for profile in (TEXT, VIDEO):
        one, other = (board.start(profile, f"socket {name}").session_id for name in "ab")
        posted = board.post(one, "new_message", b'"text":"hello"', "id", "client id")
        assert [event.seq for event in board.join(other, 0, "socket c").events] == [1, posted.seq]
        board.leave(one)
    assert board.counts().online == 0


def test_two_workers_reach_each_other(cluster: RedisCluster, board: RedisSwitchboard) -> None:
    heard = Listener()
    other = opened(cluster.url, None, heard)
    for profile in (TEXT, VIDEO):
        one = board.start(profile, "socket a").session_id
        there = other.start(profile, "socket b").session_id
        board.post(one, "new_message", b"", "id")
        wait_for(lambda: heard.arrived)
        assert heard.arrived.pop().session_id == there
    other.shut()


def test_a_slot_that_moves_takes_its_chats_along(
    cluster: RedisCluster, board: RedisSwitchboard, listener: Listener
) -> None:
    one, other = (board.start(TEXT, f"socket {name}").session_id for name in "ab")
    was = cluster.holder("{rdv:text}")
    looks = listener.looks
    cluster.move("{rdv:text}", (was + 1) % 3)
    with pytest.raises(Refused, match="unavailable"):
        board.post(one, "new_message", b"", "first", "first")
    wait_for(lambda: board.is_up)
    posted = board.post(one, "new_message", b"", "first", "first")
    assert [event.seq for event in board.read(other, 1).events] == [posted.seq]
    assert listener.lettings_go == []

    def hears_again() -> bool:
        board.sweep()
        return listener.looks > looks + 1

    wait_for(hears_again)
