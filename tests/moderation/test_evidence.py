"""What the server remembers of a chat, for how long, and no more than that."""

from __future__ import annotations

import pytest

from rendezvous.matching import Profile
from rendezvous.messages import MessageHandler
from rendezvous.moderation.evidence import Bounds, MemoryEvidence
from rendezvous.protocol.requests import SendMessage
from rendezvous.refusals import Refused
from rendezvous.safety.visitor import Caller
from rendezvous.switchboard import MemorySwitchboard

ANN, BOB = Caller("192.0.2.1", "ann"), Caller("192.0.2.2", "bob")


class Evening:
    """A switchboard, the evidence, and a clock that one can turn."""

    def __init__(self, bounds: Bounds) -> None:
        self.now = 0.0
        self.evidence = MemoryEvidence(bounds, lambda: self.now)
        self.switchboard = MemorySwitchboard(clock=lambda: self.now)
        self.messages = MessageHandler(self.switchboard, 2_000, self.evidence.said)

    def start(self, caller: Caller, question: str = "", *, discusses: bool = False) -> str:
        profile = Profile("text", question=question, discusses=discusses)
        begun = self.switchboard.start(profile, caller.visitor)
        self.evidence.began(begun.session_id, caller)
        self.evidence.happened(begun.effects)
        return begun.session_id

    def pair(self) -> tuple[str, str]:
        return self.start(ANN), self.start(BOB)

    def say(self, session_id: str, text: str) -> None:
        self.messages.send(SendMessage(session_id, text))

    def leave(self, session_id: str) -> None:
        self.evidence.happened(self.switchboard.leave(session_id))


@pytest.fixture
def evening() -> Evening:
    return Evening(Bounds(messages=5, after=600))


def test_each_sees_the_other_as_the_stranger(evening: Evening) -> None:
    ann, bob = evening.pair()
    evening.say(ann, "hello")
    evening.say(bob, "hi")
    said = [(line["from"], line["text"]) for line in evening.evidence.of(ann).lines]
    assert said == [("reporter", "hello"), ("stranger", "hi")]
    statement = evening.evidence.of(bob)
    assert (statement.who, statement.stranger) == (BOB, ANN)
    assert [line["from"] for line in statement.lines] == ["stranger", "reporter"]


def test_only_the_last_messages_are_kept(evening: Evening) -> None:
    ann, bob = evening.pair()
    for number in range(12):
        evening.say((ann, bob)[number % 2], str(number))
    assert [line["text"] for line in evening.evidence.of(ann).lines] == ["7", "8", "9", "10", "11"]


def test_a_message_sent_twice_is_there_once(evening: Evening) -> None:
    ann, _ = evening.pair()
    for _ in range(2):
        evening.messages.send(SendMessage(ann, "hello", "mine"))
    assert len(evening.evidence.of(ann).lines) == 1


def test_one_may_report_for_a_while_after_the_end(evening: Evening) -> None:
    ann, bob = evening.pair()
    evening.say(bob, "hi")
    evening.leave(bob)
    evening.now = 599
    evening.evidence.expire()
    assert evening.evidence.of(ann).over
    evening.now = 601
    with pytest.raises(Refused, match="session_ended"):
        evening.evidence.of(ann)
    evening.evidence.expire()
    with pytest.raises(Refused, match="session_not_found"):
        evening.evidence.of(ann)
    assert not len(evening.evidence)
    assert not evening.evidence._people
    assert not evening.evidence._size


def test_who_has_met_nobody_has_nobody_to_report(evening: Evening) -> None:
    ann = evening.start(ANN)
    with pytest.raises(Refused, match="not_matched"):
        evening.evidence.of(ann)
    evening.leave(ann)
    with pytest.raises(Refused, match="session_not_found"):
        evening.evidence.of(ann)
    with pytest.raises(Refused, match="session_not_found"):
        evening.evidence.of("somebody's guess")


def test_a_flood_costs_its_own_chat_and_what_is_over() -> None:
    evening = Evening(Bounds(messages=50, chat_bytes=20_000, all_bytes=30_000))
    over = evening.pair()
    evening.say(over[0], "first")
    evening.leave(over[0])
    quiet, loud = evening.pair(), evening.pair()
    evening.say(quiet[0], "I saw that")
    for _ in range(100):
        evening.say(loud[0], "x" * 1_900)
    assert [line["text"] for line in evening.evidence.of(quiet[1]).lines] == ["I saw that"]
    assert 0 < len(evening.evidence.of(loud[1]).lines) < 12
    assert evening.evidence._size <= 30_000


def test_the_question_and_its_asker_are_remembered_as_long_as_the_chat(evening: Evening) -> None:
    cid = Caller("192.0.2.3", "cid")
    asker = evening.start(cid, "Why?")
    ann, bob = evening.start(ANN, discusses=True), evening.start(BOB, discusses=True)
    with pytest.raises(Refused, match="watching"):
        evening.evidence.of(asker)
    evening.leave(asker)
    evening.say(bob, "Because")
    statement = evening.evidence.of(ann)
    assert statement.asker == cid
    said = [(line["from"], line["text"]) for line in statement.lines]
    assert said == [("asker", "Why?"), ("stranger", "Because")]
    evening.leave(ann)
    evening.now += 601
    evening.evidence.expire()
    assert not evening.evidence._people
    assert not evening.evidence._watchers


def test_a_chat_that_goes_on_by_video_is_reported_as_one(evening: Evening) -> None:
    ann, bob = evening.pair()
    evening.switchboard.request_upgrade(ann)
    assert evening.evidence.of(bob).chat_type == "text"
    evening.evidence.happened(evening.switchboard.answer_upgrade(bob, accept=True))
    assert evening.evidence.of(ann).chat_type == evening.evidence.of(bob).chat_type == "video"
