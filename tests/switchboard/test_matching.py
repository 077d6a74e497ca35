"""What every switchboard that widens promises: who meets whom, and when."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rendezvous.matching import Profile
from rendezvous.protocol.fields import Wish
from rendezvous.switchboard import Switchboard, Terms
from rendezvous.switchboard.results import Effects

from .conftest import HOMES, PATIENT, WIDENING, Clock, shut

ASKING = replace(PATIENT, alive_within=1, answer_within=2)
BUSY = replace(WIDENING, soonest=1, latest=1, language=1)
NEXT = 1e-3
TICK = 0.5


@pytest.fixture(scope="module")
def terms() -> Terms:
    return PATIENT


def person(
    interests: str = "", language: str | None = None, visitor: str = "", pinned: str = ""
) -> Profile:
    wishes: tuple[Wish, ...] = get_args(Wish)
    pins = frozenset(wish for wish in wishes if wish in pinned)
    return Profile("text", tuple(interests.split()), language, visitor, pinned=pins)


def after(board: Switchboard, clock: Clock, seconds: float) -> Effects:
    clock.pass_by(seconds)
    effects = board.widen()
    board.sweep()
    return effects


def matched(board: Switchboard, *profiles: Profile) -> bool:
    """Whether the last of those who start, one after the other, is matched at once."""
    return [board.start(profile).status for profile in profiles][-1] == "matched"


class TestWidening:
    def test_who_shares_interest_and_language_meets_at_once(self, board: Switchboard) -> None:
        assert matched(board, person("go tea", "pt-BR"), person("tea", "pt"))

    def test_the_best_goes_before_the_first(self, board: Switchboard) -> None:
        board.start(person("jazz", "en"))
        good = board.start(person("go", "en")).session_id
        (match,) = board.start(person("go", "en")).effects.matches
        assert good in match.sessions

    @pytest.mark.parametrize(
        ("one", "other", "seconds"),
        [
            (("go", "en"), ("go", "ja"), 1),
            (("go", "en"), ("tea", "en"), 2),
            (("go", "en"), ("tea", "ja"), 4),
            (("go", "en"), ("", None), 4),
        ],
    )
    def test_a_wait_widens_level_by_level(
        self,
        board: Switchboard,
        clock: Clock,
        one: tuple[str, str],
        other: tuple[str, str | None],
        seconds: float,
    ) -> None:
        assert not matched(board, person(*one), person(*other))
        assert not after(board, clock, seconds - NEXT).matches
        assert after(board, clock, NEXT).matches

    def test_who_has_waited_takes_somebody_who_would_have_found_nothing_in_common(
        self, board: Switchboard, clock: Clock
    ) -> None:
        assert matched(board, person("go", "en"), person("go", "en"))  # so go is liked here
        long = board.start(person("chess", "en")).session_id
        clock.pass_by(1)
        board.start(person("go", "en"))
        rare = board.start(person("jazz", "en")).session_id
        (match,) = after(board, clock, 1).matches
        assert set(match.sessions) == {long, rare}
        assert matched(board, person("go", "en"))

    def test_who_have_both_waited_long_keep_nothing_for_others(
        self, board: Switchboard, clock: Clock
    ) -> None:
        assert matched(board, person("go", "en"), person("go", "en"))
        assert matched(board, person("tea", "en"), person("tea", "en"))
        assert not matched(board, person("tea", "en"), person("go", "en"))
        assert not after(board, clock, 2 - NEXT).matches
        assert after(board, clock, NEXT).matches

    def test_who_has_waited_to_the_end_takes_anyone(self, board: Switchboard, clock: Clock) -> None:
        assert matched(board, person("go", "en"), person("go", "en"))
        assert matched(board, person("tea", "en"), person("tea", "en"))
        long = board.start(person("tea", "en")).session_id
        assert not after(board, clock, 2.5).matches
        liked = board.start(person("go", "ja")).session_id
        assert not after(board, clock, 1.5 - NEXT).matches
        (match,) = after(board, clock, NEXT).matches
        assert set(match.sessions) == {long, liked}

    def test_two_who_give_only_a_language_meet_at_once_where_people_are_rare(
        self, board: Switchboard
    ) -> None:
        assert matched(board, person(language="en"), person(language="en"))

    def test_it_is_known_when_there_is_something_to_widen(
        self, board: Switchboard, clock: Clock
    ) -> None:
        board.start(person("go", "en"))
        for seconds in (1, 1, 2):  # of WIDENING, from level to level
            board.widen()
            assert 0 < board.next_widening() <= seconds
            clock.pass_by(seconds)

    def test_who_has_widened_takes_the_next_who_comes(
        self, board: Switchboard, clock: Clock
    ) -> None:
        board.start(person("go", "en"))
        after(board, clock, 4)
        assert matched(board, person("tea", "ja"))

    def test_who_pins_interests_waits_for_them(self, board: Switchboard, clock: Clock) -> None:
        board.start(person("go", "en", pinned="interests"))
        other = board.start(person("tea", "en")).session_id
        assert not after(board, clock, 1_000).matches
        board.leave(other)
        assert matched(board, person("go", "ja"))

    def test_who_pins_a_language_waits_for_it(self, board: Switchboard, clock: Clock) -> None:
        board.start(person("go", "en", pinned="language"))
        other = board.start(person("go", "ja")).session_id
        assert not after(board, clock, 1_000).matches
        board.leave(other)
        assert matched(board, person("tea", "en"))

    def test_who_returns_from_a_dropped_link_goes_on_where_they_were(
        self, board: Switchboard, clock: Clock
    ) -> None:
        gone = board.start(person("go", "en"), "socket").session_id
        board.drop(gone, "socket")
        after(board, clock, 4)
        assert not matched(board, person("tea", "ja"))
        assert board.join(gone, 0, "new socket").status == "matched"


@pytest.mark.parametrize("terms", [replace(PATIENT, widening=BUSY)])
def test_in_a_crowd_who_gives_only_a_language_is_there_for_those_whose_time_is_up(
    board: Switchboard, clock: Clock
) -> None:
    long = board.start(person("chess", "ja")).session_id
    clock.pass_by(0.5)
    first = board.start(person(language="en")).session_id
    assert not matched(board, person(language="en"))
    (match,) = after(board, clock, 0.5).matches
    assert set(match.sessions) == {long, first}


class TestNotAgain:
    def test_two_who_have_just_left_each_other_do_not_meet_again(
        self, board: Switchboard, clock: Clock
    ) -> None:
        one, other = person(visitor="one"), person(visitor="other")
        first = board.start(one).session_id
        board.start(other)
        board.leave(first)
        assert not matched(board, one, other)
        assert matched(board, person(visitor="third"))

    def test_they_do_when_nobody_else_has_come_for_a_minute(
        self, board: Switchboard, clock: Clock
    ) -> None:
        one, other = person(visitor="one"), person(visitor="other")
        first = board.start(one).session_id
        board.start(other)
        board.leave(first)
        assert not matched(board, one, other)
        assert not after(board, clock, PATIENT.again_after - NEXT).matches
        assert after(board, clock, NEXT).matches

    def test_they_may_after_an_hour(self, board: Switchboard, clock: Clock) -> None:
        one, other = person(visitor="one"), person(visitor="other")
        first = board.start(one).session_id
        board.start(other)
        board.leave(first)
        after(board, clock, PATIENT.not_again_for)
        assert matched(board, one, other)

    def test_they_do_for_another_type_of_chat(self, board: Switchboard, clock: Clock) -> None:
        one, other = person(visitor="one"), person(visitor="other")
        first = board.start(one).session_id
        board.start(other)
        board.leave(first)
        assert matched(board, *(replace(each, chat_type="video") for each in (one, other)))

    def test_two_tabs_of_one_visitor_never_meet(self, board: Switchboard, clock: Clock) -> None:
        assert not matched(board, person(visitor="me"), person(visitor="me"))
        assert not after(board, clock, 10_000 - 1).matches
        assert matched(board, person(visitor="somebody else"))


class TestBlocks:
    @pytest.mark.parametrize("blocker", [0, 1])
    def test_two_of_whom_one_blocks_the_other_never_meet(
        self, board: Switchboard, clock: Clock, blocker: int
    ) -> None:
        names = ["one", "other"]
        both = [person(visitor=name) for name in names]
        both[blocker] = replace(both[blocker], blocked=frozenset({names[1 - blocker], "x"}))
        assert not matched(board, *both)
        assert not after(board, clock, 10_000 - 1).matches
        assert matched(board, person(visitor="somebody else"))


wishes = st.builds(
    person,
    st.sampled_from(["", "go", "tea", "go tea", "jazz"]),
    st.sampled_from([None, "en", "pt-BR", "pt"]),
)


@pytest.mark.parametrize("home", sorted(HOMES))
@given(profiles=st.lists(st.tuples(wishes, st.floats(0, 3)), min_size=2, max_size=12))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_nobody_starves(home: str, profiles: list[tuple[Profile, float]]) -> None:
    """Whoever waits is matched within the last widening and one coming."""
    clock = Clock()
    board = HOMES[home](clock, PATIENT)
    came: dict[str, float] = {}
    for profile, pause in profiles:
        note(came, after(board, clock, pause))
        begun = board.start(profile)
        came[begun.session_id] = clock.now
        note(came, begun.effects)
        assert sum(clock.now - since > WIDENING.latest for since in came.values()) <= 1
    note(came, after(board, clock, WIDENING.latest))
    assert len(came) <= 1
    shut(board)


@pytest.mark.parametrize("home", sorted(HOMES))
@given(people=st.lists(st.tuples(wishes, st.floats(0, 3), st.booleans()), min_size=2, max_size=9))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_nobody_who_is_there_starves_among_those_who_are_not(
    home: str, people: list[tuple[Profile, float, bool]]
) -> None:
    """Each of those who never answer costs whoever meets them the time of one answer, once."""
    clock = Clock()
    board = HOMES[home](clock, ASKING)
    came: dict[str, float] = {}
    silent: set[str] = set()

    def follow(effects: Effects) -> None:
        note(came, effects)
        for asked in effects.asks:
            if asked not in silent:
                follow(board.vouch(asked, "socket"))

    def wait(seconds: float) -> None:
        for _ in range(math.ceil(seconds / TICK)):
            clock.pass_by(TICK)
            follow(board.widen())
            patience = WIDENING.latest + TICK + (len(silent) + 1) * (ASKING.answer_within + TICK)
            late = [each for each, since in came.items() if clock.now - since > patience]
            assert len(set(late) - silent) <= 1

    for profile, pause, answers in people:
        wait(pause)
        begun = board.start(profile, "socket")
        came[begun.session_id] = clock.now
        if not answers:
            silent.add(begun.session_id)
        follow(begun.effects)
    wait(WIDENING.latest + (len(silent) + 2) * (ASKING.answer_within + TICK))
    assert len(set(came) - silent) <= 1
    shut(board)


def note(came: dict[str, float], effects: Effects) -> None:
    """Forget those who have been introduced."""
    for match in effects.matches:
        for session_id in match.sessions:
            came.pop(session_id, None)
