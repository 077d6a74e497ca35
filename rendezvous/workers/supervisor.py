"""Keeps a number of workers alive until SIGTERM or Ctrl-C, and renews them one by one on SIGHUP."""

from __future__ import annotations

import shutil
import signal
import socket
import tempfile
from collections.abc import Sequence

import gevent
import structlog
from gevent.event import Event
from gevent.lock import Semaphore

from .slots import DIRECTORY, SLOT, free_slot
from .worker import Worker

PAUSE = 1.0  # s; before a worker that never served is tried again
START_TIMEOUT = 30.0  # s; for a worker to serve
DO_NOT_TRY_AGAIN = 3  # the exit status of a worker that was set up wrongly

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


class Supervisor:
    """Starts `number` workers that all accept from one `listener`.

    The socket is passed on rather than opened by each (SO_REUSEPORT), so that connections which
    nobody has accepted yet are not lost with a worker, and a worker that hangs is given none.
    """

    def __init__(self, command: Sequence[str], listener: socket.socket, number: int) -> None:
        self._command = command
        self._listener = listener
        self._number = number
        self._workers: set[Worker] = set()
        self._stopping = Event()
        self._renewing = Semaphore()
        self._status = 0
        self._metrics = tempfile.mkdtemp(prefix="rendezvous-metrics-")

    def run(self) -> int:
        """Serve until a signal; the exit status."""
        for number in (signal.SIGTERM, signal.SIGINT):
            gevent.signal_handler(number, self._stopping.set)
        gevent.signal_handler(signal.SIGHUP, gevent.spawn, self._renew)
        try:
            for _ in range(self._number):
                self._launch()
            self._stopping.wait()
            self._stop()
        finally:
            shutil.rmtree(self._metrics, ignore_errors=True)
        return self._status

    def _launch(self) -> Worker:
        slot = free_slot([worker.slot for worker in self._workers])
        environ = {SLOT: str(slot), DIRECTORY: self._metrics}
        worker = Worker(self._command, self._listener, slot, environ)
        self._workers.add(worker)
        gevent.spawn(self._watch, worker)
        return worker

    def _watch(self, worker: Worker) -> None:
        """Wait for the end of a worker, and replace it unless it was meant to end."""
        worker.gone.wait()
        self._workers.discard(worker)
        if worker.leaving or self._stopping.is_set():
            return
        log.error("worker died", worker=worker.slot, pid=worker.pid, status=worker.status)
        if worker.status == DO_NOT_TRY_AGAIN:
            self._status = DO_NOT_TRY_AGAIN
            self._stopping.set()
        if not worker.ready.is_set():
            self._stopping.wait(PAUSE)
        if not self._stopping.is_set():
            self._launch()

    def _renew(self) -> None:
        """Replace one worker after another, each as soon as its successor serves."""
        with self._renewing:
            for worker in sorted(self._workers, key=lambda each: each.slot):
                if not self._succeed(worker):
                    return
            log.info("workers renewed", workers=self._number)

    def _succeed(self, worker: Worker) -> bool:
        if self._stopping.is_set() or worker.gone.is_set():
            return not self._stopping.is_set()  # who has died has been replaced
        successor = self._launch()
        if not successor.ready.wait(START_TIMEOUT):
            log.error("a new worker does not start; the others stay", worker=successor.slot)
            successor.leave()
            return False
        worker.leave()
        worker.gone.wait()
        return True

    def _stop(self) -> None:
        for worker in list(self._workers):
            worker.leave()
        for worker in list(self._workers):
            worker.gone.wait()
