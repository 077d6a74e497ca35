"""A thread of the operating system, for what blocks: a database, a disk, a picture.

Cooperative threads must never wait for those themselves, or every chat of the process would. The
thread's own locks are never shared, because patched locks are made for one thread's event loop.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
from _queue import SimpleQueue  # because the one in `queue` is cooperative once it is patched
from collections.abc import Callable
from typing import Any, Generic, TypeVar, cast

from rendezvous.refusals import Refused

T = TypeVar("T")


class Job(Generic[T]):
    """Something to do over there; `done` is set over here."""

    __slots__ = ("_act", "_error", "_result", "done")

    def __init__(self, act: Callable[[], T]) -> None:
        self._act = act
        self._result: T | None = None
        self._error: BaseException | None = None
        self.done = threading.Event()

    def run(self) -> None:
        """Do it; on the native thread."""
        try:
            self._result = self._act()
        except BaseException as error:  # noqa: BLE001 - whatever it is belongs to who asked
            self._error = error

    def result(self) -> T:
        """What came of it, once it is done."""
        if self._error is not None:
            raise self._error
        return cast("T", self._result)


class Native:
    """One native thread and what waits for it: `most` jobs, and no more."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._pending = 0
        self._jobs: SimpleQueue[Job[Any]] = SimpleQueue()
        self._finished: SimpleQueue[Job[Any]] = SimpleQueue()
        self._near, self._far = socket.socketpair()
        threading.Thread(target=self._report, daemon=True).start()  # cooperative, once patched
        _start_native(self._work)

    def post(self, act: Callable[[], T]) -> Job[T]:
        """Have `act` done, some time. Raises Refused("unavailable") if too much waits already."""
        if self._pending >= self._most:
            raise Refused("unavailable")
        self._pending += 1
        job = Job(act)
        self._jobs.put(job)
        return job

    def call(self, act: Callable[[], T], timeout: float) -> T:
        """Have `act` done and wait for that, `timeout` seconds at most, while others run.

        Raises Refused("unavailable") if it takes longer; it is done nevertheless.
        """
        job = self.post(act)
        if not job.done.wait(timeout):
            raise Refused("unavailable")
        return job.result()

    def _work(self) -> None:
        far = self._far.fileno()
        while True:
            job = self._jobs.get()
            job.run()
            self._finished.put(job)
            os.write(far, b".")  # never blocks: no more bytes than jobs are ever in it

    def _report(self) -> None:
        while self._near.recv(4_096):
            while not self._finished.empty():
                self._pending -= 1
                self._finished.get().done.set()


def _start_native(work: Callable[[], None]) -> None:
    """Start a thread of the operating system, whatever `threading` has been turned into."""
    starter: Any = __import__("_thread")
    if "eventlet.patcher" in sys.modules:
        starter = sys.modules["eventlet.patcher"].original("_thread")
    elif "gevent.monkey" in sys.modules:
        sys.modules["gevent.monkey"].get_original("_thread", "start_new_thread")(work, ())
        return
    starter.start_new_thread(work, ())
