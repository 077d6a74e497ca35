"""The Cleanup Service: what time does to sessions, and to what is kept about them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from rendezvous.courier import Courier
from rendezvous.logs import log
from rendezvous.switchboard import Switchboard

INTERVAL = 0.5  # s; how late an expired grace, lease or idle chat may be noticed


@dataclass(frozen=True, slots=True)
class Chore:
    """Something to do every `interval` seconds; it must not wait."""

    interval: float
    act: Callable[[], object]


class CleanupService:
    """Ends expired graces, leases and idle chats, and forgets what ended a while ago."""

    def __init__(
        self, switchboard: Switchboard, courier: Courier, chores: tuple[Chore, ...] = ()
    ) -> None:
        self._switchboard = switchboard
        self._courier = courier
        self._due = dict.fromkeys(chores, 0.0)

    def run(self) -> None:
        """Sweep for ever; a sweep that fails is logged, and not the last."""
        while True:
            time.sleep(INTERVAL)  # lets others run: the server has patched it
            try:
                self._courier.deliver(self._switchboard.sweep())
                self._do_chores(time.monotonic())
            except Exception:  # noqa: BLE001 - whatever it was, the next sweep must come
                log.exception("sweep failed")

    def _do_chores(self, now: float) -> None:
        for chore, due in self._due.items():
            if now >= due:
                self._due[chore] = now + chore.interval
                chore.act()
