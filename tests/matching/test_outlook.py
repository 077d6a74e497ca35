"""What others' waits tell somebody who waits."""

from __future__ import annotations

from rendezvous.matching.outlook import MEMORY, RECENT, Outlook


def after(*waits: float, now: float = 0.0) -> Outlook:
    outlook = Outlook()
    for wait in waits:
        outlook.note(wait, now)
    return outlook


def test_nothing_is_known_before_some_have_been_introduced() -> None:
    assert Outlook().remaining(0, 0) is None
    assert after(5, 5).remaining(0, 0) is None
    assert after(5, 5, 5).remaining(0, 0) == 5


def test_it_is_the_median_of_those_who_had_waited_as_long() -> None:
    outlook = after(1, 2, 4, 6, 20)
    assert [outlook.remaining(waited, 0) for waited in (0, 1, 3, 5)] == [4, 5, 3, None]


def test_who_has_waited_longer_than_anybody_is_promised_nothing() -> None:
    assert after(1, 2, 3).remaining(60, 0) is None


def test_what_was_long_ago_tells_nothing() -> None:
    outlook = after(1, 1, 1)
    assert outlook.remaining(0, MEMORY) == 1
    assert outlook.remaining(0, MEMORY + 1) is None


def test_only_the_latest_count() -> None:
    outlook = after(*[100.0] * RECENT, *[1.0] * RECENT)
    assert outlook.remaining(0, 0) == 1
