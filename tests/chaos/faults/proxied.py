"""The usual way: everybody comes through HAProxy, with the configuration that we ship."""

from __future__ import annotations

import asyncio
import time

from tests.chaos.chats import Broken, Chats
from tests.chaos.haproxy import HAProxy
from tests.chaos.stage import Stage, fault


@fault("behind HAProxy: rolling restart of all workers under load", "nothing lost")
async def renewed(stage: Stage) -> str:
    ports = stage.deployment.ports
    with HAProxy(stage.folder, ports) as proxy:
        async with Chats(stage.deployment, stage.size.chats, ports=lambda _: [proxy.port]) as chats:
            for worker in stage.deployment.workers:
                if status := await asyncio.to_thread(worker.stop):
                    raise Broken(f"{worker.name} ended with {status}")
                await asyncio.to_thread(worker.restart)
                await asyncio.sleep(1)  # in which the proxy notices
            await chats.audit()
            absences = chats.absences
            await chats.part()
    return (
        f"{chats.acknowledged:,} messages, all there; "
        f"{len(absences)} times back, after {absences[-1]:.2f} s at worst"
    )


@fault("behind HAProxy: one worker frozen", "its people are elsewhere within 10 s")
async def frozen(stage: Stage) -> str:
    victim = stage.deployment.workers[0]
    with HAProxy(stage.folder, stage.deployment.ports) as proxy:
        async with Chats(stage.deployment, stage.size.chats, ports=lambda _: [proxy.port]) as chats:
            began = time.monotonic()
            victim.freeze()
            healed = await chats.heard_after(began + 1)
            victim.thaw()
            await chats.until(victim.is_healthy, "serving again")
            await chats.audit()
            moved = len(chats.absences)
            await chats.part()
    return f"{moved} moved over; " + stage.within(healed + 1, 10, "everybody heard again after")
