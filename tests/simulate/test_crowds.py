"""What must be true of every crowd, whoever introduces it."""

from __future__ import annotations

from itertools import pairwise

import pytest

from rendezvous.matching import Profile
from simulate import chart, optimum, report
from simulate.figures import Figures, Meeting
from simulate.hindsight import hindsight
from simulate.matchers import Comer
from simulate.scenes import FIRST, GREEDY, MATCHERS, OURS, Outcome, Scene

SCENE = Scene(online=200, hour=20, warm_up=30, seconds=120)


def comer(interests: str, came: float) -> Comer:
    return Comer(Profile("text", tuple(interests.split())), came)


@pytest.mark.parametrize("name", MATCHERS)
def test_nobody_is_in_two_places_at_once(name: str) -> None:
    crowd = SCENE.play(MATCHERS[name]())
    assert len(crowd.meetings) > 100
    places: dict[str, list[float]] = {}
    for each in crowd.meetings:
        assert each.one.profile.chat_type == each.other.profile.chat_type
        assert min(each.waits) >= 0
        for who in (each.one, each.other):
            places.setdefault(who.profile.visitor, []).append(each.when)
    assert all(one < other for times in places.values() for one, other in pairwise(times))


def test_the_same_seed_gives_the_same_crowd() -> None:
    one, other = (Figures.of(SCENE.play(MATCHERS[OURS]()).meetings) for _ in range(2))
    assert one == other


def test_ours_brings_back_nobody_and_finds_more_in_common_than_chance_does() -> None:
    scene = Scene(online=1_000, hour=20, warm_up=60, seconds=240)
    ours, first = (Figures.of(scene.play(MATCHERS[name]()).meetings) for name in (OURS, FIRST))
    assert ours.again == 0
    assert first.again > 0
    assert ours.interest > 1.8 * first.interest


def test_the_optimum_is_never_less_than_what_was_done() -> None:
    for name in MATCHERS:
        meetings = SCENE.play(MATCHERS[name]()).meetings
        assert optimum.of_the_same_waits(meetings) >= sum(each.interest for each in meetings)
    for name in (FIRST, OURS):
        assert 0 < hindsight(SCENE, name).in_the_same_waits <= 1


def test_the_optimum_of_four_who_could_be_paired_better() -> None:
    """In the order of their coming, b is given to a, and c and d are left with nothing shared."""
    a, b, c, d = comer("go", 0), comer("go tea", 1), comer("tea", 2), comer("go", 3)
    meetings = [Meeting(4, a, b), Meeting(4, c, d)]
    assert sum(each.interest for each in meetings) == 1
    assert optimum.of_the_same_waits(meetings) == 2
    assert optimum.with_patience([a, b, c, d], patience=1.5) == 1
    assert optimum.with_patience([a, b, c, d], patience=3) == 2


def test_the_optimum_for_everybody_leaves_nobody_out() -> None:
    a, b, c, d = comer("", 0), comer("go", 1), comer("go", 2), comer("", 3)
    assert optimum.with_patience([a, b, c, d], patience=1) == 1
    assert optimum.for_everybody([a, b, c, d], patience=1) == 0, "b and c would leave a and d alone"
    assert optimum.for_everybody([a, b, c, d], patience=3) == 0.5


def test_the_report_and_the_charts_show_every_matcher() -> None:
    meetings = [Meeting(4, comer("go", 0), comer("go", 2))]
    figures = Figures.of(meetings)
    outcomes = [Outcome(50, name, figures) for name in (OURS, FIRST, GREEDY)]
    text = "\n".join(report.page(outcomes, {}, [(1.0, figures), (2.0, figures)]))
    svg = "\n".join(chart.drawing(outcomes, [(1.0, figures), (2.0, figures)]))
    for name in (OURS, FIRST, GREEDY):
        assert f"| {name} | 4.0 s | 4.0 s | 4.0 s | 100.0%" in text
    assert svg.count("<circle") == 3
