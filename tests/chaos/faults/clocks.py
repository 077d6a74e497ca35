"""Wall clocks that jump: the workers', and Redis's."""

from __future__ import annotations

import asyncio

from tests.chaos.chats import Broken, Chats
from tests.chaos.deployment import Deployment
from tests.chaos.stage import Stage, fault
from tests.faults.clock import Clock
from tests.harness.redis_server import RedisServer

HOUR = 3_600
WORKERS = 2
MOST_CHATS = 25  # because under libfaketime every look at the clock reads a file


@fault("clock moved by an hour: the workers', then Redis's, there and back", "nothing ends")
async def moved(stage: Stage) -> str:
    """On a deployment of its own, because a clock has to be tampered with from the start."""
    folder = stage.folder / "clocks"
    folder.mkdir()
    clocks = [Clock(folder / "workers"), Clock(folder / "redis")]
    workers_see, redis_sees = (clock.settings for clock in clocks)
    redis_sees["LD_PRELOAD"] += ":libc.so.6"  # whose malloc, unlike jemalloc's, needs no clock
    with RedisServer(redis_sees) as redis:
        settings = {**stage.size.settings, **workers_see}
        deployment = await asyncio.to_thread(
            Deployment, folder, stage.links, [redis.port] * WORKERS, settings
        )
        try:
            async with Chats(deployment, min(stage.size.chats, MOST_CHATS)) as chats:
                for clock in clocks:
                    for offset in (HOUR, -HOUR, 0):
                        clock.jump_to(offset)
                        await asyncio.sleep(2)  # in which sweeps and pings come round
                        if away := len(chats.absences):
                            raise Broken(f"{away} lost their line")
                await chats.audit()
                await chats.part()
        finally:
            await asyncio.to_thread(deployment.close)
    return f"six jumps, {chats.acknowledged:,} messages, nobody noticed"
