"""The page of results: tables of medians and ratios, and what was not measured."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bench import targets
from bench.results import DIRECTORY, LABELS, OURS, Results


@dataclass(frozen=True)
class Row:
    """A line of the table; `metric` may be measured at several sizes."""

    part: str
    metric: str
    label: str
    unit: str


ROWS: Final = (
    Row("chats", "cpu_per_chat_us", "Server CPU for a whole chat", "µs"),
    Row("chats", "cpu_per_message_us", "Server CPU for a message and its acknowledgement", "µs"),
    Row("chats", "chats_per_second", "Whole chats, top load", "/s"),
    Row("chats", "messages_per_second", "Messages, top load", "/s"),
    Row("chats", "match_p50_ms", "Match, median at half load", "ms"),
    Row("chats", "match_p99_ms", "Match, p99 at half load", "ms"),
    Row("chats", "relay_p50_ms", "Relay of a message, median at half load", "ms"),
    Row("chats", "relay_p99_ms", "Relay of a message, p99 at half load", "ms"),
    Row("chats", "relay_in_chats_p50_ms", "Relay amid whole chats, median at half load", "ms"),
    Row("chats", "relay_in_chats_p99_ms", "Relay amid whole chats, p99 at half load", "ms"),
    Row("chats", "half_cpu_per_chat_us", "Server CPU for a whole chat at half load", "µs"),
    Row("chats", "half_cpu_per_message_us", "Server CPU for a message at half load", "µs"),
    Row("memory", "kb_per_connection", "Memory for an idle connection, of {size}", "KB"),
    Row("memory", "kb_per_chatting_connection", "Memory for one in a chat, of {size}", "KB"),
    Row("memory", "connects_per_second", "Connects, up to {size}", "/s"),
    Row("memory", "cpu_per_connect_us", "Server CPU for a connect, up to {size}", "µs"),
    Row("growth", "relay_us", "Server CPU for a relay with {size} in chats", "µs"),
    Row("growth", "disconnect_us", "Server CPU for a disconnect with {size} in chats", "µs"),
    Row("growth", "match_us", "A match in the switchboard with {size} waiting", "µs"),
)
TITLES: Final = {
    "chats": "Chats",
    "memory": "Memory and connects",
    "growth": "Growth",
}


def write(results: Results) -> None:
    text = "\n".join(_lines(results)) + "\n"
    (DIRECTORY / "latest.md").write_text(text)
    print("\n" + text)


def _lines(results: Results) -> Iterator[str]:
    yield "# Benchmark: the last run"
    yield ""
    yield "Written by `python -m bench`; how it measures is in [bench/README.md](../README.md)."
    yield "Medians of the rounds, servers in turn on the same machine; CPU is user and system time."
    if "chats" in results.parts:
        yield from ("", "![CPU, memory and delay, side by side](latest.svg)")
    yield from targets.lines(results)
    for part, title in TITLES.items():
        if part in results.parts:
            yield from _part(results, part, title)
    yield from _not_measured(results)
    yield from _versions(results)


def _part(results: Results, part: str, title: str) -> Iterator[str]:
    entry = results.parts[part]
    kinds = [kind for kind in LABELS if results.metrics(part, kind)]
    against = [kind for kind in kinds if kind != OURS] if OURS in kinds else []
    heads = [LABELS[kind] for kind in kinds] + [f"ours / {LABELS[kind]}" for kind in against]
    yield from ("", f"## {title}", "")
    yield "| | " + " | ".join(heads) + " |"
    yield "| --- |" + " ---: |" * len(heads)
    for row in ROWS:
        if row.part == part:
            yield from _table_rows(results, row, kinds, against)
    yield from ("", f"{_loads(entry['scale'], part)} {_quality(results, part, kinds)}")
    yield f"Measured on {entry['date']}, {entry['machine']}."


def _table_rows(results: Results, row: Row, kinds: list[str], against: list[str]) -> Iterator[str]:
    sizes = sorted({size for kind in kinds for size in results.sizes(row.part, kind, row.metric)})
    metrics = [(f"{row.metric}@{size}", f"{size:,}") for size in sizes] or [(row.metric, "")]
    for metric, size in metrics:
        cells = [_value(results.median(row.part, kind, metric), row.unit) for kind in kinds]
        cells += [_ratio(results.ratio(row.part, OURS, kind, metric)) for kind in against]
        yield f"| {row.label.format(size=size)} | " + " | ".join(cells) + " |"


def _value(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:,.{digits}f}{'' if unit == '/s' else ' '}{unit}"


def _ratio(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _loads(scale: dict[str, object], part: str) -> str:
    rounds, windows = scale["rounds"], scale["growth_windows"]
    return {
        "chats": f"{rounds} rounds of {scale['chats']:,} chats, {scale['chats_at_once']} at once, "
        f"{scale['messages']:,} messages between {scale['pairs']} pairs, and {scale['seconds']} s "
        "of each load at a fixed rate; a tenth of the chats and messages for the plain stack.",
        "memory": f"{rounds} rounds on a fresh server; growth of the proportional set size.",
        "growth": f"{windows} windows of relays and {scale['disconnect_windows']} of "
        f"disconnects on each of {scale['growth_rounds']} servers for a size, "
        "pings switched off, what the idle server uses deducted; everybody is in a chat.",
    }[part]


def _quality(results: Results, part: str, kinds: list[str]) -> str:
    """Say how many errors there were, and how much of the machine this run had for itself."""
    seen = {kind: results.metrics(part, kind) for kind in kinds}
    errors = sum(sum(metrics.get("errors", [])) for metrics in seen.values())
    driver = max((max(metrics.get("driver_share", [0])) for metrics in seen.values()), default=0)
    others = max((max(metrics.get("others_share", [0])) for metrics in seen.values()), default=0)
    text = f"Errors that the clients saw: {errors:.0f}."
    if driver:
        text += f" The driver took up to {driver:.0%} of a core, other programs up to {others:.0%}."
    return text


TOO_BUSY: Final = 0.5  # of a core for others, where there are two for us
NOT_MEASURED: Final = (
    "Anything beyond loopback: network cards, TLS, proxies, real round trips.",
    "Long polling, REST, several processes, and Redis.",
    "The plain stack with 10,000 connections: by default eventlet's server serves 1,024 at once.",
    "Compression: the clients don't offer it (ours and Node decline it, eventlet would accept).",
    "Buffers in the kernel, which a socket costs whatever the server is written in.",
    "Machines with more cores: Node's garbage collector works on other threads; the driver, the "
    "server and those threads shared the cores named above.",
    "The Node and the plain server don't number events, don't know `client_id`, and replay nothing "
    "after a reconnect; ours does all of that within the figures above.",
    "What logs cost on a disk: every server's standard output was discarded. Ours logs as it does "
    "by default, the others log nothing.",
)


def _not_measured(results: Results) -> Iterator[str]:
    yield from ("", "## Not measured", "")
    for text in NOT_MEASURED:
        yield f"- {text}"
    shares = results.metrics("chats", OURS).get("others_share", [])
    if shares and max(shares) > TOO_BUSY:
        yield (
            f"- Delays and top loads on a machine of one's own: other programs took up to "
            f"{max(shares):.0%} of a core, so those figures, p99 above all, are theirs more than "
            "the servers'. CPU figures bear that better: all servers suffer alike, in turn."
        )
    for entry in results.parts.values():
        for remark in entry["remarks"]:
            yield f"- {remark}"


def _versions(results: Results) -> Iterator[str]:
    yield from ("", "## Versions", "")
    seen: dict[str, list[str]] = {}
    for part, entry in results.parts.items():
        text = ", ".join(f"{name} {each}" for name, each in entry["versions"].items())
        seen.setdefault(text, []).append(part)
    for text, parts in seen.items():
        yield f"{text} ({', '.join(parts)})."
