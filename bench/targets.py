"""The targets: ratios that should not be higher, and whether they were met."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bench.results import NODE, OURS, PLAIN, Results


@dataclass(frozen=True)
class Target:
    """A ratio that should not be above `limit`."""

    label: str
    part: str
    metric: str
    other: str
    limit: float


TARGETS: Final = (
    Target("CPU for a chat against Node", "chats", "cpu_per_chat_us", NODE, 0.8),
    Target("CPU for a chat against the plain stack", "chats", "cpu_per_chat_us", PLAIN, 0.1),
    Target("p99 of a relay at half load against Node", "chats", "relay_p99_ms", NODE, 1.0),
)


def lines(results: Results) -> Iterator[str]:
    """Yield a section of Markdown, or nothing if none of the targets was measured."""
    found = [*_ratio_targets(results), *_growth_targets(results)]
    if found:
        yield from ("", "## Targets", "", "| | at most | measured | |")
        yield "| --- | ---: | ---: | --- |"
        yield from found


def _ratio_targets(results: Results) -> Iterator[str]:
    idle = [
        Target(f"Memory for an idle connection, of {size:,}, against Node", "memory", name, NODE, 1)
        for size in results.sizes("memory", OURS, "kb_per_connection")
        for name in [f"kb_per_connection@{size}"]
    ]
    for target in (*TARGETS, *idle):
        ratio = results.ratio(target.part, OURS, target.other, target.metric)
        if ratio is not None:
            yield _verdict(target.label, target.limit, ratio)


def _growth_targets(results: Results) -> Iterator[str]:
    for metric, label in (
        ("match_us", "match"),
        ("relay_us", "relay"),
        ("disconnect_us", "disconnect"),
    ):
        sizes = results.sizes("growth", OURS, metric)
        costs = [results.median("growth", OURS, f"{metric}@{size}") or 0.0 for size in sizes]
        if len(costs) > 1:
            span = f"{sizes[0]:,} to {sizes[-1]:,}"
            yield _verdict(f"Growth of a {label}, {span}", 1.2, max(costs) / costs[0])


def _verdict(label: str, limit: float, value: float) -> str:
    verdict = "met" if value <= limit else f"missed by {value / limit - 1:.0%}"
    return f"| {label} | {limit:.2f} | {value:.2f} | {verdict} |"
