"""Text as it is read and not as it is spelt: without look-alikes, accents, hidden characters."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from confusable_homoglyphs import confusables

LEET = str.maketrans("013457@$", "oieastas")
INVISIBLE = {"Cf", "Cc", "Mn", "Me"}  # Unicode's general categories: format, control, marks
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def normalise(text: str) -> tuple[str, list[int]]:
    """The text in plain small letters where it has any, and for each character where it was."""
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
