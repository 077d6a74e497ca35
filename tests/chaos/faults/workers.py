"""Workers that crash, freeze, are cut off from Redis, or are renewed."""

from __future__ import annotations

import asyncio
import time
from itertools import cycle, islice
from statistics import median

from tests.chaos.chats import Broken, Chats
from tests.chaos.deployment import Worker
from tests.chaos.guest import Guest
from tests.chaos.stage import Stage, fault

BETWEEN = 0.5  # s; of quiet between two crashes


@fault(
    "worker killed with -9 in the middle of {chats} chats, {kills} times",
    "clients resume on another worker with everything acknowledged",
    quick=True,
)
async def killed(stage: Stage) -> str:
    async with Chats(stage.deployment, stage.size.chats) as chats:
        for worker in islice(cycle(stage.deployment.workers), stage.size.kills):
            await asyncio.to_thread(worker.kill)
            await asyncio.to_thread(worker.restart)
            await asyncio.sleep(BETWEEN)
        await chats.audit()
        absences = chats.absences
        await chats.part()
        return (
            f"{chats.acknowledged:,} messages, all there; {len(absences):,} times back after "
            f"{median(absences):.2f} s (median), {absences[-1]:.2f} s (worst)"
        )


@fault(
    "worker killed, and half of its people do not come back",
    "their partners are told within 15 s",
)
async def killed_for_good(stage: Stage) -> str:
    victim = stage.deployment.workers[0]
    async with Chats(stage.deployment, stage.size.chats) as chats:
        gone, left = _halves(chats, victim)
        began = time.monotonic()
        await asyncio.to_thread(victim.kill)
        for guest in gone:
            guest.vanish()
        await chats.until(lambda: all(not each.lives for each in left), "telling the partners")
        told = [guest.ended_at - began for guest in left]
        reasons = {guest.end_reason for guest in left}
        if reasons != {"timeout"}:
            raise Broken(f"they were told {reasons}")
        await asyncio.to_thread(victim.restart)
        await chats.audit(may_end=lambda guest: guest in gone or guest in left)
        await chats.part()
        return f"{len(left)} partners; " + stage.within(max(told), stage.grace, "told after")


def _halves(chats: Chats, victim: Worker) -> tuple[list[Guest], list[Guest]]:
    """Some who are on the victim and will not come back, and their partners."""
    by_name = {guest.name: guest for guest in chats.guests}
    gone: list[Guest] = []
    for guest in chats.guests:
        if guest.port == victim.port and by_name[guest.partner] not in gone:
            gone.append(guest)
    gone = gone[::2]
    return gone, [by_name[guest.partner] for guest in gone]


@fault(
    "worker frozen for {worker_frozen:g} s, then woken",
    "as if dead; when it wakes it changes nothing",
    quick=True,
)
async def frozen(stage: Stage) -> str:
    victim = stage.deployment.workers[0]
    async with Chats(stage.deployment, stage.size.chats) as chats:
        began = time.monotonic()
        victim.freeze()
        await asyncio.sleep(stage.size.worker_frozen)
        meanwhile = len(chats.absences)
        victim.thaw()
        await asyncio.sleep(2)  # in which it would do whatever it does
        await chats.until(victim.is_healthy, "serving again")
        await chats.audit()
        moved = chats.last_return(began)
        await chats.part()
        return (
            f"{meanwhile} moved over within {moved:.1f} s; "
            f"{chats.acknowledged:,} messages, all there"
        )


@fault("one worker cut off from Redis", "noticed within 10 s; its people move over", quick=True)
async def cut_off(stage: Stage) -> str:
    victim, link = stage.deployment.workers[0], stage.deployment.to_redis[0]
    async with Chats(stage.deployment, stage.size.chats) as chats:
        began = time.monotonic()
        link.freeze()
        await chats.until(lambda: victim.status() == 503, "noticing")
        noticed = time.monotonic() - began
        away = [port for port in stage.deployment.ports if port != victim.port]
        await chats.until(
            lambda: all(
                each.status == "over" or (each.joined.is_set() and each.port in away)
                for each in chats.guests
            ),
            "moving over",
        )
        moved = time.monotonic() - began
        link.mend()
        healed = await chats.until(victim.is_healthy, "healing")
        await chats.audit()
        await chats.part()
        return "; ".join(
            [
                stage.within(noticed, 10, "503 after"),
                stage.within(moved, 10, "everybody elsewhere after"),
                f"healthy {healed:.1f} s after the link",
            ]
        )


@fault("rolling restart of all workers under load", "nothing lost, each gone within 10 s")
async def renewed(stage: Stage) -> str:
    async with Chats(stage.deployment, stage.size.chats) as chats:
        times = []
        for worker in stage.deployment.workers:
            began = time.monotonic()
            status = await asyncio.to_thread(worker.stop)
            times.append(time.monotonic() - began)
            if status:
                raise Broken(f"{worker.name} ended with {status}")
            await asyncio.to_thread(worker.restart)
        await chats.audit()
        absences = chats.absences
        await chats.part()
        worst = stage.within(max(times), 10, "gone after")
        return (
            f"{worst} (worst); {chats.acknowledged:,} messages, all there; "
            f"back after {median(absences):.2f} s (median), {absences[-1]:.2f} s (worst)"
        )
