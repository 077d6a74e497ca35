"""A Redis that restarts, goes away, freezes, or is replaced by a replica that lags."""

from __future__ import annotations

import asyncio
import time

from tests.chaos.chats import Broken, Chats
from tests.chaos.faults.links import OwnLinks, one_of_each
from tests.chaos.guest import Guest
from tests.chaos.stage import Stage, fault
from tests.harness.redis_server import DURABLE, RedisServer

HANDLER_LIMIT = 1.0  # s; in which every call is answered, if only by "unavailable"
HEAL_LIMIT = 3.0  # s
LOST = {"session_not_found", "ended without a word"}  # how an end is told that nobody meant


@fault("Redis restarted (append-only file on)", "nothing acknowledged is lost", quick=True)
async def restarted(stage: Stage) -> str:
    async with Chats(stage.deployment, stage.size.chats) as chats:
        await asyncio.sleep(1)  # of talk
        await asyncio.to_thread(stage.redis.kill)
        await asyncio.to_thread(stage.redis.start)
        began = time.monotonic()
        healed = await chats.heard_after(began)
        await chats.audit()
        await chats.part()
        return (
            stage.within(healed, HEAL_LIMIT, "healed after")
            + f"; {chats.acknowledged:,} messages, all there"
        )


@fault(
    "Redis gone for {redis_gone:g} s",
    "no handler blocks over 1 s; healed within 3 s; GET / is 503",
)
async def gone(stage: Stage) -> str:
    async with Chats(stage.deployment, stage.size.chats) as chats:
        began = time.monotonic()
        await asyncio.to_thread(stage.redis.kill)
        unhealthy = await chats.until(
            lambda: all(worker.status() == 503 for worker in stage.deployment.workers), "the 503"
        )
        await asyncio.sleep(max(0, stage.size.redis_gone - unhealthy))
        await asyncio.to_thread(stage.redis.start)
        back = time.monotonic()
        healed = await chats.heard_after(back)
        healthy = await chats.until(
            lambda: all(worker.is_healthy() for worker in stage.deployment.workers), "the 200"
        )
        await chats.audit()
        slowest = chats.slowest_answer(began, back)
        await chats.part()
        return "; ".join(
            [
                stage.within(slowest, HANDLER_LIMIT, "slowest answer"),
                stage.within(healed, HEAL_LIMIT, "healed after"),
                f"503 after {unhealthy:.1f} s, 200 {healthy:.1f} s after that",
            ]
        )


@fault("Redis frozen for {redis_frozen:g} s", "no handler blocks over 1 s; healed within 3 s")
async def frozen(stage: Stage) -> str:
    async with Chats(stage.deployment, stage.size.chats) as chats:
        began = time.monotonic()
        stage.redis.freeze()
        await asyncio.sleep(stage.size.redis_frozen)
        stage.redis.thaw()
        back = time.monotonic()
        healed = await chats.heard_after(back)
        await chats.audit()
        slowest = chats.slowest_answer(began, back)
        await chats.part()
        return "; ".join(
            [
                stage.within(slowest, HANDLER_LIMIT, "slowest answer"),
                stage.within(healed, HEAL_LIMIT, "healed after"),
            ]
        )


@fault(
    "replica promoted that lacks the last messages", "loss is reported, never silent", quick=True
)
async def promoted(stage: Stage) -> str:
    """The replica is cut off, and half of the people are away, so that what is said to them is only
    where it will be lost.
    """
    replica_link = stage.links.to(stage.redis.port)
    with RedisServer(**DURABLE) as replica, OwnLinks(stage) as links:
        await asyncio.to_thread(replica.follow, replica_link.port)
        async with Chats(stage.deployment, stage.size.chats, ports=links.ports) as chats:
            away = one_of_each(chats)
            await asyncio.sleep(1)  # of talk, so that the replica knows everybody
            for link in links.of(away):
                link.freeze()
            replica_link.cut()
            await _say_what_will_be_lost(chats, away)
            await asyncio.to_thread(stage.redis.kill)
            await asyncio.to_thread(replica.lead)
            for link in stage.deployment.to_redis:
                link.target = replica.port
                link.reset()
            for link in links.of(away):
                link.reset()
                link.mend()
            healed = await chats.heard_after(time.monotonic())
            await chats.audit(may_end=lambda _guest: True, may_lose=True)
            told = sum(guest.gap or guest.end_reason in LOST for guest in away)
            if told < len(away):
                raise Broken(f"{told} of {len(away)} were told of a loss")
            await chats.part()
    await asyncio.to_thread(stage.restore)
    return f"all {told} who had lost something were told; healed after {healed:.1f} s"


async def _say_what_will_be_lost(chats: Chats, away: list[Guest]) -> None:
    """Wait until there is something for each of those who are away, that they do not get."""
    by_name = {guest.name: guest for guest in chats.guests}
    partners = [by_name[guest.partner] for guest in away]
    before = [guest.acknowledged for guest in partners]
    await chats.until(
        lambda: all(
            guest.acknowledged > count + 1 for guest, count in zip(partners, before, strict=True)
        ),
        "saying what will be lost",
    )
