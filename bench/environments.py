"""The Pythons that servers run on, which are not the one that tests or measures them."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path


def runtime_python() -> str:
    """Return the Python of $RUNTIME_VENV, which has what users install, or else this one."""
    venv = os.environ.get("RUNTIME_VENV")
    return str(Path(venv) / "bin" / "python") if venv else sys.executable


def eventlet_python() -> str:
    """Return a Python that has eventlet: that of $EVENTLET_VENV, or else this one.

    Raises ModuleNotFoundError if this one hasn't.
    """
    venv = os.environ.get("EVENTLET_VENV")
    if venv:
        return str(Path(venv) / "bin" / "python")
    if importlib.util.find_spec("eventlet") is None:
        raise ModuleNotFoundError("eventlet: install it, or name a venv that has it: EVENTLET_VENV")
    return sys.executable
