"""A native thread holds up nobody over here, also where both of them log."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bench.environments import eventlet_python, runtime_python
from tests.runtime.programs import run

PROGRAM = """
import {patch}
import logging, os, threading
from _queue import Empty, SimpleQueue  # as native as the thread

from rendezvous.logs import set_up_logs
from rendezvous.moderation.native import Native

held = SimpleQueue()

def hold_up(*_):
    held.put(True)
    try:
        SimpleQueue().get(timeout=0.2)
    except Empty:
        pass

class Slow(logging.Logger):
    def __init__(self, name):
        if name == "over there":
            hold_up()
        super().__init__(name)

set_up_logs("INFO", for_people=False)
over_there = Native(most=2)

def while_held(over_here):
    held.get()
    thread = threading.Thread(target=over_here, daemon=True)
    thread.start()
    thread.join(5)
    print("late" if thread.is_alive() else "in time", flush=True)

logging.setLoggerClass(Slow)
over_there.post(lambda: logging.getLogger("over there"))
while_held(lambda: logging.getLogger("over here"))

logging.getLogger().handlers[0].emit = hold_up
over_there.post(lambda: logging.warning("over there"))
while_held(lambda: logging.warning("over here"))
os._exit(0)
"""


@pytest.mark.parametrize(
    ("python", "patch"),
    [
        (runtime_python, "gevent.monkey; gevent.monkey.patch_all()"),
        (eventlet_python, "eventlet; eventlet.monkey_patch()"),
    ],
    ids=["gevent", "eventlet"],
)
def test_who_logs_while_a_native_thread_does_goes_on(python: Callable[[], str], patch: str) -> None:
    told = run([python(), "-W", "ignore", "-c", PROGRAM.format(patch=patch)], {}).stdout
    assert told.split("\n") == ["in time", "in time", ""]
