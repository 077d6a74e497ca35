"""What a worker is told by its environment: its slot, and where all workers keep their metrics.

A slot is a small number that no two living workers of a machine share. Who replaces a worker goes
on counting in its slot, so that totals never fall and a thousand restarts leave no thousand files.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping

DIRECTORY = "PROMETHEUS_MULTIPROC_DIR"  # prometheus_client's own variable
SLOT = "RENDEZVOUS_WORKER_SLOT"


def free_slot(taken: Collection[int]) -> int:
    """The smallest that is not taken."""
    return min(set(range(len(taken) + 1)) - set(taken))


def slot_of_this_process(environ: Mapping[str, str] = os.environ) -> str:
    """The slot, or a name that nobody else has where there is nobody to give slots."""
    return environ.get(SLOT) or f"pid{os.getpid()}"
