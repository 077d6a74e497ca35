"""Where people stand and look: two who would like to meet find each other, others do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rendezvous.matching import LEVELS, Plan, Profile, Widening, common_interests, plan
from rendezvous.matching.words import languages

LONG = 10.0  # s
profiles = st.builds(
    Profile,
    chat_type=st.just("text"),
    interests=st.lists(st.sampled_from(["go", "tea", "jazz"]), unique=True).map(tuple),
    language=st.sampled_from([None, "en", "pt", "pt-BR", "pt-PT"]),
    pinned=st.frozensets(st.sampled_from(["interests", "language"])),
)


def finds(one: Plan, other: Plan, patience: float = LONG) -> bool:
    """Whether who comes finds who waits and has not yet looked wider, where that takes its time."""
    return bool(set(one.with_patience(patience).looks) & set(other.stands))


def everywhere(one: Plan) -> set[str]:
    return {*one.looks, *(corner for stage in one.stages for corner in stage.looks)}


@given(profiles, profiles)
def test_who_comes_finds_at_once_whoever_shares_interest_and_language(
    one: Profile, other: Profile
) -> None:
    spoken = set(languages(one.language)) & set(languages(other.language))
    same_language = bool(spoken) or one.language is other.language is None
    same_interest = bool(common_interests(one, other)) or not (one.interests or other.interests)
    assert finds(plan(one), plan(other)) == (same_language and same_interest)


@given(profiles, profiles)
def test_with_nothing_pinned_everybody_finds_everybody_in_the_end(
    one: Profile, other: Profile
) -> None:
    free, freer = (Profile("text", each.interests, each.language) for each in (one, other))
    last = plan(free).stages[-1]
    assert set(last.looks) & set(plan(freer).stands)
    assert set(last.opens) & set(plan(freer).looks)


@given(profiles, profiles)
def test_what_is_pinned_is_never_given_up(one: Profile, other: Profile) -> None:
    if everywhere(plan(one)) & set(plan(other).stands):
        for each in (one, other):
            if "interests" in each.pinned and each.interests:
                assert common_interests(one, other)
            if "language" in each.pinned and each.language:
                assert set(languages(one.language)) & set(languages(other.language))


@given(profiles)
def test_no_corner_is_named_twice(one: Profile) -> None:
    planned = plan(one)
    for corners in (planned.with_patience(LONG).looks, planned.stands):
        assert len(set(corners)) == len(corners)


def test_ten_interests_in_a_regional_tongue_need_33_corners_and_no_more() -> None:
    planned = plan(Profile("text", tuple(map(str, range(10))), "zh-Hant-TW"))
    assert len(planned.stands) == 33
    assert len(planned.looks) == 33


@given(profiles)
def test_only_who_shares_an_interest_is_taken_whatever_it_costs_them(one: Profile) -> None:
    assert all(stage.spares != (stage.level == "interest") for stage in plan(one).stages)


def test_who_gives_only_a_language_meets_their_like_at_once_only_where_people_are_rare() -> None:
    assert not finds(plan(Profile("text", language="en")), plan(Profile("text", language="en")), 1)
    assert finds(plan(Profile("text", language="en")), plan(Profile("text", language="en")), 1.1)


@pytest.mark.parametrize(
    "profile", [Profile("text"), Profile("text", ("go",)), Profile("text", ("go",), "en")]
)
def test_everybody_else_meets_their_like_at_once_everywhere(profile: Profile) -> None:
    assert finds(plan(profile), plan(profile), 0)


def test_a_speaker_of_the_same_region_goes_first() -> None:
    assert plan(Profile("text", ("go",), "pt-BR")).looks[:2] == ("=pt-br|go", "=pt|go")


@given(st.floats(0, 1e9))
def test_patience_has_its_bounds(gap: float) -> None:
    assert 1 <= Widening(arrivals=2, soonest=1, latest=10).patience(gap) <= 10


def test_a_wait_widens_from_level_to_level() -> None:
    shares = [Widening().share(level) for level in LEVELS]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0, 1)
