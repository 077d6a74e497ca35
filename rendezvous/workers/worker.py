"""One worker process as its supervisor sees it."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Sequence

import gevent
from gevent import subprocess
from gevent.event import Event

SILENCE = 30.0  # s; after which a worker counts as stuck, as gunicorn's default has it
LAST_RESORT = 9.0  # s from SIGTERM to SIGKILL


class Worker:
    """Runs `command` with `--fd` (the listening socket) and `--tether` added to it.

    `ready` is set when it serves, `gone` when the process has ended.
    """

    def __init__(
        self, command: Sequence[str], listener: socket.socket, slot: int, environ: dict[str, str]
    ) -> None:
        self.slot = slot
        self.ready = Event()
        self.gone = Event()
        self.leaving = False
        self._line, theirs = socket.socketpair()
        with theirs:
            inherited = (listener.fileno(), theirs.fileno())
            options = ("--fd", str(inherited[0]), "--tether", str(inherited[1]))
            # Its own session, because Ctrl-C in a terminal is for the supervisor to pass on.
            self._process = subprocess.Popen(
                [*command, *options],
                env={**os.environ, **environ},
                pass_fds=inherited,
                start_new_session=True,
            )
        gevent.spawn(self._listen)
        gevent.spawn(self._wait)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def status(self) -> int | None:
        """The exit status, negative for a signal; None while it runs."""
        status: int | None = self._process.returncode
        return status

    def leave(self) -> None:
        """Ask it to end, and see to it that it does."""
        if not self.leaving:
            self.leaving = True
            self._signal(signal.SIGTERM)
            gevent.spawn_later(LAST_RESORT, self._signal, signal.SIGKILL)

    def _listen(self) -> None:
        """Hear its signs of life; silence is its end."""
        while not self.gone.is_set():
            said: bytes | None = gevent.with_timeout(SILENCE, self._hear, timeout_value=None)
            if said is None:
                self._signal(signal.SIGKILL)
            if not said:
                break
            self.ready.set()
        self._line.close()

    def _hear(self) -> bytes:
        try:
            return self._line.recv(64)
        except OSError:
            return b""

    def _wait(self) -> None:
        self._process.wait()
        self.gone.set()

    def _signal(self, number: int) -> None:
        if self._process.poll() is None:
            self._process.send_signal(number)
