"""The figures as a page of Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from simulate.figures import MANY, Figures
from simulate.scenes import FIRST, OURS, Hindsight, Outcome

DIRECTORY: Final = Path(__file__).parent / "results"
HEAD: Final = (
    "| {} | p50 | p95 | p99 | common interest | common language | both | met again |\n"
    "| --- | --- | --- | --- | --- | --- | --- | --- |"
)


def page(
    outcomes: list[Outcome], hindsights: dict[int, Hindsight], curve: list[tuple[float, Figures]]
) -> Iterator[str]:
    """The lines."""
    yield "# Results of `make simulate`"
    for online in dict.fromkeys(each.online for each in outcomes):
        own = {each.matcher: each.figures for each in outcomes if each.online == online}
        yield f"\n## {online:,} online\n\n{HEAD.format('introduced by')}"
        yield from (_row(name, figures) for name, figures in own.items())
        yield f"\n{_verdict(own[OURS], own[FIRST], hindsights.get(online))}"
    yield f"\n## What patience buys, with 1,000 online\n\n{HEAD.format('`MATCH_SOONEST`')}"
    yield from (_row(f"{seconds:g} s", figures) for seconds, figures in curve)


def _row(name: str, it: Figures) -> str:
    waits = " | ".join(_seconds(wait) for wait in (it.p50, it.p95, it.p99))
    shares = " | ".join(f"{share:.1%}" for share in (it.interest, it.language, it.both, it.again))
    return f"| {name} | {waits} | {shares} |"


def _seconds(wait: float) -> str:
    return f"{wait:.1f} s" if wait >= 1 else f"{1000 * wait:.0f} ms"


def _verdict(ours: Figures, first: Figures, hindsight: Hindsight | None) -> str:
    text = (
        f"{ours.meetings:,} introductions by Rendezvous, p95 {ours.p95 / first.p95 - 1:+.0%} "
        f"against first come, first served; {ours.again_with_many} met again while {MANY} or more "
        "waited."
    )
    if hindsight is None:
        return text
    return (
        f"{text} Meetings with a common interest: {hindsight.in_the_same_waits:.0%} of the most "
        f"that were possible among those who waited at the same time. {hindsight.comings:,} "
        f"comings once more, p95 {hindsight.dearer:+.0%}: {hindsight.of_the_clairvoyant:.0%} of "
        "what a clairvoyant gets who lets everybody meet somebody in time and nobody the same one "
        f"twice, {hindsight.of_the_careless:.0%} of what one gets who brings people back, "
        f"{hindsight.of_the_ruthless:.0%} of what one gets who leaves people out, too."
    )
