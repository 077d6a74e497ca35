"""`make chaos`: every fault at full size, and RESULTS.md of it, unless only some are asked for."""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from tests.chaos.faults import FAMILIES
from tests.chaos.stage import FULL, SHORT, TABLE, Line, Size, Stage, nothing_left, open_stage

RESULTS = Path(__file__).parent / "RESULTS.md"


def main() -> int:
    """Show each fault, print its line as soon as it is known; 1 if any was noticed."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--short", action="store_true", help="small and quick")
    parser.add_argument("words", nargs="*", help="only faults whose name has one of these")
    parser.add_argument("--kills", type=int, default=FULL.kills, help="how often workers die")
    options = parser.parse_args()
    size = SHORT if options.short else replace(FULL, kills=options.kills)
    chosen = [line for line in TABLE if _is_chosen(line, options.words)]
    head = _head(size)
    say(head)
    lines, noticed = [head], 0
    with tempfile.TemporaryDirectory() as folder, open_stage(Path(folder), size) as stage:
        for line in chosen:
            held, figures = show(stage, line)
            noticed += not held
            lines.append(
                f"| {line.title(size)} | {line.must_hold} | {figures} | {'yes' if held else 'NO'} |"
            )
            say(lines[-1])
    if chosen == TABLE and not options.short:
        RESULTS.write_text("\n".join(lines) + "\n")
    return 1 if noticed else 0


def show(stage: Stage, line: Line) -> tuple[bool, str]:
    """Whether it held, and the figures."""
    began = time.monotonic()
    try:
        figures = asyncio.run(line.show(stage)) + "; " + asyncio.run(nothing_left(stage))
        held = True
    except Exception as error:  # noqa: BLE001 - the other faults are to be seen as well
        figures, held = " / ".join(str(error).splitlines()[:5]) or repr(error), False
    stage.restore()
    print(f"  {time.monotonic() - began:.0f} s", file=sys.stderr)  # noqa: T201 - to watch it
    return held, figures


def _is_chosen(line: Line, words: list[str]) -> bool:
    name = f"{line.show.__module__.rpartition('.')[2]}.{line.show.__name__}"
    return not words or any(word in name for word in words)


def _head(size: Size) -> str:
    assert FAMILIES  # which have entered their faults
    commit = _of("git", "rev-parse", "--short", "HEAD")
    redis = _of("redis-server", "--version").split(" sha")[0].removeprefix("Redis server v=")
    haproxy = _of("haproxy", "-v").split("-")[0].removeprefix("HAProxy version ")
    python, cores, load = platform.python_version(), os.cpu_count(), os.getloadavg()[0]
    return f"""# What faults do to chats

`make chaos` on {datetime.now(UTC):%Y-%m-%d} at {commit}: {size.workers} workers, Redis {redis},
HAProxy {haproxy}, Python {python}, clients and all, on {cores} cores
(load {load:.0f} at the start).

In each chat both say something every second, and client libraries do what good ones do: they come
back, join, and send again what was not acknowledged. After each fault an audit compares what was
acknowledged with what was heard, and each client's view with its partner's and with the server's;
then Redis holds nothing of anybody, and all that it does hold expires.

| fault | must hold | figures | held |
| --- | --- | --- | --- |"""


def _of(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def say(line: str) -> None:
    """Write a line at once, even into a pipe."""
    print(line, flush=True)  # noqa: T201 - it reports to a terminal


if __name__ == "__main__":
    sys.exit(main())
