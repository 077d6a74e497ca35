"""Who has met whom is remembered for a while, and never of more people than there is room for."""

from __future__ import annotations

from rendezvous.switchboard.acquaintances import MOST_VISITORS, Acquaintances


def test_two_who_met_are_known_to_each_other_for_a_while() -> None:
    acquaintances = Acquaintances(most=20, seconds=60)
    acquaintances.introduce("ann", "ben", now=0)
    assert acquaintances.have_met("ben", "ann", now=59)
    assert not acquaintances.have_met("ben", "ann", now=60)


def test_time_clears_them_out() -> None:
    acquaintances = Acquaintances(most=20, seconds=60)
    acquaintances.introduce("ann", "ben", now=0)
    acquaintances.introduce("cat", "dan", now=61)
    assert len(acquaintances) == 2


def test_of_too_many_those_are_forgotten_who_met_nobody_for_longest() -> None:
    acquaintances = Acquaintances(most=20, seconds=60)
    for number in range(MOST_VISITORS):
        acquaintances.introduce(f"one {number}", f"other {number}", now=0)
    assert len(acquaintances) == MOST_VISITORS
    assert not acquaintances.have_met("one 0", "other 0", now=1)
    last = MOST_VISITORS - 1
    assert acquaintances.have_met(f"one {last}", f"other {last}", now=1)
