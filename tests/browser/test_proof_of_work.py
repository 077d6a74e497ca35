"""The page solves what a server asks of it in busy times, and nobody notices."""

from __future__ import annotations

import pytest

from tests.browser.meetings import meet
from tests.browser.visitor import Visitor
from tests.conftest import Launch
from tests.harness.servers import Server


@pytest.fixture(scope="module")
def server(launch: Launch) -> Server:
    """One that asks everybody for a proof."""
    return launch("run.py", PROOF_OF_WORK="always", PROOF_COST="50")


def test_two_meet_although_each_has_to_prove_something(red: Visitor, blue: Visitor) -> None:
    meet(red, blue)
    red.write("Hello, stranger")
    blue.reads("Hello, stranger")
    for visitor in (red, blue):
        assert [url for url in visitor.requests if url.endswith("/challenge")]
