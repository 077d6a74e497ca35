"""What is simulated: crowds of three sizes, and how the shares grow with people's patience."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from rendezvous.matching import Widening
from simulate import optimum
from simulate.crowd import HOUR, MINUTE, Crowd, replay
from simulate.figures import Figures
from simulate.matchers import BestOverlap, FirstCome, Matcher, Rendezvous

SEED: Final = 7
DEFAULT: Final = Widening()
OURS, FIRST, GREEDY = "Rendezvous", "first come, first served", "greedy best overlap"
MATCHERS: Final[dict[str, Callable[[], Matcher]]] = {
    OURS: lambda: Rendezvous(DEFAULT),
    FIRST: FirstCome,
    GREEDY: BestOverlap,
}
PATIENCES: Final = (0.0, 0.35, 1.0, 2.0, 5.0, 10.0, 20.0)
ALLOWED: Final = 1.2
"""How long the p95 of the wait may be, against first come, first served."""
CLAIRVOYANT_COMINGS: Final = 4_000
MOST_FOR_GREEDY: Final = 10_000  # because it looks at everybody who waits, for everybody who comes


@dataclass(frozen=True, slots=True)
class Scene:
    """So many online at the peak, from an hour of the day, for so many seconds after a warm-up."""

    online: int
    hour: float
    warm_up: float
    seconds: float

    def play(self, matcher: Matcher) -> Crowd:
        """Let a crowd come; the same for every matcher until its introductions tell."""
        crowd = Crowd(matcher, self.online, self.hour * HOUR, SEED)
        crowd.run(self.warm_up, self.seconds)
        return crowd


FULL: Final = (
    Scene(50, 0, 10 * MINUTE, 24 * HOUR),
    Scene(1_000, 20, 10 * MINUTE, HOUR),
    Scene(50_000, 21, 90, MINUTE),
)
QUICK: Final = (
    Scene(50, 20, 10 * MINUTE, 4 * HOUR),
    Scene(1_000, 20, 5 * MINUTE, 10 * MINUTE),
    Scene(10_000, 21, 90, MINUTE),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One matcher before one crowd."""

    online: int
    matcher: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class Hindsight:
    """Meetings with a common interest: ours, and what was possible."""

    in_the_same_waits: float
    """Our share of what was possible among those who waited at the same time."""
    of_the_clairvoyant: float
    """Our share of what was possible for who knows who will come, and may leave people out."""
    of_the_fair_clairvoyant: float
    """Our share of a common interest, to that of one who may not."""
    dearer: float
    """How much longer our p95 is than that of first come, first served, for the same comings."""
    comings: int


def crowds(scenes: tuple[Scene, ...]) -> Iterator[tuple[Outcome, Crowd]]:
    """Every matcher before every crowd."""
    for scene in scenes:
        for name, make in MATCHERS.items():
            if name == GREEDY and scene.online > MOST_FOR_GREEDY:
                continue
            crowd = scene.play(make())
            yield Outcome(scene.online, name, Figures.of(crowd.meetings)), crowd


def hindsight(ours: Crowd) -> Hindsight:
    """Hold a crowd's meetings against the optimum; the clairvoyant lets nobody wait longer than the
    target allows: a fifth more than the p95 of first come, first served.
    """
    possible = optimum.of_the_same_waits(ours.meetings)
    common = sum(each.interest for each in ours.meetings)
    comings = ours.comings[:CLAIRVOYANT_COMINGS]
    quickest = Figures.of(replay(FirstCome(), comings)).p95
    again = replay(Rendezvous(DEFAULT), comings)
    figures = Figures.of(again)
    return Hindsight(
        common / possible,
        sum(each.interest for each in again) / optimum.with_patience(comings, ALLOWED * quickest),
        figures.interest / optimum.for_everybody(comings, ALLOWED * quickest),
        figures.p95 / quickest - 1,
        len(comings),
    )


def patience() -> Iterator[tuple[float, Figures]]:
    """The same crowd with more and more patience."""
    scene = Scene(1_000, 20, 5 * MINUTE, 20 * MINUTE)
    for seconds in PATIENCES:
        longest = max(seconds, DEFAULT.latest)
        widening = replace(DEFAULT, soonest=seconds, latest=longest)
        yield seconds, Figures.of(scene.play(Rendezvous(widening)).meetings)
