"""`python -m simulate [--quick]`: let the crowds come, print the figures, draw the charts."""

from __future__ import annotations

import argparse

from simulate import chart, report
from simulate.hindsight import hindsight
from simulate.scenes import FIRST, FULL, OURS, QUICK, outcomes, patience


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m simulate", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller crowds, about a minute")
    scenes = QUICK if parser.parse_args().quick else FULL

    found = []
    for outcome in outcomes(scenes):
        print(f"{outcome.online:,} online, {outcome.matcher}: done", flush=True)
        found.append(outcome)
    hindsights = {
        scene.online: {name: hindsight(scene, name) for name in (FIRST, OURS)}
        for scene in scenes[:-1]
    }
    curve = list(patience())

    text = "\n".join(report.page(found, hindsights, curve)) + "\n"
    print(f"\n{text}")
    report.DIRECTORY.mkdir(exist_ok=True)
    (report.DIRECTORY / "latest.md").write_text(text)
    (report.DIRECTORY / "latest.svg").write_text("\n".join(chart.drawing(found, curve)) + "\n")


if __name__ == "__main__":
    main()
