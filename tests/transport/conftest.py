"""Runs the relay application under each server, in a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bench.environments import eventlet_python
from tests.harness.ports import free_port
from tests.harness.processes import wait_until_up
from tests.transport.peers import Peer

ROOT = Path(__file__).parents[2]
RUNTIMES = ["run", "gunicorn-gevent", "gunicorn-eventlet"]


class Relay:
    """A running relay."""

    def __init__(self, runtime: str, limits: dict[str, Any], log: Path) -> None:
        self.port = free_port()
        self._log = log
        mode = "eventlet" if runtime == "gunicorn-eventlet" else "gevent"
        environment = {
            **os.environ,
            "RELAY_LIMITS": json.dumps({"connections_per_address": 0, **limits}),
            "RELAY_MODE": mode,
            "RELAY_PORT": str(self.port),
            "PYTHONPATH": str(ROOT),
        }
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                _command(runtime, self.port),
                cwd=ROOT,
                env=environment,
                stdout=output,
                stderr=output,
            )
        wait_until_up(self.process, self._answers, log)

    def _answers(self) -> bool:
        try:
            return bool(self.report())
        except OSError:
            return False

    def report(self) -> dict[str, Any]:
        """What the application saw and holds."""
        address = f"http://127.0.0.1:{self.port}/report"
        with urllib.request.urlopen(address, timeout=20) as response:
            found: dict[str, Any] = json.load(response)
        return found

    def log(self) -> str:
        return self._log.read_text()

    def reasons(self, sid: str) -> list[str]:
        """With which reasons this Socket.IO session has been disconnected: one, or none yet."""
        return [reason for gone, reason in self.report()["disconnects"] if gone == sid]

    def peer(self, **options: Any) -> Peer:
        return Peer(self.port, **options)

    def pause(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        self.process.send_signal(signal.SIGCONT)


def _command(runtime: str, port: int) -> list[str]:
    if runtime == "run":
        return [sys.executable, "-m", "tests.transport.relay"]
    python = sys.executable
    worker = runtime.removeprefix("gunicorn-")
    if worker == "eventlet":
        python = eventlet_python()
    options = ["--worker-class", worker, "-w", "1", "--bind", f"127.0.0.1:{port}"]
    # Because on Python 3.13 eventlet's Thread.join ends gunicorn's master when it stops its control
    # socket, and its worker stays; gunicorn.conf.py has none either.
    options += ["--no-control-socket", "-c", os.devnull]
    return [python, "-m", "gunicorn", *options, "tests.transport.relay:app"]


Serve = Callable[..., Relay]


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Starts a relay, or gives the one that runs with the same limits (and `name`)."""
    relays: dict[str, Relay] = {}
    logs = tmp_path_factory.mktemp("relays")

    def start(runtime: str = "run", name: str = "", **limits: Any) -> Relay:
        if runtime == "gunicorn-eventlet" and not os.environ.get("EVENTLET_VENV"):
            pytest.skip("EVENTLET_VENV does not say where eventlet is installed (make test does)")
        key = f"{runtime} {name} {json.dumps(limits, sort_keys=True)}"
        if key not in relays or relays[key].process.poll() is not None:
            relays[key] = Relay(runtime, limits, logs / f"{len(relays)}.log")
        return relays[key]

    yield start
    for relay in relays.values():
        relay.process.terminate()
    for relay in relays.values():
        relay.process.wait(30)
    shutil.rmtree(logs)


@pytest.fixture
def relay(serve: Serve) -> Relay:
    """Our own server, with the limits of production but for the number of connections."""
    return serve()


@pytest.fixture(params=RUNTIMES)
def any_relay(request: pytest.FixtureRequest, serve: Serve) -> Relay:
    """Each server in turn."""
    return serve(request.param)
