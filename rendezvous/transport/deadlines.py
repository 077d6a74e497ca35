"""Everything that has to happen after a while, from one greenlet, on the monotonic clock."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from time import monotonic
from typing import Any

logger = logging.getLogger("rendezvous.transport")

STALL = 1.0
"""Seconds that the process may oversleep before everybody gets the lost time back."""

TICK = 0.05
"""Seconds that a call may be late, because waking for each one costs more than the calls do."""

CALLS_BEFORE_BREATHING = 64


class Deadlines:
    """Queues of things to do, one queue for each fixed delay, so that each stays in due order."""

    def __init__(self, sleep: Callable[[float], object]) -> None:
        self._sleep = sleep
        self._queues: list[_Queue] = []
        self._running = True

    def after(self, delay: float, action: Callable[[Any], object]) -> Callable[[Any], None]:
        """A function that has `action(item)` called `delay` seconds after it got the item.

        `action` must not block. An item cannot be taken back: the action looks if it still applies.
        """
        queue = _Queue(delay, action)
        self._queues.append(queue)
        return queue.add

    def run(self) -> None:
        """Serve the queues until `stop`."""
        while self._running:
            pause = self._pause()
            asleep = monotonic()
            self._sleep(pause)
            self._give_back(monotonic() - asleep - pause)
            for queue in self._queues:
                self._serve(queue)

    def stop(self) -> None:
        self._running = False

    def _pause(self) -> float:
        # Never longer than the shortest delay, because what is added meanwhile is due after that.
        shortest = min(queue.delay for queue in self._queues)
        next_due = min((queue.items[0][0] for queue in self._queues if queue.items), default=None)
        if next_due is None:
            return shortest
        return min(shortest, max(next_due - monotonic(), TICK))

    def _give_back(self, lost: float) -> None:
        """A stopped process has not read the answers that are waiting: that is nobody's fault."""
        if lost > STALL:
            for queue in self._queues:
                queue.items = deque((due + lost, item) for due, item in queue.items)

    def _serve(self, queue: _Queue) -> None:
        calls = 0
        while queue.items and queue.items[0][0] <= monotonic():
            _, item = queue.items.popleft()
            try:
                queue.action(item)
            except Exception:
                logger.exception("a deadline's action failed")
            calls += 1
            if calls % CALLS_BEFORE_BREATHING == 0:
                self._sleep(0)  # because thousands may be due at once


class _Queue:
    __slots__ = ("action", "delay", "items")

    def __init__(self, delay: float, action: Callable[[Any], object]) -> None:
        self.delay = delay
        self.action = action
        self.items: deque[tuple[float, Any]] = deque()

    def add(self, item: Any) -> None:
        self.items.append((monotonic() + self.delay, item))
