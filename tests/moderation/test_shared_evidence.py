"""The evidence of several workers: what one of them has heard, each can report."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rendezvous.matching import Profile
from rendezvous.messages import MessageHandler
from rendezvous.moderation.evidence import Bounds
from rendezvous.moderation.shared_evidence import ACCOUNTS, PREFIX, SharedEvidence
from rendezvous.protocol.requests import SendMessage
from rendezvous.refusals import Refused
from rendezvous.safety.visitor import Caller
from rendezvous.switchboard import MemorySwitchboard
from tests.harness.redis_server import RedisServer

ANN, BOB = Caller("192.0.2.1", "ann", since=12.0), Caller("192.0.2.2", "bob")
Workers = tuple[SharedEvidence, SharedEvidence]


@pytest.fixture(scope="module")
def redis_server() -> Iterator[RedisServer]:
    with RedisServer() as server:
        yield server


@pytest.fixture
def workers(redis_server: RedisServer) -> Iterator[Workers]:
    """Two that share a Redis."""
    bounds = Bounds(messages=4, after=60)
    workers = SharedEvidence(redis_server.url, bounds), SharedEvidence(redis_server.url, bounds)
    yield workers
    for worker in workers:
        worker.close()


def test_what_two_workers_heard_is_one_chat(workers: Workers) -> None:
    here, there = workers
    switchboard = MemorySwitchboard()
    ann = switchboard.start(Profile("video")).session_id
    here.began(ann, ANN)
    with pytest.raises(Refused, match="not_matched"):
        there.of(ann)
    begun = switchboard.start(Profile("video"))
    bob = begun.session_id
    there.began(bob, BOB)
    there.happened(begun.effects)
    hers = MessageHandler(switchboard, 2_000, here.said)
    his = MessageHandler(switchboard, 2_000, there.said)
    for number in range(3):
        hers.send(SendMessage(ann, f"ann {number}"))
        his.send(SendMessage(bob, f"bob {number}"))
    here.of(ann)  # by now both have written
    statement = there.of(ann)
    assert (statement.who, statement.stranger, statement.chat_type) == (ANN, BOB, "video")
    assert [(line["from"], line["text"]) for line in statement.lines] == [
        ("reporter", "ann 1"),
        ("stranger", "bob 1"),
        ("reporter", "ann 2"),
        ("stranger", "bob 2"),
    ]
    assert not statement.over
    here.happened(switchboard.leave(ann))
    assert here.of(bob).over


def test_nothing_stays_for_longer_than_one_may_report(workers: Workers) -> None:
    here, _ = workers
    switchboard = MemorySwitchboard()
    ann, begun = switchboard.start(Profile("text")).session_id, switchboard.start(Profile("text"))
    for session_id in (ann, begun.session_id):
        here.began(session_id, ANN)
    here.happened(begun.effects)
    MessageHandler(switchboard, 2_000, here.said).send(SendMessage(ann, "hello"))
    here.happened(switchboard.leave(ann))
    here.of(ann)
    keys = [
        key
        for session_id in (ann, begun.session_id)
        for key in here._redis.keys(f"{PREFIX}:*{{{session_id}}}")
    ]
    assert len(keys) == 7
    assert all(here._redis.ttl(key) > 0 for key in here._redis.keys(f"{PREFIX}:{{all}}:*"))
    assert all(0 < here._redis.ttl(key) <= 60 for key in keys)


def test_a_flood_costs_what_is_over_and_its_own_chat(redis_server: RedisServer) -> None:
    bounds = Bounds(messages=50, chat_bytes=20_000, all_bytes=30_000)
    evidence, switchboard = SharedEvidence(redis_server.url, bounds), MemorySwitchboard()
    evidence._redis.flushall()
    messages = MessageHandler(switchboard, 2_000, evidence.said)

    def pair() -> tuple[str, str]:
        first, second = switchboard.start(Profile("text")), switchboard.start(Profile("text"))
        for begun in (first, second):
            evidence.began(begun.session_id, ANN)
            evidence.happened(begun.effects)
        return first.session_id, second.session_id

    over = pair()
    messages.send(SendMessage(over[0], "first"))
    evidence.happened(switchboard.leave(over[0]))
    quiet, loud, louder = pair(), pair(), pair()
    messages.send(SendMessage(quiet[0], "I saw that"))
    assert [line["text"] for line in evidence.of(quiet[1]).lines] == ["I saw that"]
    assert [line["text"] for line in evidence.of(over[1]).lines] == ["first"]
    for _ in range(12):
        for session_id in (*loud, *louder):
            messages.send(SendMessage(session_id, "x" * 1_900))
        evidence._flush()
    assert [line["text"] for line in evidence.of(quiet[1]).lines] == ["I saw that"]
    assert evidence.of(over[1]).lines == []
    assert 0 < int(evidence._redis.get(ACCOUNTS[2])) <= 30_000
    kept = [evidence._redis.lrange(f"{PREFIX}:said:{{{each}}}", 0, -1) for each in (*loud, *louder)]
    assert all(sum(map(len, lines)) <= 10_000 for lines in kept)
    assert sum(len(line) for lines in kept for line in lines) <= 30_000
    evidence.close()


def test_without_redis_a_report_is_refused_and_nothing_else_suffers() -> None:
    with RedisServer() as server:
        evidence = SharedEvidence(server.url, Bounds())
    evidence.began("a", ANN)
    for _ in range(30_000):
        evidence.said("a", b'"message":{}')
    with pytest.raises(Refused, match="unavailable"):
        evidence.of("a")
    evidence.close()


def test_that_it_is_a_video_chat_by_now_is_known_to_all(workers: Workers) -> None:
    here, there = workers
    switchboard = MemorySwitchboard()
    ann = switchboard.start(Profile("text")).session_id
    here.began(ann, ANN)
    begun = switchboard.start(Profile("text"))
    there.began(begun.session_id, BOB)
    there.happened(begun.effects)
    switchboard.request_upgrade(ann)
    there.of(begun.session_id)
    there.happened(switchboard.answer_upgrade(begun.session_id, accept=True))
    there.of(begun.session_id)  # by now it has written
    assert here.of(ann).chat_type == "video"
