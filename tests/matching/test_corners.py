"""Where people stand and look: two who would like to meet find each other, others do not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rendezvous.matching import LEVELS, Plan, Profile, Stage, Widening, common_interests, plan
from rendezvous.matching.words import languages

profiles = st.builds(
    Profile,
    chat_type=st.just("text"),
    interests=st.lists(st.sampled_from(["go", "tea", "jazz"]), unique=True).map(tuple),
    language=st.sampled_from([None, "en", "pt", "pt-BR", "pt-PT"]),
    pinned=st.frozensets(st.sampled_from(["interests", "language"])),
)


def finds(one: Plan, other: Plan) -> bool:
    """Whether who comes finds who waits and has not yet looked wider."""
    return bool(set(one.looks) & set(other.stands))


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
    for corners in (planned.looks, planned.stands):
        assert len(set(corners)) == len(corners)


def test_ten_interests_in_a_regional_tongue_need_33_corners_and_no_more() -> None:
    planned = plan(Profile("text", tuple(map(str, range(10))), "zh-Hant-TW"))
    assert len(planned.stands) == 33
    assert len(planned.looks) == 33
    assert len(planned.fills) == 3


@given(profiles, profiles)
def test_who_has_waited_long_enough_sees_those_without_prospects_first(
    one: Profile, other: Profile
) -> None:
    *_, last = plan(one).stages or (Stage("exact", "exact", (), ()),)
    spare = set(plan(other).fills) & set(last.looks)
    others = set(plan(other).stands) & set(last.looks)
    if last.level != "interest" and spare:
        assert max(map(last.looks.index, spare)) < min(map(last.looks.index, others))


@given(profiles)
def test_who_takes_nobody_without_an_interest_in_common_fills_in_for_nobody(one: Profile) -> None:
    keeps_interests = "interests" in one.pinned and one.interests
    assert bool(plan(one).fills) != bool(keeps_interests)


def test_a_speaker_of_the_same_region_goes_first() -> None:
    assert plan(Profile("text", ("go",), "pt-BR")).looks[:2] == ("=pt-br|go", "=pt|go")


@given(st.floats(0, 1e9))
def test_patience_has_its_bounds(gap: float) -> None:
    assert 1 <= Widening(arrivals=2, soonest=1, latest=10).patience(gap) <= 10


def test_a_wait_widens_from_level_to_level() -> None:
    shares = [Widening().share(level) for level in LEVELS]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0, 1)
