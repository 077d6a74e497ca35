"""The server with a fault in it, to see what it makes of faults: `-m tests.runtime.planted bug`."""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

import sys  # noqa: E402
from typing import NoReturn  # noqa: E402

import run  # noqa: E402
from rendezvous.refusals import Refused  # noqa: E402
from rendezvous.switchboard import MemorySwitchboard  # noqa: E402


def bug(*_: object, **__: object) -> NoReturn:
    """Fail as only a mistake of ours fails."""
    raise ZeroDivisionError("the planted bug")


def away(*_: object, **__: object) -> NoReturn:
    """Fail as a store fails that does not answer."""
    raise Refused("unavailable")


FAULTS = {
    "bug": (bug, ["post", "leave"]),
    "bug in the sweep": (bug, ["sweep"]),
    "store is away": (away, ["start", "join", "leave", "post", "whisper", "read", "counts"]),
}

if __name__ == "__main__":
    fault, verbs = FAULTS[sys.argv.pop()]
    for verb in verbs:
        setattr(MemorySwitchboard, verb, fault)
    run.main()
