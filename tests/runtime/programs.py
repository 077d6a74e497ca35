"""Running the programs of the project to their end, with nothing set but what a test sets."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from bench.environments import runtime_python
from config import Settings
from tests.harness.servers import ROOT

RUN = [runtime_python(), str(ROOT / "run.py")]
DATA = tempfile.mkdtemp(prefix="rendezvous-")
atexit.register(shutil.rmtree, DATA, ignore_errors=True)
NAMES = [name.upper() for name in Settings.__struct_fields__]
# What would add lines to the output that are not about the test.
CALM = {"SECRET_KEY": "a secret for tests", "CORS_ORIGINS": "", "HOST": "127.0.0.1", "PORT": "0"}


def environment(**settings: str) -> dict[str, str]:
    """This process's environment without any setting but where to write, and `settings`."""
    bare = {name: value for name, value in os.environ.items() if name not in NAMES}
    return {**bare, "DATA_DIR": DATA, **settings}


def run(
    command: list[str], settings: dict[str, str], directory: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    """Run `command` until it ends, its output and errors as one; raises if it does not end."""
    return subprocess.run(
        command,
        cwd=directory,
        env=environment(**settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=False,
    )
