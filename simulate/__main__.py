"""`python -m simulate [--quick]`: let the crowds come, print the figures, draw the charts."""

from __future__ import annotations

import argparse

from simulate import chart, report
from simulate.scenes import FULL, OURS, QUICK, crowds, hindsight, patience


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m simulate", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller crowds, about a minute")
    scenes = QUICK if parser.parse_args().quick else FULL
    small, middle, _ = scenes

    outcomes, hindsights = [], {}
    for outcome, crowd in crowds(scenes):
        print(f"{outcome.online:,} online, {outcome.matcher}: done", flush=True)
        outcomes.append(outcome)
        if outcome.matcher == OURS and outcome.online in (small.online, middle.online):
            hindsights[outcome.online] = hindsight(crowd)
    curve = list(patience())

    text = "\n".join(report.page(outcomes, hindsights, curve)) + "\n"
    print(f"\n{text}")
    report.DIRECTORY.mkdir(exist_ok=True)
    (report.DIRECTORY / "latest.md").write_text(text)
    (report.DIRECTORY / "latest.svg").write_text("\n".join(chart.drawing(outcomes, curve)) + "\n")


if __name__ == "__main__":
    main()
