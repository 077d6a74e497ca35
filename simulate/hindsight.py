"""Introductions held against the optimum: what others could have done, with the same comings."""

from __future__ import annotations

from collections import defaultdict, deque
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import chain, repeat, takewhile
from operator import attrgetter
from statistics import fmean
from typing import Final

from simulate import optimum
from simulate.crowd import replay
from simulate.figures import Figures, Meeting, percentile, waits_of
from simulate.matchers import Comer, FirstCome, Rendezvous
from simulate.optimum import Acquaintance
from simulate.scenes import DEFAULT, MATCHERS, Scene

ALLOWED: Final = 1.2
"""How long the p95 of the wait may be, against first come, first served."""
WARM_UP, WINDOW, WINDOWS = 4_000, 4_000, 4
"""Comings of each, before the clairvoyant is asked; those that one sees at a time; how many do."""
REMEMBERED: Final = 10
"""A visitor's last partners whom a clairvoyant does not bring back either, besides those met since;
half of what we remember, as in a window as many are met."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One crowd's comings once more: our waits, those of first come, first served, and our share of
    meetings with a common interest, and those of others who know more.
    """

    waits: list[float]
    first_waits: list[float]
    interest: float
    in_the_same_waits: float
    bound: float
    free: float
    ruthless: float
    comings: int


@dataclass(frozen=True, slots=True)
class Hindsight:
    """Meetings with a common interest: ours, and what was possible."""

    in_the_same_waits: float
    """Our share of what was possible among those who waited at the same time."""
    of_the_clairvoyant: float
    """Our share of a common interest to that of one who knows who will come, has everybody meet
    somebody in time, and brings nobody back who has met before."""
    of_the_careless: float
    """To that of one who brings people back."""
    of_the_ruthless: float
    """Our share of what was possible for one who leaves people out, too."""
    dearer: float
    """How much longer our p95 is than that of first come, first served, for the same comings."""
    crowds: int
    comings: int


def hindsight(scene: Scene, introduced_by: str) -> Hindsight:
    """Introduce the crowds of a scene as they came once more, and hold that against the optimum.

    Who comes when depends on how long they talked before, and so on who introduced them.
    """
    with ProcessPoolExecutor() as pool:
        samples = list(pool.map(_sample, scene.all(), repeat(introduced_by)))

    def mean(what: str) -> float:
        return fmean(map(attrgetter(what), samples))

    def p95(what: str) -> float:
        return percentile(sorted(chain.from_iterable(map(attrgetter(what), samples))), 0.95)

    interest = mean("interest")
    return Hindsight(
        in_the_same_waits=mean("in_the_same_waits"),
        of_the_clairvoyant=interest / mean("bound"),
        of_the_careless=interest / mean("free"),
        of_the_ruthless=interest / mean("ruthless"),
        dearer=p95("waits") / p95("first_waits") - 1,
        crowds=len(samples),
        comings=sum(each.comings for each in samples),
    )


def _sample(scene: Scene, introduced_by: str) -> Sample:
    """The clairvoyant lets nobody wait longer than the target allows: a fifth more than the p95 of
    first come, first served.
    """
    comings = scene.play(MATCHERS[introduced_by]()).comings
    warm_up = min(WARM_UP, len(comings) // 2)
    comings = comings[: warm_up + WINDOWS * WINDOW]
    windows = _windows(comings[warm_up:])
    began = comings[warm_up].came
    again = replay(Rendezvous(DEFAULT), comings)
    ours, first = _since(began, again), _since(began, replay(FirstCome(), comings))
    limit = ALLOWED * Figures.of(first).p95
    interest = Figures.of(ours).interest
    return Sample(
        waits=waits_of(ours),
        first_waits=waits_of(first),
        interest=interest,
        in_the_same_waits=interest * len(ours) / optimum.of_the_same_waits(ours),
        bound=fmean(
            optimum.for_everybody(each, limit, _acquainted(each[0].came, again)) for each in windows
        ),
        free=fmean(optimum.for_everybody(each, limit) for each in windows),
        ruthless=sum(optimum.with_patience(each, limit) for each in windows) / len(ours),
        comings=len(comings) - warm_up,
    )


def _windows(comings: list[Comer]) -> list[list[Comer]]:
    return [comings[start : start + WINDOW] for start in range(0, len(comings), WINDOW)]


def _acquainted(moment: float, meetings: list[Meeting]) -> set[Acquaintance]:
    """Who has met whom of late, at a moment; `meetings` are in their order."""
    last: defaultdict[str, deque[str]] = defaultdict(partial(deque, maxlen=REMEMBERED))
    for each in takewhile(lambda meeting: meeting.when < moment, meetings):
        one, other = each.one.profile.visitor, each.other.profile.visitor
        last[one].append(other)
        last[other].append(one)
    return {frozenset((one, other)) for one, others in last.items() for other in others}


def _since(moment: float, meetings: list[Meeting]) -> list[Meeting]:
    return [each for each in meetings if each.when >= moment]
