"""Counts that processes share through a real Redis, and what happens while it is away."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from limits import parse

from rendezvous.safety import counters as module
from rendezvous.safety.counters import Counters, LocalCounters, RedisCounters
from tests.harness.redis_server import RedisServer

RATE = parse("3/minute")
MANY = 20
LONGEST = 1.0  # s; nobody waits longer for a count, whatever has become of Redis


@pytest.fixture(scope="module")
def redis() -> Iterator[RedisServer]:
    with RedisServer() as redis:
        yield redis


@pytest.fixture(params=["memory", "redis"])
def counters(request: pytest.FixtureRequest) -> Counters:
    if request.param == "memory":
        return LocalCounters()
    return RedisCounters(request.getfixturevalue("redis").url)


def test_so_many_and_no_more(counters: Counters, request: pytest.FixtureRequest) -> None:
    key = request.node.name
    assert [counters.hit(RATE, "starts", key) for _ in range(3)] == [0.0] * 3
    wait = counters.hit(RATE, "starts", key)
    assert 0 < wait <= 120
    assert counters.hit(RATE, "reports", key) == 0.0
    assert counters.hit(RATE, "starts", key + "another") == 0.0


def test_counts_go_up_until_their_time_is_over(
    counters: Counters, request: pytest.FixtureRequest
) -> None:
    key = request.node.name
    assert [counters.count(key, 60) for _ in range(3)] == [1, 2, 3]
    assert counters.count(key + "another", 60) == 1


def test_all_processes_count_together(redis: RedisServer) -> None:
    one, other = RedisCounters(redis.url), RedisCounters(redis.url)
    hits = [counters.hit(RATE, "together", "key") for counters in (one, other, one, other)]
    assert hits[:3] == [0.0] * 3
    assert hits[3] > 0
    assert (one.count("together", 60), other.count("together", 60)) == (1, 2)


def timed(counters: RedisCounters) -> float:
    since = time.monotonic()
    assert counters.hit(RATE, "away", "honest") == 0.0
    return time.monotonic() - since


@pytest.mark.parametrize("fate", ["kill", "freeze"])
def test_while_redis_is_away_nobody_waits_and_nobody_honest_is_refused(fate: str) -> None:
    with RedisServer() as redis:
        counters = RedisCounters(redis.url)
        assert timed(counters) < LONGEST
        getattr(redis, fate)()
        assert timed(counters) < LONGEST
        assert timed(counters) < LONGEST
        # And who is too much for this process is refused all the same.
        waits = [counters.hit(RATE, "away", "flood") for _ in range(10)]
        assert sum(not wait for wait in waits) == 3
        if fate == "freeze":
            redis.thaw()


def test_many_at_once_find_out_together_that_redis_is_away() -> None:
    with RedisServer() as redis, ThreadPoolExecutor(MANY) as pool:
        counters = RedisCounters(redis.url)
        assert timed(counters) < LONGEST
        redis.freeze()
        people = [pool.submit(counters.count, f"skips/{number}", 60) for number in range(MANY)]
        assert not wait(people, LONGEST).not_done
        redis.thaw()
        assert [person.result() for person in people] == [1] * MANY


def test_redis_is_asked_again_when_it_may_be_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RECOVERY", 0.0)
    with RedisServer() as redis:
        counters = RedisCounters(redis.url)
        counters.count("key", 60)
        redis.kill()
        assert counters.count("key", 60) == 1
        redis.start()
        assert [counters.count("key", 60) for _ in range(2)] == [1, 2]
        assert int(redis.client().get("rendezvous:limits:key") or 0) == 2


def test_who_is_refused_is_refused_again_without_asking(redis: RedisServer) -> None:
    counters, other = RedisCounters(redis.url), RedisCounters(redis.url)
    assert [counters.hit(RATE, "flood", "one") > 0 for _ in range(4)] == [False] * 3 + [True]
    assert 0 < counters.waits("flood", "one") <= 60
    assert not counters.waits("flood", "another")
    assert not other.waits("flood", "one")
    redis.freeze()
    try:
        assert counters.hit(RATE, "flood", "one") > 0  # where asking would come to nothing
    finally:
        redis.thaw()
