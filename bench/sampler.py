"""Runs `run.py` as it is and looks, thousands of times, at what it is just doing.

A signal comes for every millisecond of CPU that the process uses; its handler notes the stack. That
costs a few per cent, where a tracing profiler doubles the cost of every call.
"""

from __future__ import annotations

import json
import os
import runpy
import signal
import sys
from collections import Counter
from pathlib import Path
from types import FrameType

INTERVAL = 0.001
stacks: Counter[tuple[str, ...]] = Counter()


def look(_: int, frame: FrameType | None) -> None:
    stack = []
    while frame is not None:
        code = frame.f_code
        stack.append(f"{code.co_filename}:{frame.f_lineno or 0}:{code.co_qualname}")
        frame = frame.f_back
    stacks[tuple(stack)] += 1


def main(output: Path) -> None:
    signal.signal(signal.SIGPROF, look)
    signal.signal(signal.SIGUSR1, lambda *_: stacks.clear())
    signal.setitimer(signal.ITIMER_PROF, INTERVAL, INTERVAL)
    sys.argv[1:] = []  # because run.py reads them too
    try:
        runpy.run_path("run.py", run_name="__main__")
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        user, system = os.times()[:2]
        found = [[count, *stack] for stack, count in stacks.items()]
        output.write_text(json.dumps({"user": user, "system": system, "stacks": found}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
