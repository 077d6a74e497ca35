"""The end of the process: everybody is told, then let go."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from typing import Protocol

from rendezvous.courier import Courier
from rendezvous.logs import log
from rendezvous.sessions import SessionManager
from rendezvous.switchboard.results import Effects

LAST_WORDS = 1.0  # s; time for what was said last to leave the sockets' buffers


class Connections(Protocol):
    """What carries the sockets."""

    def disconnect(self) -> None:
        """Close every connection."""
        ...


class Shared(Protocol):
    """A switchboard with which other processes go on."""

    def retire(self) -> None:
        """Let nobody come here any more."""
        ...

    def close(self) -> Effects:
        """Leave what is still held here to the others."""
        ...


class _Ending(ABC):
    """Lets everybody go, the first time that it is called. Takes about a second."""

    def __init__(self, courier: Courier, connections: Connections) -> None:
        self._courier = courier
        self._connections = connections
        self._begun = False

    def __call__(self) -> None:
        """End it; a second call does nothing."""
        if not self._begun:
            self._begun = True
            self._end()

    @abstractmethod
    def _end(self) -> None: ...


class Drain(_Ending):
    """Ends the service: no new chats, everybody hears `session_ended`, connections close."""

    def __init__(
        self, sessions: SessionManager, courier: Courier, connections: Connections
    ) -> None:
        super().__init__(courier, connections)
        self._sessions = sessions

    def _end(self) -> None:
        log.info("draining")
        self._courier.deliver(self._sessions.close())
        time.sleep(LAST_WORDS)  # lets others run: the server has patched it
        self._connections.disconnect()


class Handover(_Ending):
    """Ends this process's part of the service: its clients come back to other processes.

    Their sessions have their grace, so that a chat goes on where its two people meet again.
    """

    def __init__(self, switchboard: Shared, courier: Courier, connections: Connections) -> None:
        super().__init__(courier, connections)
        self._switchboard = switchboard

    def _end(self) -> None:
        log.info("handing over")
        self._switchboard.retire()
        self._courier.end_polls()
        self._connections.disconnect()
        time.sleep(LAST_WORDS)  # as above; and for the switchboard to hear who has gone
        self._connections.disconnect()  # who has come meanwhile
        self._switchboard.close()
