"""The parts of the benchmark; each gives figures: of a server, by metric, one value a round."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from bench.driver import Stalled
from bench.servers import Kind, NotStarted, Server, running

DRIVER_BUSY: Final = 0.8
MOST_OF_EVENTLET: Final = 1_024  # because its server's default is not to accept more at once

Round = dict[str, float]
Figures = dict[str, dict[str, list[float]]]


@dataclass(frozen=True)
class Scale:
    """How much of everything; sizes are clients, `seconds` is for each load at a fixed rate."""

    rounds: int = 5
    chats: int = 2_000
    messages: int = 40_000
    seconds: float = 4.0
    chats_at_once: int = 32
    pairs: int = 64
    idle_sizes: tuple[int, ...] = (1_000, 10_000)
    chatting: int = 1_000
    growth_rounds: int = 3
    growth_sizes: tuple[int, ...] = (100, 2_000, 20_000)
    growth_windows: int = 5
    disconnect_windows: int = 15  # more, because 50 disconnects are a few milliseconds of work
    waiting_sizes: tuple[int, ...] = (10, 1_000, 100_000)

    def for_kind(self, kind: Kind) -> Scale:
        """The plain stack gets a tenth of the work, and no more connections than it can serve."""
        if kind.name != "plain":
            return self
        tenth = {name: getattr(self, name) // 10 for name in ("chats", "messages")}
        sizes = tuple(size for size in self.idle_sizes if size <= MOST_OF_EVENTLET)
        return replace(self, **tenth, idle_sizes=sizes)


FULL: Final = Scale()
QUICK: Final = Scale(
    rounds=1,
    chats=400,
    messages=8_000,
    seconds=1.0,
    idle_sizes=(1_000,),
    chatting=200,
    growth_rounds=1,
    growth_sizes=(100, 1_000),
    growth_windows=3,
    disconnect_windows=3,
    waiting_sizes=(10, 1_000),
)


@dataclass
class Outcome:
    """The figures of a part, and remarks about what they don't show."""

    figures: Figures = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    remarks: list[str] = field(default_factory=list)

    def merge(self, other: Outcome) -> None:
        self.remarks += other.remarks
        for kind, metrics in other.figures.items():
            for metric, values in metrics.items():
                self.figures[kind][metric] += values

    def add(self, kind: str, round_: Round) -> None:
        for metric, value in round_.items():
            self.figures[kind][metric].append(value)


def interleaved(
    part: str, kinds: Sequence[Kind], rounds: int, one_round: Callable[[Server], Round]
) -> Outcome:
    """Run `one_round` on a fresh server of each kind in turn, `rounds` times."""
    outcome, left = Outcome(), list(kinds)
    for number in range(1, rounds + 1):
        for kind in list(left):
            print(f"{part}, round {number} of {rounds}: {kind.label}", flush=True)
            try:
                with running(kind) as server:
                    result = one_round(server)
            except (Stalled, NotStarted, OSError) as error:  # OSError: a server that has died
                outcome.remarks.append(f"{part}: {kind.label} given up in round {number}: {error}")
                print(outcome.remarks[-1], flush=True)
                left.remove(kind)
                continue
            outcome.add(kind.name, result)
            _show(result)
    return outcome


def _show(result: Round) -> None:
    print("  " + "  ".join(f"{name} {value:.4g}" for name, value in result.items()), flush=True)
    busy = result.get("driver_share", 0.0)
    if busy > DRIVER_BUSY:
        print(f"  warning: the driver took {busy:.0%} of a core and may be the limit", flush=True)
