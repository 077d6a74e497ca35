"""`python -m tests.hostile`: every attack once, and its effects as a Markdown table."""

from __future__ import annotations

import argparse
import sys

from tests.harness.servers import serving
from tests.hostile import frames, openings, packets, polls, readers
from tests.hostile.effects import HEAD, SETTINGS, measure
from tests.hostile.pair import Pair
from tests.hostile.rogues import ATTACKS

FAMILIES = (frames, openings, packets, readers, polls)  # which enter their attacks when imported


def main() -> None:
    """Print a line as soon as it is known."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile", description=__doc__)
    parser.add_argument("words", nargs="*", help="only attacks whose name has one of these")
    words = parser.parse_args().words
    with serving(**SETTINGS) as server, Pair(server.url) as pair:
        say(HEAD)
        for attack in ATTACKS:
            if not words or any(word in attack.name for word in words):
                say(str(measure(server, pair, attack)))


def say(line: str) -> None:
    """Write a line at once, even into a pipe."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
