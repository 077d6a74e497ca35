"""Who asks a question is on one worker, and the two who discuss it are on two others."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import NamedTuple

import pytest

from tests.chaos.stage import Stage, nothing_left
from tests.harness.clients import Schemas, SocketClient

QUESTION = "Is tea better than coffee?"
Connect = Callable[[int], SocketClient]


class Trio(NamedTuple):
    """Who asks and watches, and the two; `one` is the asker's stranger 1."""

    asker: SocketClient
    one: SocketClient
    other: SocketClient


@pytest.fixture
def connect(stage: Stage) -> Iterator[Connect]:
    """Connect to a worker, by its number; afterwards all is as it was, and nobody is left."""
    schemas = Schemas(stage.deployment.workers[0].url)
    with ExitStack() as stack:
        stack.callback(lambda: asyncio.run(nothing_left(stage)))
        stack.callback(stage.restore)

        def connect(worker: int) -> SocketClient:
            client = SocketClient(stage.deployment.workers[worker].url, schemas)
            stack.callback(client.disconnect)
            return client

        yield connect


@pytest.fixture
def trio(connect: Connect) -> Iterator[Trio]:
    asker, one, other = (connect(worker) for worker in range(3))
    assert asker.start(question=QUESTION)["status"] == "waiting"
    assert other.start(discuss=True)["status"] == "waiting"
    assert one.start(discuss=True)["status"] == "matched"
    for client in (one, other):
        assert client.expect("matched")["question"] == QUESTION
    assert asker.expect("discussion_started")["question"] == QUESTION
    yield Trio(asker, one, other)
    one.call("leave_session", {"session_id": one.session_id})


def says(speaker: SocketClient, text: str, hearers: dict[SocketClient, int | None]) -> None:
    """Each of `hearers` hears it next, the asker with the number of the stranger who says it."""
    assert speaker.send(text)["ok"]
    for hearer, stranger in hearers.items():
        said = hearer.expect("new_message")
        assert (said["message"]["text"], said.get("stranger")) == (text, stranger)


def test_the_asker_hears_everything_and_cannot_speak(connect: Connect, trio: Trio) -> None:
    asker, one, other = trio
    says(one, "hello", {other: None, asker: 1})
    says(other, "well", {one: None, asker: 2})
    other.call("typing", {"session_id": other.session_id, "is_typing": True})
    assert asker.expect("partner_typing")["stranger"] == 2
    one.expect("partner_typing")
    assert asker.send("listen to me")["code"] == "watching"
    assert asker.call("typing", {"session_id": asker.session_id, "is_typing": True})["ok"] is False
    other.disconnect()
    one.expect("partner_reconnecting")
    assert asker.expect("partner_reconnecting")["stranger"] == 2
    back = connect(0)
    assert back.join(other.session_id, after=2)["status"] == "matched"
    one.expect("partner_reconnected")
    assert asker.expect("partner_reconnected")["stranger"] == 2
    one.call("leave_session", {"session_id": one.session_id})
    assert asker.expect("partner_disconnected")["stranger"] == 1
    back.expect("partner_disconnected")


def test_the_two_do_not_notice_when_the_askers_worker_dies(
    stage: Stage, connect: Connect, trio: Trio
) -> None:
    asker, one, other = trio
    says(one, "hello", {other: None, asker: 1})
    stage.deployment.workers[0].kill()
    says(other, "is anybody there?", {one: None})
    says(one, "I am", {other: None})
    back = connect(1)
    answer = back.join(asker.session_id, after=2)
    assert (answer["status"], answer["gap"]) == ("matched", False)
    missed = [back.expect("new_message") for _ in range(2)]
    assert [(each["seq"], each["stranger"]) for each in missed] == [(3, 2), (4, 1)]
    says(other, "so am I", {one: None, back: 2})
    back.call("leave_session", {"session_id": asker.session_id})
    for client in (one, other):
        client.expect("unwatched")
