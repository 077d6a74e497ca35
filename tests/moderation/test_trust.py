"""Whose reports count, and how little an angry crowd can do."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rendezvous.moderation.trust import Reporter, Terms, priority, suspends, total, weight

TERMS = Terms(threshold=3, age=86_400)
OLD = 10 * 86_400.0


def people(number: int, age: float = OLD, **more: int) -> list[Reporter]:
    return [Reporter(f"visitor {n}", f"address {n}", age, **more) for n in range(number)]


def test_three_trusted_people_suspend_somebody_and_two_do_not() -> None:
    assert suspends(people(3), TERMS)
    assert not suspends(people(2), TERMS)


def test_a_thousand_new_cookies_suspend_nobody() -> None:
    assert not suspends(people(1_000, age=3_600), TERMS)


def test_one_person_counts_once_however_often_they_report() -> None:
    assert total(people(1) * 50, TERMS) == 1


def test_many_visitors_of_one_address_count_as_one() -> None:
    crowd = [Reporter(f"visitor {n}", "the school", OLD) for n in range(50)]
    assert total(crowd, TERMS) == 1
    assert not suspends(crowd, TERMS)


def test_one_visitor_who_hops_between_addresses_counts_once() -> None:
    hopper = [Reporter("visitor", f"address {n}", OLD) for n in range(50)]
    assert total(hopper, TERMS) == 1


def test_who_was_wrong_before_counts_for_less_and_who_was_right_recovers() -> None:
    fresh, wrong = Reporter("a", "a", OLD), Reporter("a", "a", OLD, dismissed=3)
    mended = Reporter("a", "a", OLD, upheld=6, dismissed=3)
    assert weight(wrong, TERMS) < weight(mended, TERMS) < weight(fresh, TERMS) == 1
    assert not suspends(people(5, dismissed=3), TERMS)


def test_a_threshold_of_nothing_never_suspends() -> None:
    assert not suspends(people(100), Terms(threshold=0))


def test_the_urgent_comes_first_and_every_newcomer_counts_a_little_in_the_queue() -> None:
    assert priority("minor", people(1), TERMS) > priority("spam", people(3), TERMS)
    new = people(4, age=0)
    assert priority("spam", new, TERMS) > priority("spam", new[:1], TERMS)


@given(
    st.lists(
        st.builds(
            Reporter,
            st.sampled_from("abc"),
            st.sampled_from("xyz"),
            st.floats(0, 1e9),
            st.integers(0, 1_000),
            st.integers(0, 1_000),
        )
    )
)
def test_nobody_weighs_more_than_one_and_all_no_more_than_their_addresses(
    reporters: list[Reporter],
) -> None:
    assert all(0 <= weight(each, TERMS) <= 1 for each in reporters)
    people = {each.visitor for each in reporters}, {each.address for each in reporters}
    assert total(reporters, TERMS) <= min(map(len, people))
