"""Whom to take of several who have no interest in common."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rendezvous.matching import Candidate, least_costly

shares = st.integers(0, 100).map(lambda hundredths: hundredths / 100)
candidates = st.builds(Candidate, shares, shares, st.integers(0, 2))


def chosen(*among: Candidate) -> int:
    return least_costly(among)


def test_who_has_fewer_prospects_goes_before_who_came_first() -> None:
    assert chosen(Candidate(0.5, 0.2, 0), Candidate(0.0, 0.1, 0), Candidate(0.5, 0.1, 0)) == 1


def test_who_has_waited_has_less_to_give_up() -> None:
    assert chosen(Candidate(0.5, 0.1, 0), Candidate(0.5, 0.9, 0), Candidate(0.5, 0.1, 0)) == 1


def test_of_equals_who_came_first_is_chosen() -> None:
    assert chosen(*[Candidate(0.1, 0.5, 0)] * 3) == 0


def test_a_nearer_corner_goes_first_where_little_else_differs() -> None:
    assert chosen(Candidate(0.01, 0.5, 1), Candidate(0.02, 0.5, 0)) == 1
    assert chosen(Candidate(0.01, 0.5, 1), Candidate(0.5, 0.5, 0)) == 0


def test_of_two_who_has_waited_longer_is_not_left_alone_for_little() -> None:
    fresh, old = Candidate(0.0, 0.1, 0), Candidate(0.2, 0.8, 0)
    assert chosen(fresh, old) == 1
    assert chosen(fresh, Candidate(0.0, 0.1, 0), old, Candidate(0.0, 0.8, 0)) == 0


@given(st.lists(candidates, min_size=3, max_size=32))
def test_nobody_is_chosen_before_who_is_better_in_everything(among: list[Candidate]) -> None:
    one = among[least_costly(among)]
    assert not any(
        other.waited > one.waited and other.prospects < one.prospects and other.corner <= one.corner
        for other in among
    )
