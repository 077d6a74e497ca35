"""Everybody at once."""

from __future__ import annotations

import time

from tests.chaos.chats import Broken, Chats
from tests.chaos.stage import Stage, fault

MOST = 0.99


@fault("{crowd:,} clients reconnect at once", "99% are back within 10 s, no errors")
async def everybody(stage: Stage) -> str:
    async with Chats(stage.deployment, stage.size.crowd // 2, pause=20) as chats:
        before = len(chats.absences)
        for guest in chats.guests:
            guest.refusals.clear()
        began = time.monotonic()
        for guest in chats.guests:
            guest.drop()
        await chats.until(
            lambda: sum(each.joined.is_set() for each in chats.guests) >= MOST * len(chats.guests),
            "coming back",
        )
        most = time.monotonic() - began
        await chats.until(lambda: len(chats.absences) - before >= len(chats.guests), "the last")
        last = time.monotonic() - began
        if refused := [dict(guest.refusals) for guest in chats.guests if guest.refusals]:
            raise Broken(f"refused: {refused[:5]}")
        await chats.audit()
        await chats.part()
        return stage.within(most, 10, "99% after") + f", the last after {last:.2f} s"
