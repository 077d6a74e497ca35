"""What the bot says: that it is one, and something to everything."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rendezvous.demo.talk import PATIENCE, QUESTIONS, Talker
from rendezvous.protocol.fields import ChatType

LONGEST = 2_000  # characters that a server takes unless it is told otherwise


@pytest.fixture
def talker() -> Talker:
    return Talker(Random(7))


@pytest.mark.parametrize("chat_type", ["text", "video"])
def test_it_says_first_that_it_is_a_bot_and_then_asks(talker: Talker, chat_type: ChatType) -> None:
    first, *_, last = talker.greeting(chat_type)
    assert "bot, not a person" in first
    assert last.endswith("?")


def test_it_says_in_a_video_chat_that_it_does_not_look(talker: Talker) -> None:
    assert any("do not look at your camera" in text for text in talker.greeting("video"))


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("Are you a real person??", "bot"),
        ("hello   my name\nis Ada", "Nice to meet you, Ada!"),
        ("How are you?", "thank"),
        ("I like trains.", "“I like trains”"),
    ],
)
def test_it_answers_to_what_was_said(talker: Talker, said: str, answer: str) -> None:
    assert answer in talker.answer(said)


def test_it_asks_everything_once_before_it_repeats_itself(talker: Talker) -> None:
    asked = [talker.greeting("text")[-1] for _ in QUESTIONS]
    assert sorted(asked) == sorted(QUESTIONS)


def test_it_breaks_a_silence_but_not_for_ever(talker: Talker) -> None:
    assert all(talker.break_silence() for _ in range(PATIENCE))
    assert talker.break_silence() is None
    talker.answer("I am back")
    assert talker.break_silence()


@given(st.text(), st.integers())
def test_it_has_something_to_say_to_everything(said: str, seed: int) -> None:
    answer = Talker(Random(seed)).answer(said)
    assert not answer.isspace()
    assert 0 < len(answer) < LONGEST
