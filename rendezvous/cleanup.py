"""The Cleanup Service: what time does to sessions, and to what is kept about them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from rendezvous.courier import Courier
from rendezvous.logs import log
from rendezvous.refusals import Refused
from rendezvous.switchboard import Switchboard

INTERVAL = 0.5  # s; how late an expired grace, lease or idle chat may be noticed
LOOK = 0.1  # s; how late, at most, that somebody who has just come looks wider
SHORTEST_PAUSE = 0.002  # s; how late it may be for the others, so that there are few looks


@dataclass(frozen=True, slots=True)
class Chore:
    """Something to do every `interval` seconds; it must not wait."""

    interval: float
    act: Callable[[], object]


def pause_until(next_widening: float) -> float:
    """How long to pause before the next look, in seconds."""
    return min(max(next_widening, SHORTEST_PAUSE), LOOK)


class CleanupService:
    """Ends expired graces, leases and idle chats, and forgets what ended a while ago.

    Those who wait are looked after by the same clock.
    """

    def __init__(
        self, switchboard: Switchboard, courier: Courier, chores: tuple[Chore, ...] = ()
    ) -> None:
        self._switchboard = switchboard
        self._courier = courier
        self._due = dict.fromkeys(chores, 0.0)

    def run(self) -> None:
        """Sweep for ever."""
        swept = time.monotonic()
        while True:
            time.sleep(pause_until(self._switchboard.next_widening()))  # while others run
            self._do(self._widen)
            if time.monotonic() >= swept + INTERVAL:
                swept = time.monotonic()
                self._do(self._sweep)

    def _widen(self) -> None:
        self._courier.deliver(self._switchboard.widen())

    def _sweep(self) -> None:
        self._courier.deliver(self._switchboard.sweep())
        self._do_chores(time.monotonic())

    def _do(self, act: Callable[[], None]) -> None:
        """What fails is logged, and done again the next time."""
        try:
            act()
        except Refused:
            pass  # Redis is away, which it reports itself
        except Exception:  # noqa: BLE001 - whatever it was, the next one must come
            log.exception("sweep failed")

    def _do_chores(self, now: float) -> None:
        for chore, due in self._due.items():
            if now >= due:
                self._due[chore] = now + chore.interval
                chore.act()
