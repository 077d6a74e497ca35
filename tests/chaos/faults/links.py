"""The links of clients: frozen, on one side or on both, and half-open."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from typing import Self

from tests.chaos.chats import Broken, Chats
from tests.chaos.guest import Guest
from tests.chaos.stage import Stage, fault
from tests.harness.link import Link


class OwnLinks:
    """A link for every guest, so that one partner of each chat can be had by itself."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._links: dict[int, Link] = {}

    def ports(self, number: int) -> list[int]:
        """Where a guest, by its number, finds a worker."""
        ports = self._stage.deployment.ports
        link = self._links[number] = self._stage.links.to(ports[number % len(ports)])
        return [link.port]

    def of(self, guests: Iterable[Guest]) -> list[Link]:
        """The links of these guests."""
        by_port = {link.port: link for link in self._links.values()}
        return [by_port[guest.port] for guest in guests]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for link in self._links.values():
            link.close()


def one_of_each(chats: Chats) -> list[Guest]:
    """One of the two of each chat."""
    return [guest for guest in chats.guests if guest.name < guest.partner]


@fault(
    "client links frozen for {link_frozen:g} s, then both partners'",
    "the same chat goes on",
)
async def frozen(stage: Stage) -> str:
    with OwnLinks(stage) as links:
        async with Chats(stage.deployment, stage.size.chats, ports=links.ports) as chats:
            healed = []
            for guests in (one_of_each(chats), chats.guests):
                for link in links.of(guests):
                    link.freeze()
                await asyncio.sleep(stage.size.link_frozen)
                for link in links.of(guests):
                    link.mend()
                healed.append(await chats.heard_after(time.monotonic()))
            await chats.audit()
            await chats.part()
    return (
        f"healed {healed[0]:.2f} s after one side's, {healed[1]:.2f} s after both; "
        f"{chats.acknowledged:,} messages, all there"
    )


@fault("client links reset, again and again", "the same chat goes on; partners see reconnecting")
async def reset(stage: Stage) -> str:
    with OwnLinks(stage) as links:
        async with Chats(stage.deployment, stage.size.chats, ports=links.ports) as chats:
            ones = one_of_each(chats)
            others = [guest for guest in chats.guests if guest not in ones]
            for _ in range(5):
                for guests in (ones, others):
                    for link in links.of(guests):
                        link.reset()
                    await asyncio.sleep(0.3)  # of talk
            await chats.audit()
            seen = chats.count("partner_reconnecting"), chats.count("partner_reconnected")
            await chats.part()
    return f"{len(chats.absences):,} resets; reconnecting seen {seen[0]:,}, reconnected {seen[1]:,}"


@fault(
    "client links half-open",
    "the partner sees reconnecting, and is told within the grace after that",
)
async def half_open(stage: Stage) -> str:
    with OwnLinks(stage) as links:
        async with Chats(stage.deployment, stage.size.chats, ports=links.ports) as chats:
            cut_off = one_of_each(chats)
            partners = [guest for guest in chats.guests if guest not in cut_off]
            began = time.monotonic()
            for link in links.of(cut_off):
                link.swallow("up")
            await chats.until(lambda: all(each.partner_away for each in partners), "noticing")
            noticed = time.monotonic() - began
            await chats.until(lambda: all(not each.lives for each in partners), "telling")
            told = max(guest.ended_at for guest in partners) - began - noticed
            if reasons := {guest.end_reason for guest in partners} - {"timeout"}:
                raise Broken(f"they were told {reasons}")
            for link in links.of(cut_off):
                link.reset()
                link.mend()
            await chats.audit(may_end=lambda _guest: True)
            await chats.part()
    return f"{len(partners)} partners saw it after {noticed:.1f} s and were " + stage.within(
        told, stage.grace + 1, "told after another"
    )
