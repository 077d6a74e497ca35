"""`make attacks`: all of it at full size, with the attacks on TURN, and RESULTS.md of it."""

from __future__ import annotations

import os
import platform
import sys
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.attacks.options import CELLS

RESULTS = Path(__file__).parent / "RESULTS.md"
TURN = ("tests/ice/test_coturn.py", "tests/ice/test_denied_peers.py")
FOLDER = "tests/attacks"
ELSEWHERE = "one of its own"


class Notes:
    """A plugin that keeps what became of each case, by cell, and its figures."""

    def __init__(self) -> None:
        self.held: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
        self.figures: list[tuple[str, str]] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """One phase of one case."""
        if report.when != "call" and report.passed:
            return
        path, _, name = report.nodeid.partition("::")
        case, _, parameters = name.partition("[")
        cell = next((each for each in CELLS if parameters.startswith(each)), ELSEWHERE)
        self.held[f"{Path(path).stem}: {case}"][cell].append(report.passed)
        for what, value in report.user_properties:
            if what == "figures":
                self.figures.append((cell, str(value)))

    def table(self) -> list[str]:
        """A line for each case: how many ways of it held in each cell."""
        lines = []
        for name, cells in self.held.items():
            attack, _, case = name.partition(": test_")
            shown = [_held(cells[cell]) if cell in cells else "" for cell in (*CELLS, ELSEWHERE)]
            attack = attack.removeprefix("test_").replace("_", " ")
            lines.append(f"| {attack} | {case.replace('_', ' ')} | {' | '.join(shown)} |")
        return lines


def _held(ways: list[bool]) -> str:
    return f"{len(ways)}" if all(ways) else f"**{ways.count(False)} of {len(ways)} NOT**"


def main() -> int:
    """Run the cases; 1 if any answer was not the required one."""
    notes = Notes()
    status = pytest.main([FOLDER, *TURN, "--full", "-q", *sys.argv[1:]], plugins=[notes])
    if not sys.argv[1:]:
        head = [*_head(), *notes.table(), "", "## One address asks for 10,000 sessions", ""]
        RESULTS.write_text("\n".join([*head, *(f"- {c}: {f}" for c, f in notes.figures)]) + "\n")
    return int(status)


def _head() -> list[str]:
    python, cores, load = platform.python_version(), os.cpu_count(), os.getloadavg()[0]
    return [
        "# What an attacker gets",
        "",
        f"`make attacks` on {datetime.now(UTC):%Y-%m-%d}: Python {python}, {cores} cores,",
        f"a load of {load:.0f} at the end. Each case is a sentence in the folder beside this page,",
        "or in tests/ice, with the answer that is required; the numbers are the ways in which it",
        "was tried and that answer came. `make test` has them all, with fewer sessions.",
        "",
        f"| attack | required | {' | '.join(CELLS)} | {ELSEWHERE} |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]


if __name__ == "__main__":
    sys.exit(main())
