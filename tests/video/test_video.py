"""Two strangers see each other, whatever happens to the line to the server meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from tests.harness.guests import Guests
from tests.video.peers import Peer, acquainted
from tests.video.pictures import BLUE, RED

FRAMES = 15


async def until(condition: Callable[[], object]) -> None:
    """Wait for a condition that a peer's reactions bring about."""
    while not condition():
        await asyncio.sleep(0.02)  # between two looks


async def see_each_other(red: Peer, blue: Peer) -> None:
    """Wait until both have seen more, and check that it is the other one."""
    await asyncio.gather(red.viewer.see_more(FRAMES), blue.viewer.see_more(FRAMES))
    assert red.viewer.saw_only(BLUE), red.viewer.chromas
    assert blue.viewer.saw_only(RED), blue.viewer.chromas
    for peer in (red, blue):
        assert len(peer.viewer.lumas) > FRAMES // 3, "a still picture"


@pytest.mark.parametrize("trickle", [True, False], ids=["trickle", "full"])
def test_two_strangers_see_each_other(guests: Guests, trickle: bool) -> None:
    async def call() -> None:
        async with acquainted(Peer, guests, trickle=trickle) as (red, blue):
            await see_each_other(red, blue)
            assert blue.matched["is_initiator"] is not red.matched["is_initiator"]
            assert {blue.matched["chat_type"], red.matched["chat_type"]} == {"video"}

    asyncio.run(call())


def test_video_goes_on_while_one_comes_back_to_the_server(guests: Guests) -> None:
    async def call() -> None:
        async with acquainted(Peer, guests, trickle=True) as (red, blue):
            await see_each_other(red, blue)
            await until(lambda: red.knows_all_candidates and blue.knows_all_candidates)
            signals = red.heard.count("webrtc_signal")
            red.client.vanish()
            await until(lambda: "partner_reconnecting" in blue.heard)
            await blue.offer()  # which waits in the inbox
            await see_each_other(red, blue)
            assert red.heard.count("webrtc_signal") == signals

            joined = await red.resume(await asyncio.to_thread(guests.socket))
            assert (joined["status"], joined["gap"]) == ("matched", False)
            await until(lambda: "partner_reconnected" in blue.heard)
            await until(lambda: red.heard.count("webrtc_signal") > signals and blue.stable)
            await see_each_other(red, blue)

    asyncio.run(call())
