"""The charts as SVG, readable on a light and on a dark page."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from operator import attrgetter
from typing import Final
from xml.sax.saxutils import escape

from simulate.figures import Figures
from simulate.scenes import FIRST, GREEDY, OURS, Outcome

WIDTH, LEFT, RIGHT, ROW, TOP = 760, 190, 70, 22, 44
PLOT_HEIGHT: Final = 220
CLASSES: Final = {OURS: "ours", FIRST: "first", GREEDY: "greedy"}
SHARES: Final = (
    ("common interest", "ours", attrgetter("interest")),
    ("common language", "first", attrgetter("language")),
    ("both", "greedy", attrgetter("both")),
)
STYLE: Final = """
  text { font: 13px system-ui, sans-serif; fill: #24292f; }
  .title { font-weight: 600; }
  .note { font-size: 11px; fill: #57606a; }
  .ours { fill: #1a7f5a; stroke: #1a7f5a; }
  .first { fill: #8c959f; stroke: #8c959f; }
  .greedy { fill: #b08800; stroke: #b08800; }
  .axis { stroke: #8c959f; stroke-width: 0.5; }
  polyline { fill: none; stroke-width: 2; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .note { fill: #9198a1; }
    .ours { fill: #3fb984; stroke: #3fb984; }
    .greedy { fill: #d4a72c; stroke: #d4a72c; }
  }
  polyline.ours, polyline.first, polyline.greedy { fill: none; }
"""

Scale = Callable[[float], float]


def drawing(outcomes: list[Outcome], curve: list[tuple[float, Figures]]) -> Iterator[str]:
    """The lines of one SVG: waits, shares, and shares over patience."""
    bars = TOP + ROW * len(outcomes) + 20
    height = 2 * bars + PLOT_HEIGHT + TOP + 50
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">'
    yield "<title>How long people wait for a stranger, and what the two have in common</title>"
    yield f"<style>{STYLE}</style>"
    yield from _waits(outcomes, 0)
    yield from _interests(outcomes, bars)
    yield from _curve(curve, 2 * bars)
    yield "</svg>"


def _waits(outcomes: list[Outcome], top: int) -> Iterator[str]:
    """From p50 over p95 (the dot) to p99, on a logarithmic axis."""
    scale = _logarithmic(0.001, 100, LEFT, WIDTH - RIGHT)
    yield _text(12, top + 20, "Time to match: p50 to p99, with a dot at p95", "title")
    bottom = top + TOP + ROW * len(outcomes)
    for power in range(-3, 3):
        x = scale(10**power)
        yield f'<path class="axis" d="M{x:.1f} {top + 30}V{bottom}"/>'
        yield _text(x - 14, bottom + 14, f"{10.0**power:g} s", "note")
    for y, each in _rows(outcomes, top):
        low, middle, high = (
            scale(wait) for wait in (each.figures.p50, each.figures.p95, each.figures.p99)
        )
        kind = CLASSES[each.matcher]
        yield _label(each, y)
        yield f'<path class="{kind}" stroke-width="3" d="M{low:.1f} {y - 4}H{high:.1f}"/>'
        yield f'<circle class="{kind}" cx="{middle:.1f}" cy="{y - 4}" r="5"/>'


def _interests(outcomes: list[Outcome], top: int) -> Iterator[str]:
    yield _text(12, top + 20, "Introductions with a common interest", "title")
    room = WIDTH - LEFT - RIGHT
    for y, each in _rows(outcomes, top):
        length = max(1.0, room * each.figures.interest)
        yield _label(each, y)
        yield (
            f'<rect class="{CLASSES[each.matcher]}" x="{LEFT}" y="{y - 11}" '
            f'width="{length:.1f}" height="14" rx="2"/>'
        )
        yield _text(LEFT + length + 6, y, f"{each.figures.interest:.0%}")


def _curve(curve: list[tuple[float, Figures]], top: int) -> Iterator[str]:
    """Shares over the p95 of the wait."""
    waits = [figures.p95 for _, figures in curve]
    x = _logarithmic(0.8 * min(waits), 1.1 * max(waits), 60, WIDTH - 150)
    bottom = top + TOP + PLOT_HEIGHT
    yield _text(12, top + 20, "What patience buys, with 1,000 online", "title")
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = bottom - PLOT_HEIGHT * share
        yield f'<path class="axis" d="M60 {y:.1f}H{WIDTH - 150}"/>'
        yield _text(20, y + 4, f"{share:.0%}", "note")
    for wait in waits:
        yield _text(x(wait) - 12, bottom + 16, f"{wait:.2g} s", "note")
    yield _text(60, bottom + 34, "p95 of the time to match", "note")
    for name, kind, share_of in SHARES:
        points = [(x(each.p95), bottom - PLOT_HEIGHT * share_of(each)) for _, each in curve]
        yield f'<polyline class="{kind}" points="{_points(points)}"/>'
        yield _text(points[-1][0] + 8, points[-1][1] + 4, name)


def _rows(outcomes: list[Outcome], top: int) -> Iterator[tuple[int, Outcome]]:
    return ((top + TOP + ROW * number + 12, each) for number, each in enumerate(outcomes))


def _label(each: Outcome, y: int) -> str:
    name = {OURS: "Rendezvous", FIRST: "first come", GREEDY: "best overlap"}[each.matcher]
    return _text(12, y, f"{each.online:,} online, {name}")


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _text(x: float, y: float, text: str, kind: str = "") -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}">{escape(text)}</text>'


def _logarithmic(low: float, high: float, left: float, right: float) -> Scale:
    width = (right - left) / math.log(high / low)
    return lambda value: left + width * math.log(min(max(value, low), high) / low)
