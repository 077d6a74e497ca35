"""Loaded by Python at the start of a server under libfaketime: sleeps that work there.

libfaketime 0.9.10 refuses what `time.sleep` is made of, clock_nanosleep() on the monotonic clock.
"""

from __future__ import annotations

import select
import sys
import time
from types import ModuleType
from typing import SupportsIndex

blocking_select = select.select  # as it is before eventlet or gevent put theirs in its place


def nap(seconds: float | SupportsIndex) -> None:
    """Sleep, by waiting for nothing."""
    blocking_select((), (), (), float(seconds))


time.sleep = nap
before_eventlet = ModuleType("time")
before_eventlet.__dict__.update(time.__dict__)
# Private to eventlet, which would otherwise load the module anew, with the sleep that fails.
sys.modules["__original_module_time"] = before_eventlet
