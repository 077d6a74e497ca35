"""Who may hope for somebody who shares an interest."""

from __future__ import annotations

from rendezvous.matching import ENOUGH, WINDOW, Popularity


def after(*crowd: tuple[str, int]) -> Popularity:
    """So many have come with each interest, "" for none."""
    popularity = Popularity()
    for interest, people in crowd:
        for _ in range(people):
            popularity.note([interest] if interest else [])
    return popularity


def test_before_anybody_has_come_nobody_has_prospects() -> None:
    assert not Popularity().has_prospects(["go"])


def test_who_gives_no_interest_has_no_prospects() -> None:
    assert not after(("go", 10)).has_prospects([])


def test_one_in_so_many_is_enough() -> None:
    assert after(("go", 1), ("", ENOUGH - 2)).has_prospects(["go"])
    assert not after(("go", 1), ("", ENOUGH - 1)).has_prospects(["go"])


def test_several_rare_interests_are_as_good_as_a_common_one() -> None:
    few = after(("go", 1), ("tea", 1), ("", ENOUGH))
    assert not few.has_prospects(["go"])
    assert few.has_prospects(["go", "tea"])


def test_what_nobody_gives_any_more_is_forgotten() -> None:
    popularity = after(("go", WINDOW), ("", WINDOW))
    assert popularity.has_prospects(["go"])
    for _ in range(10 * WINDOW):
        popularity.note([])
    assert not popularity.has_prospects(["go"])


def test_no_more_is_remembered_than_a_few_thousand_interests() -> None:
    popularity = Popularity()
    for number in range(5 * WINDOW):
        popularity.note([f"interest {number} {each}" for each in range(10)])
    assert len(popularity) <= 20 * WINDOW
