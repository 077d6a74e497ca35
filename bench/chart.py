"""The chart: small panels of bars as SVG, readable on a light and on a dark page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from xml.sax.saxutils import escape

from bench.results import DIRECTORY, LABELS, NODE, OURS, PLAIN, Results

PANELS: Final = (
    ("chats", "cpu_per_chat_us", "Server CPU for a whole chat", "µs"),
    ("chats", "cpu_per_message_us", "Server CPU for a message", "µs"),
    ("memory", "kb_per_connection", "Memory for an idle connection", "KB"),
    ("chats", "relay_p99_ms", "p99 of a relay at half of its top load", "ms"),
)
WIDTH, PANEL_WIDTH, PANEL_HEIGHT, BAR_HEIGHT, GAP = 760, 360, 132, 22, 8
LABEL_WIDTH, VALUE_WIDTH, TOP = 110, 70, 40
SHORT: Final = {OURS: "Rendezvous", NODE: "Node", PLAIN: "Flask-SocketIO"}
STYLE: Final = """
  text { font: 13px system-ui, sans-serif; fill: #24292f; }
  .title { font-weight: 600; }
  .note { font-size: 11px; fill: #57606a; }
  .rendezvous { fill: #1a7f5a; }
  .node { fill: #8c959f; }
  .plain { fill: #c6ccd2; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .note { fill: #9198a1; }
    .rendezvous { fill: #3fb984; }
    .node { fill: #7d8590; }
    .plain { fill: #484f58; }
  }
"""


def write(results: Results) -> None:
    (DIRECTORY / "latest.svg").write_text("\n".join(_svg(results)) + "\n")


def _svg(results: Results) -> Iterator[str]:
    panels = list(_panels(results))
    rows = (len(panels) + 1) // 2
    height = TOP + rows * PANEL_HEIGHT + 24
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">'
    yield "<title>Rendezvous, Node Socket.IO and plain Flask-SocketIO, side by side</title>"
    yield f"<style>{STYLE}</style>"
    yield '<text class="title" x="12" y="20">One process, the same chats: less is better</text>'
    for number, panel in enumerate(panels):
        column, row = number % 2, number // 2
        x, y = 12 + column * (PANEL_WIDTH + 16), TOP + row * PANEL_HEIGHT
        yield from _panel(x, y, *panel)
    yield f'<text class="note" x="12" y="{height - 8}">{escape(_origin(results))}</text>'
    yield "</svg>"


def _origin(results: Results) -> str:
    entry = next(iter(results.parts.values()))
    return f"{entry['date']} · {entry['machine']}"


def _panels(results: Results) -> Iterator[tuple[str, str, dict[str, float]]]:
    for part, metric, title, unit in PANELS:
        sizes = results.sizes(part, OURS, metric) or results.sizes(part, NODE, metric)
        name = f"{metric}@{sizes[-1]}" if sizes else metric
        values = {kind: results.median(part, kind, name) for kind in LABELS}
        known = {kind: value for kind, value in values.items() if value is not None}
        if known:
            yield f"{title}, of {sizes[-1]:,}" if sizes else title, unit, known


def _panel(x: int, y: int, title: str, unit: str, values: dict[str, float]) -> Iterator[str]:
    longest = max(values.values())
    room = PANEL_WIDTH - LABEL_WIDTH - VALUE_WIDTH
    yield f'<text class="title" x="{x}" y="{y + 14}">{escape(title)}</text>'
    for number, (kind, value) in enumerate(values.items()):
        top = y + 24 + number * (BAR_HEIGHT + GAP)
        length = max(2.0, room * value / longest)
        middle = top + BAR_HEIGHT / 2 + 5
        bar = f'x="{x + LABEL_WIDTH}" y="{top}" width="{length:.1f}" height="{BAR_HEIGHT}"'
        yield f'<text x="{x}" y="{middle:.0f}">{SHORT[kind]}</text>'
        yield f'<rect class="{kind}" {bar} rx="3"/>'
        shown = f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
        end = x + LABEL_WIDTH + length + 6
        yield f'<text x="{end:.1f}" y="{middle:.0f}">{shown} {unit}</text>'
