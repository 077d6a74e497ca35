"""How many of those who come share an interest with somebody."""

from __future__ import annotations

from rendezvous.matching import WINDOW, Popularity


def after(*crowd: tuple[str, int]) -> Popularity:
    """So many have come with each interest, "" for none."""
    popularity = Popularity()
    for interest, people in crowd:
        for _ in range(people):
            popularity.note([interest] if interest else [])
    return popularity


def test_before_anybody_has_come_nobody_has_prospects() -> None:
    assert Popularity().prospects(["go"]) == 0


def test_who_gives_no_interest_has_no_prospects() -> None:
    assert after(("go", 10)).prospects([]) == 0


def test_they_are_the_share_of_those_who_give_it() -> None:
    assert after(("go", 1), ("", 3)).prospects(["go"]) == 1 / 4


def test_several_rare_interests_are_as_good_as_a_common_one() -> None:
    assert after(("go", 1), ("tea", 2), ("", 9)).prospects(["go", "tea"]) == 3 / 12


def test_nobody_shares_an_interest_with_more_than_everybody() -> None:
    popularity = Popularity()
    popularity.note(["go", "tea"])
    assert popularity.prospects(["go", "tea"]) == 1


def test_what_nobody_gives_any_more_is_forgotten() -> None:
    popularity = after(("go", WINDOW), ("", WINDOW))
    assert popularity.prospects(["go"])
    for _ in range(10 * WINDOW):
        popularity.note([])
    assert not popularity.prospects(["go"])


def test_no_more_is_remembered_than_a_few_thousand_interests() -> None:
    popularity = Popularity()
    for number in range(5 * WINDOW):
        popularity.note([f"interest {number} {each}" for each in range(10)])
    assert len(popularity) <= 20 * WINDOW
