"""Words that mean the same are the same."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rendezvous.matching import normalised, words


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("Chess", "chess"),
        ("  chess ", "chess"),
        ("ﬁlm", "films"),
        ("Movies", "films"),
        ("Board   Game", "board games"),
        ("Straße", "strasse"),
        ("ＧＯ", "go"),  # noqa: RUF001 - full width on purpose
        ("雪", "雪"),
    ],
)
def test_an_interest_is_compared_by_what_it_means(given: str, meant: str) -> None:
    assert normalised([given]) == (meant,)


def test_each_interest_counts_once_and_in_the_order_given() -> None:
    assert normalised(["tea", "movie", "Tea", "film", " ", "go"]) == ("tea", "films", "go")


@settings(max_examples=50)
@given(st.lists(st.text(max_size=50), max_size=10))
def test_what_is_normalised_stays_as_it_is(interests: list[str]) -> None:
    once = normalised(interests)
    assert normalised(once) == once


def test_a_word_stands_in_one_line_of_the_file_only() -> None:
    path = Path(words.__file__).with_name("words.toml")
    for groups in tomllib.loads(path.read_text()).values():
        taken = Counter(
            words.plain(word) for name, group in groups.items() for word in (name, *group)
        )
        assert [word for word, times in taken.items() if times > 1] == []


@pytest.mark.parametrize(
    ("tag", "found_under"),
    [
        ("pt", ("pt",)),
        ("pt-BR", ("pt-br", "pt")),
        ("zh-Hant-TW", ("zh-hant", "zh")),
        ("en-x-pirate", ("en",)),
        ("iw", ("he",)),
        ("nb-NO", ("no-no", "no")),
        (None, ()),
    ],
)
def test_a_language_is_found_under_its_tag_and_what_that_falls_back_to(
    tag: str | None, found_under: tuple[str, ...]
) -> None:
    assert words.languages(tag) == found_under
