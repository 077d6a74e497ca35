"""People who start, go on to the next, vanish and come back, each time on another worker."""

from __future__ import annotations

import asyncio
import secrets
from itertools import cycle
from random import Random

from tests.chaos.stage import Stage, fault
from tests.harness.crowd import Crowd
from tests.races.races import Races, online

A_CHECKPOINT_IN = 1_000  # acts


class SpreadCrowd(Crowd):
    """Connects to one worker after another."""

    def __init__(self, ports: list[int]) -> None:
        super().__init__(ports[0])
        self._ports = cycle(ports)

    @property
    def port(self) -> int:
        return next(self._ports)

    @port.setter
    def port(self, _first: int) -> None:
        pass


@fault("{races:,} races of next, disconnect, match across {workers} workers", "no ghosts")
async def raced(stage: Stage) -> str:
    return await asyncio.to_thread(_race, stage)


def _race(stage: Stage) -> str:
    worker, seed = stage.deployment.workers[0], secrets.randbits(32)
    with SpreadCrowd(stage.deployment.ports) as crowd:
        races = Races(worker, crowd, Random(seed))
        checkpoints = max(1, stage.size.races // A_CHECKPOINT_IN)
        for _ in range(checkpoints):
            races.run(stage.size.races // checkpoints)
            races.check()
        races.end()
        crowd.run_until(lambda: online(worker) == 0, "everybody's end")
    return f"{races.done.total():,} acts, seed {seed}, no ghost"
