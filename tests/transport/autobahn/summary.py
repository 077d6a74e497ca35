"""`python -m tests.transport.autobahn.summary index.json`: a run of the suite, in a few lines."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path


def main(index: Path) -> int:
    """Print the counts and every case that is not plainly OK; 1 if one failed."""
    ((agent, cases),) = json.loads(index.read_text()).items()
    behaviour = Counter(case["behavior"] for case in cases.values())
    closing = Counter(case["behaviorClose"] for case in cases.values())
    sys.stdout.write(f"{agent}: {len(cases)} cases\n")
    sys.stdout.write(f"behaviour: {dict(behaviour)}\nclosing: {dict(closing)}\n")
    for number, case in cases.items():
        if (case["behavior"], case["behaviorClose"]) != ("OK", "OK"):
            sys.stdout.write(f"{number}: {case['behavior']}, close {case['behaviorClose']}\n")
    harmless = {"OK", "NON-STRICT", "INFORMATIONAL"}
    return int(not harmless.issuperset(behaviour) or not harmless.issuperset(closing))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
