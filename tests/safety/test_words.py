"""What the text filter finds, and what it leaves alone."""
# ruff: noqa: RUF001 - because look-alikes are what this is about

from __future__ import annotations

from pathlib import Path

import pytest

from rendezvous.refusals import Refused
from rendezvous.safety.normalise import normalise
from rendezvous.safety.words import Action, Strictness, TextFilter, read_words
from tests.conftest import Launch
from tests.harness.guests import Guests
from tests.switchboard.conftest import Clock

WORDS = ["badword", "ass", "Grüße"]
DISGUISES = [
    "badword",
    "You BADWORD!",
    "b a d w o r d",
    "b.a-d_w*o,r d",
    "baaaadwoooord",
    "b\u200ba\u200cd\u200dw\u2060o\ufeffr\u00add",
    "bаdwоrd",
    "ｂａｄｗｏｒｄ",
    "𝕓𝕒𝕕𝕨𝕠𝕣𝕕",
    "b4dw0rd",
    "bádwörd",
    "b\u0334a\u0336d\u0338w\u0335o\u0337r\u0334d",
    "a s s",
    "@$$",
    "grusse",
]
INNOCENT = [
    "as",
    "class",
    "passage",
    "the bad sword",
    "as soon",
    "",
    "hello, how are you?",
    "日本語",
]


def finds(strictness: Strictness, text: str) -> bool:
    return TextFilter(WORDS, strictness, "warn").judge("session", text)[1]


@pytest.mark.parametrize("text", DISGUISES)
@pytest.mark.parametrize("strictness", ["light", "strict"])
def test_a_word_is_found_in_every_disguise(strictness: Strictness, text: str) -> None:
    assert finds(strictness, text)


@pytest.mark.parametrize("text", INNOCENT)
def test_light_leaves_words_alone_that_only_contain_one(text: str) -> None:
    assert not finds("light", text)


def test_strict_finds_words_within_others() -> None:
    assert finds("strict", "xxbad wordxx")
    assert finds("strict", "class")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("You badword, you", "You •••••••, you"),
        ("b a d w o r d", "•••••••••••••"),
        ("b\u200badword ok", "•••••••• ok"),
        ("ﬁne badword ﬁne", "ﬁne ••••••• ﬁne"),
    ],
)
def test_what_is_masked_is_the_word_and_nothing_else(text: str, masked: str) -> None:
    assert TextFilter(WORDS, "light", "mask").judge("session", text) == (masked, True)


def test_every_character_knows_where_it_was() -> None:
    plain, origins = normalise("ﬁ\u200bÄ")
    assert (plain, origins) == ("fia", [0, 0, 2])


def refuses(judge: TextFilter, text: str, session_id: str = "session") -> bool:
    try:
        judge.judge(session_id, text)
    except Refused as refused:
        return refused.code == "text_refused"
    return False


@pytest.mark.parametrize(
    "contact",
    [
        *("https://example.org/x", "www.example", "look at example.com now", "HTTP://EXAMPLE"),
        *("call +49 170 1234567", "0170-123 45 67", "(555) 123-4567 8", "１２３４５６７８"),
    ],
)
def test_links_and_numbers_are_refused_at_the_beginning_only(contact: str) -> None:
    clock = Clock()
    judge = TextFilter([], "light", "warn", 120, clock)
    assert refuses(judge, contact)
    assert not refuses(judge, "I am 25, from 10115 Berlin. And you?")
    clock.pass_by(121)
    assert not refuses(judge, contact)
    assert refuses(judge, contact, "another")


def test_the_beginning_is_over_for_everybody_however_many_talk() -> None:
    clock = Clock()
    judge = TextFilter([], "light", "warn", 120, clock)
    talkers = [str(number) for number in range(20_000)]
    assert not any(refuses(judge, "hi", who) for who in talkers)
    clock.pass_by(121)
    assert not any(refuses(judge, "https://example.org", who) for who in talkers)


@pytest.mark.timeout(20)  # which a pattern that tries all ways would need many times over
@pytest.mark.parametrize("text", [each * 1_000 for each in ("aa", "as", "s ", "11", "w.")])
@pytest.mark.parametrize("strictness", ["light", "strict"])
def test_no_text_takes_long(strictness: Strictness, text: str) -> None:
    judge = TextFilter([*WORDS, "aaaaaaaaab", "sassassassas"], strictness, "mask", 60)
    assert refuses(judge, text) == text.startswith("11")


def test_lists_are_files_with_comments(tmp_path: Path) -> None:
    (tmp_path / "one").write_text("# ours\nbadword\n\n  worse  \n")
    (tmp_path / "two").write_text("worst\n")
    assert read_words([str(tmp_path / "one"), str(tmp_path / "two")]) == [
        *("badword", "worse", "worst")
    ]


@pytest.mark.parametrize("action", ["warn", "mask", "refuse"])
def test_a_server_does_with_messages_what_its_operator_wants(
    launch: Launch, tmp_path: Path, action: Action
) -> None:
    (tmp_path / "words").write_text("badword\n")
    server = launch(
        TEXT_FILTER="strict",
        WORD_LISTS=str(tmp_path / "words"),
        WORD_ACTION=action,
        NO_LINKS_FOR="60",
    )
    with Guests(server) as guests:
        one, other = guests.pair()
        answer = one.send("You b a d w o r d")
        assert one.send("See https://example.org")["code"] == "text_refused"
        assert "warning" not in one.send("Hello")
        if action == "refuse":
            assert answer["code"] == "text_refused"
        else:
            assert answer["warning"]
            text = other.expect("new_message")["message"]["text"]
            assert text == ("You •••••••••••••" if action == "mask" else "You b a d w o r d")
        assert other.expect("new_message")["message"]["text"] == "Hello"
