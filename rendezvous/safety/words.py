"""The text filter: words of the operator's lists, and links and numbers from who has just come."""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from itertools import groupby
from pathlib import Path
from typing import Literal

from rendezvous.refusals import Refused
from rendezvous.safety.normalise import normalise

Strictness = Literal["light", "strict"]
Action = Literal["warn", "mask", "refuse"]
Tree = dict[str, "Tree"]
"""Runs of equal letters, and what follows each in some word."""

GAP = r"[\W_]"
MASK = "•"
END = ""  # in a tree: a word may end here
DOMAINS = (
    "com net org info biz io me co app dev gg tv ru de uk fr it es pl nl cn in xyz top site live"
)
LINK = re.compile(rf"https?:/|www\.|\b[\w-]+\.(?:{'|'.join(DOMAINS.split())})\b")
HINT = re.compile(r"[./\d]")  # without which there is neither; to look for this takes a fifth
NUMBER = re.compile(r"\+?\d(?:[\s().-]*\d){7,}")
MOST_KNOWN = 100_000  # sessions whose beginning is remembered; fewer are here at a time


class TextFilter:
    """Judges messages. `light` finds words, and those spelt out letter by letter; `strict` finds
    them anywhere, whatever stands between their letters.

    Links and numbers are refused for `no_links_for` seconds after somebody's first message.
    """

    def __init__(
        self,
        words: Iterable[str],
        strictness: Strictness,
        action: Action,
        no_links_for: float = 0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pattern = _pattern(words, strictness)
        self._action = action
        self._no_links_for = no_links_for
        self._clock = clock
        # Ordered, because a plain dictionary takes longer and longer to find its oldest.
        self._began: OrderedDict[str, float] = OrderedDict()

    def judge(self, session_id: str, text: str) -> tuple[str, bool]:
        """The text to go on, and whether its sender is to be warned.

        Raises Refused: "text_refused".
        """
        if self._is_new(session_id) and _has_contacts(text):
            raise Refused("text_refused", "No links or numbers at the beginning of a chat.")
        return self._filtered(text)

    def censor(self, text: str) -> str:
        """A question to go on, which comes before everything. Raises Refused: "text_refused"."""
        if self._no_links_for and _has_contacts(text):
            raise Refused("text_refused", "No links or numbers in a question.")
        return self._filtered(text)[0]

    def _filtered(self, text: str) -> tuple[str, bool]:
        plain, origins = normalise(text)
        if self._pattern is None or not self._pattern.search(plain):
            return text, False
        if self._action == "refuse":
            raise Refused("text_refused")
        if self._action == "warn":
            return text, True
        spans = (match.span() for match in self._pattern.finditer(plain))
        return _masked(text, [(origins[start], origins[end - 1]) for start, end in spans]), True

    def approves(self, text: str) -> bool:
        """Whether a text for everybody to read has no word, link or number that it should not."""
        plain, _ = normalise(text)
        has_word = self._pattern is not None and self._pattern.search(plain) is not None
        return not has_word and not _has_contacts(text)

    def _is_new(self, session_id: str) -> bool:
        if not self._no_links_for:
            return False
        now = self._clock()
        began = self._began.setdefault(session_id, now)
        if len(self._began) > MOST_KNOWN:
            self._began.popitem(last=False)
        return now - began < self._no_links_for


def read_words(paths: Iterable[str]) -> list[str]:
    """The words in files, one to a line; lines that begin with # are comments. Raises OSError."""
    lines = [line.strip() for path in paths for line in Path(path).read_text().splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


def _pattern(words: Iterable[str], strictness: Strictness) -> re.Pattern[str] | None:
    plain = {"".join(filter(str.isalnum, normalise(word)[0])) for word in words} - {""}
    if not plain:
        return None
    tree = _tree(plain)
    if strictness == "strict":
        return re.compile(_branches(tree, f"{GAP}*"))
    return re.compile(rf"(?<!\w)(?:{_branches(tree, '')}|{_branches(tree, f'{GAP}+')})(?!\w)")


def _tree(words: Iterable[str]) -> Tree:
    """The words by their beginnings, so that a text is compared with few of them at a time."""
    root: Tree = {}
    for word in words:
        node = root
        for _, run in groupby(word):
            node = node.setdefault("".join(run), {})
        node[END] = {}
    return root


def _branches(tree: Tree, gap: str) -> str:
    """What matches any of the words, their letters repeated as often as one likes, with gaps."""
    return f"(?:{'|'.join(_branch(run, tree[run], gap) for run in sorted(tree) if run != END)})"


def _branch(run: str, rest: Tree, gap: str) -> str:
    letter = re.escape(run[0])
    # Only the last of equal letters may be repeated, or the pattern would take its time.
    here = f"{gap.join([letter] * len(run))}{letter}*"
    if rest.keys() == {END}:
        return here
    return f"{here}(?:{gap}{_branches(rest, gap)}){'?' if END in rest else ''}"


def _has_contacts(text: str) -> bool:
    if not HINT.search(text):
        return False
    # Not with digits read as letters, which numbers would not survive.
    plain = text.casefold()
    return bool(LINK.search(plain) or NUMBER.search(plain))


def _masked(text: str, spans: list[tuple[int, int]]) -> str:
    letters = list(text)
    for first, last in spans:
        letters[first : last + 1] = MASK * (last + 1 - first)
    return "".join(letters)
