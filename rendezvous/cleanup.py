"""The Cleanup Service: what time does to sessions."""

from __future__ import annotations

import time

from rendezvous.courier import Courier
from rendezvous.observe import log
from rendezvous.switchboard import Switchboard

INTERVAL = 0.5  # s; how late an expired grace, lease or idle chat may be noticed


class CleanupService:
    """Ends expired graces, leases and idle chats, and forgets what ended a while ago."""

    def __init__(self, switchboard: Switchboard, courier: Courier) -> None:
        self._switchboard = switchboard
        self._courier = courier

    def run(self) -> None:
        """Sweep for ever; a sweep that fails is logged, and not the last."""
        while True:
            time.sleep(INTERVAL)  # lets others run: the server has patched it
            try:
                self._courier.deliver(self._switchboard.sweep())
            except Exception:  # noqa: BLE001 - whatever it was, the next sweep must come
                log.exception("sweep failed")
