"""The figures as a page of Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from simulate.figures import MANY, Figures
from simulate.hindsight import Hindsight
from simulate.scenes import FIRST, OURS, Outcome

DIRECTORY: Final = Path(__file__).parent / "results"
HEAD: Final = (
    "| {} | p50 | p95 | p99 | common interest | common language | both | met again |\n"
    "| --- | --- | --- | --- | --- | --- | --- | --- |"
)


def page(
    outcomes: list[Outcome],
    hindsights: dict[int, dict[str, Hindsight]],
    curve: list[tuple[float, Figures]],
) -> Iterator[str]:
    """The lines; `hindsights` by how many were online, and who introduced the crowds at first."""
    yield "# Results of `make simulate`"
    for online in dict.fromkeys(each.online for each in outcomes):
        own = {each.matcher: each.figures for each in outcomes if each.online == online}
        yield f"\n## {online:,} online\n\n{HEAD.format('introduced by')}"
        yield from (_row(name, figures) for name, figures in own.items())
        verdict = _verdict(own[OURS], own[FIRST], hindsights.get(online, {}))
        yield from (f"\n{sentence}" for sentence in verdict)
    yield f"\n## What patience buys, with 1,000 online\n\n{HEAD.format('`MATCH_SOONEST`')}"
    yield from (_row(f"{seconds:g} s", figures) for seconds, figures in curve)


def _row(name: str, it: Figures) -> str:
    waits = " | ".join(_seconds(wait) for wait in (it.p50, it.p95, it.p99))
    shares = " | ".join(f"{share:.1%}" for share in (it.interest, it.language, it.both, it.again))
    return f"| {name} | {waits} | {shares} |"


def _seconds(wait: float) -> str:
    return f"{wait:.1f} s" if wait >= 1 else f"{1000 * wait:.0f} ms"


def _verdict(ours: Figures, first: Figures, hindsights: dict[str, Hindsight]) -> Iterator[str]:
    yield (
        f"{ours.meetings:,} introductions by Rendezvous, p95 {ours.p95 / first.p95 - 1:+.0%} "
        f"against first come, first served; {ours.again_with_many} met again while {MANY} or more "
        "waited."
    )
    for name, hindsight in hindsights.items():
        yield (
            f"The {hindsight.comings:,} comings of {_crowds(hindsight.crowds)} that {name} had "
            f"introduced, once more: p95 {hindsight.dearer:+.1%}; of the meetings with a common "
            f"interest {hindsight.in_the_same_waits:.1%} of the most that were possible among "
            f"those who waited at the same time, {hindsight.of_the_clairvoyant:.1%} of what a "
            "clairvoyant gets who lets everybody meet somebody in time and nobody the same one "
            f"twice, {hindsight.of_the_careless:.1%} of what one gets who brings people back, "
            f"{hindsight.of_the_ruthless:.1%} of what one gets who leaves people out, too."
        )


def _crowds(number: int) -> str:
    return "a crowd" if number == 1 else f"{number} crowds"
