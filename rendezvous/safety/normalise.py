"""Text as it is read and not as it is spelt: without look-alikes, accents, hidden characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from confusable_homoglyphs import confusables

DIGITS, READ_AS = "013457@$", "oieastas"
LEET = str.maketrans(DIGITS, READ_AS)
LEET_BYTES = bytes.maketrans(DIGITS.encode(), READ_AS.encode())  # four times as fast
INVISIBLE = {"Cf", "Cc", "Mn", "Me"}  # Unicode's general categories: format, control, marks
HIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")  # which are ASCII's invisible ones
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def normalise(text: str) -> tuple[str, Sequence[int]]:
    """The text in plain small letters where it has any, and for each character where it was."""
    if text.isascii() and (text.isprintable() or not HIDDEN.search(text)):
        # Which most texts get by with.
        return text.lower().encode().translate(LEET_BYTES).decode(), range(len(text))
    folded: list[str] = []
    origins: list[int] = []
    for at, character in enumerate(text):
        for plain in _plain(character):
            folded.append(plain)
            origins.append(at)
    return "".join(folded), origins


@lru_cache(maxsize=4_096)
def _plain(character: str) -> str:
    """What a character looks like; "" if it cannot be seen."""
    decomposed = unicodedata.normalize("NFKD", character)
    seen = "".join(_look(each) for each in decomposed if not _is_invisible(each))
    return seen.casefold().translate(LEET)


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in INVISIBLE and character not in "\n\t\r"


def _look(character: str) -> str:
    """The Latin letter that it can be taken for (Unicode TR 39), or itself."""
    if character.isascii():
        return character
    for like in confusables.confusables_data.get(character, ()):
        if like["c"].casefold() in LETTERS:
            return str(like["c"])
    return character
