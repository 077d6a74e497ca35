"""The end of the process: everybody is told, then let go."""

from __future__ import annotations

import time
from typing import Protocol

from rendezvous.courier import Courier
from rendezvous.observe import log
from rendezvous.sessions import SessionManager

LAST_WORDS = 1.0  # s; time for what was said last to leave the sockets' buffers


class Connections(Protocol):
    """What carries the sockets."""

    def disconnect(self) -> None:
        """Close every connection."""
        ...


class Drain:
    """Ends the service once: no new chats, everybody hears `session_ended`, connections close."""

    def __init__(
        self,
        sessions: SessionManager,
        courier: Courier,
        connections: Connections,
    ) -> None:
        self._sessions = sessions
        self._courier = courier
        self._connections = connections
        self._begun = False

    def __call__(self) -> None:
        """Drain; a second call does nothing. Takes about a second."""
        if self._begun:
            return
        self._begun = True
        log.info("draining")
        self._courier.deliver(self._sessions.close())
        time.sleep(LAST_WORDS)  # lets others run: the server has patched it
        self._connections.disconnect()
