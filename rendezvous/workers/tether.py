"""The worker's end of the line to its supervisor."""

from __future__ import annotations

import socket

import gevent
from gevent.event import Event

BEAT = 1.0  # s; between two signs of life


class Tether:
    """Shows the supervisor that this worker serves, and notices when the supervisor is gone."""

    def __init__(self, descriptor: int, ended: Event) -> None:
        self._socket = socket.socket(fileno=descriptor)
        self._ended = ended

    def hold(self) -> None:
        """From now on the worker serves, and shows it every second; `ended` is set without one."""
        gevent.spawn(self._beat)
        gevent.spawn(self._listen)

    def _beat(self) -> None:
        try:
            while True:
                self._socket.sendall(b".")
                gevent.sleep(BEAT)
        except OSError:
            self._ended.set()

    def _listen(self) -> None:
        try:
            self._socket.recv(1)  # it says nothing, so this is its end
        except OSError:
            pass
        self._ended.set()
