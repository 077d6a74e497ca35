"""What the operator's filter has found is told to who wrote it, in plain words."""

from __future__ import annotations

import pytest

from tests.browser.meetings import meet
from tests.browser.visitor import Visitor
from tests.conftest import Launch
from tests.harness.servers import Server


@pytest.fixture(scope="module")
def server(launch: Launch, tmp_path_factory: pytest.TempPathFactory) -> Server:
    """One that masks a word, and takes no links at the beginning."""
    words = tmp_path_factory.mktemp("lists") / "words"
    words.write_text("badword\n")
    return launch("run.py", TEXT_FILTER="light", WORD_LISTS=str(words), NO_LINKS_FOR="600")


def test_who_writes_such_a_word_or_a_link_reads_that_it_is_not_welcome(
    red: Visitor, blue: Visitor
) -> None:
    meet(red, blue, "Text chat")
    red.write("You b a d w o r d")
    blue.reads("You •••••••••••••")
    red.is_told("Words like these are not welcome here")
    red.write("See https://example.org")
    red.is_told("Not sent: such words, or links and numbers at the beginning, are not welcome here")
    red.write("Hello")
    blue.reads("Hello")
