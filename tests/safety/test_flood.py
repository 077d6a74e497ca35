"""The short form of `tests/safety/flood.py`; its full one is `python -m tests.safety.flood`."""

from __future__ import annotations

from collections.abc import Callable

from tests.conftest import Launch
from tests.safety.flood import SETTINGS, compare


def test_one_address_that_opens_session_after_session_does_not_keep_others_from_meeting(
    launch: Launch, record_testsuite_property: Callable[[str, object], None]
) -> None:
    for line in compare(launch(**SETTINGS), sessions=300):
        record_testsuite_property("flood", line)
