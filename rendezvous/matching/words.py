"""Interests and languages as they are compared: one spelling for what means the same."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path

SUBTAGS = 2  # a language and its script or region, such as zh-Hant or pt-BR; more tells little more


def plain(text: str) -> str:
    """NFKC, case-folded, with single spaces and none around it."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _by_synonym(groups: Mapping[str, Iterable[str]]) -> dict[str, str]:
    return {plain(word): plain(name) for name, words in groups.items() for word in words}


_FILE = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
_INTERESTS = _by_synonym(_FILE["interests"])
_LANGUAGES = _by_synonym(_FILE["languages"])


def normalised(interests: Iterable[str]) -> tuple[str, ...]:
    """Interests as they are compared and shown, each once, in the order in which they were given.

    Synonyms and plurals are those of `words.toml`.
    """
    words = (plain(text) for text in interests)
    return tuple(dict.fromkeys(_INTERESTS.get(word, word) for word in words if word))


def languages(tag: str | None) -> tuple[str, ...]:
    """The tags under which speakers of `tag` find each other, the most specific first.

    Truncated from the end, as RFC 4647 (3.4) looks up: pt-BR meets pt-BR, then whoever speaks pt.
    """
    if not tag:
        return ()
    subtags = tag.lower().split("-")[:SUBTAGS]
    subtags[0] = _LANGUAGES.get(subtags[0], subtags[0])
    if len(subtags[-1]) == 1:  # a singleton only introduces what has been cut off
        subtags.pop()
    return tuple("-".join(subtags[:length]) for length in range(len(subtags), 0, -1))
