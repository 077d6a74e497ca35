"""`python -m bench [PART] [--quick] [--rounds N]`: which parts, in which order."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace

from bench import chart, report
from bench.measure import raise_descriptor_limit
from bench.parts import (
    FULL,
    QUICK,
    Outcome,
    Scale,
    chats,
    growth,
    memory,
    profiling,
    sharing,
    waiting,
)
from bench.results import Results
from bench.servers import Kind, node, ours, plain

Part = Callable[[Sequence[Kind], Scale], Outcome]
PARTS: dict[str, Part] = {"chats": chats.measure, "memory": memory.measure}
PAGES = {"profile": profiling.write, "sharing": sharing.write, "waiting": waiting.write}
"""What is no comparison, and has a page of its own."""

KINDS = {"rendezvous": ours, "node": node, "plain": plain}


def main() -> None:
    options = _options()
    raise_descriptor_limit()
    scale = QUICK if options.quick else FULL
    if options.rounds:
        scale = replace(scale, rounds=options.rounds)
    if options.part in PAGES:
        PAGES[options.part](scale)
        return
    kinds, missing = _available(options.servers)
    results = Results.load()
    for part in (*PARTS, "growth") if options.part == "all" else (options.part,):
        outcome = _measure(part, kinds, scale)
        outcome.remarks += [f"{part}: {each}" for each in missing]
        results.put(part, outcome, scale)
        results.save()
    report.write(results)
    chart.write(results)


def _available(names: Sequence[str]) -> tuple[list[Kind], list[str]]:
    """Return the servers that can be started here, and why the others can't."""
    kinds, missing = [], []
    for name in names:
        try:
            kinds.append(KINDS[name]())
        except ModuleNotFoundError as error:
            missing.append(f"{name} was left out, {error}")
            print(missing[-1])
    return kinds, missing


def _measure(part: str, kinds: list[Kind], scale: Scale) -> Outcome:
    if part == "growth":
        return growth.measure([kind for kind in kinds if kind.name != "plain"], scale)
    return PARTS[part](kinds, scale)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("part", nargs="?", default="all", choices=("all", *PARTS, "growth", *PAGES))
    parser.add_argument("--quick", action="store_true", help="a short form, about a minute")
    parser.add_argument("--rounds", type=int, help="how often each server has its turn")
    parser.add_argument("--servers", nargs="+", choices=KINDS, default=list(KINDS))
    return parser.parse_args()


if __name__ == "__main__":
    if not sys.platform.startswith("linux"):
        sys.exit("The benchmarks need Linux: epoll and /proc.")
    main()
