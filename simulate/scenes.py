"""What is simulated: crowds of three sizes, and how the shares grow with people's patience."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from rendezvous.matching import Widening
from simulate.crowd import HOUR, MINUTE, Crowd
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
MOST_FOR_GREEDY: Final = 10_000  # because it looks at everybody who waits, for everybody who comes


@dataclass(frozen=True, slots=True)
class Scene:
    """So many online at the peak, from an hour of the day, for so many seconds after a warm-up.

    Several `crowds` are held against the clairvoyant where one gives two points more or less.
    """

    online: int
    hour: float
    warm_up: float
    seconds: float
    seed: int = SEED
    crowds: int = 1

    def play(self, matcher: Matcher) -> Crowd:
        """Let a crowd come; the same for every matcher until its introductions tell."""
        crowd = Crowd(matcher, self.online, self.hour * HOUR, self.seed)
        crowd.run(self.warm_up, self.seconds)
        return crowd

    def all(self) -> list[Scene]:
        """One for each of the crowds."""
        return [replace(self, seed=self.seed + number) for number in range(self.crowds)]


FULL: Final = (
    Scene(50, 0, 10 * MINUTE, 24 * HOUR),
    Scene(1_000, 20, 10 * MINUTE, HOUR, crowds=12),
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


def outcomes(scenes: tuple[Scene, ...]) -> Iterator[Outcome]:
    """Every matcher before every crowd."""
    for scene in scenes:
        for name, make in MATCHERS.items():
            if name == GREEDY and scene.online > MOST_FOR_GREEDY:
                continue
            yield Outcome(scene.online, name, Figures.of(scene.play(make()).meetings))


def patience() -> Iterator[tuple[float, Figures]]:
    """The same crowd with more and more patience."""
    scene = Scene(1_000, 20, 5 * MINUTE, 20 * MINUTE)
    for seconds in PATIENCES:
        longest = max(seconds, DEFAULT.latest)
        widening = replace(DEFAULT, soonest=seconds, latest=longest)
        yield seconds, Figures.of(scene.play(Rendezvous(widening)).meetings)
