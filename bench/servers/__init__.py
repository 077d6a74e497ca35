"""The servers under test: how each is started, found ready, and stopped."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import IO, Final

from bench.environments import eventlet_python, runtime_python

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parent.parent
START_LIMIT: Final = 60.0
STOP_LIMIT: Final = 15.0
FASTER_THAN_PEOPLE: Final = "100000000000/minute"  # as clients talk here; counted all the same


@dataclass(frozen=True)
class Kind:
    """A server that speaks the events of the chat."""

    name: str
    label: str
    command: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)
    servers: int = 1


@dataclass(frozen=True)
class Server:
    kind: Kind
    pid: int
    port: int

    @property
    def ports(self) -> range:
        """More than one if these are servers apart."""
        return range(self.port, self.port + self.kind.servers)


class NotStarted(Exception):
    """A server ended, or did not answer, before it was ready; the text has what it wrote."""


def on_path(command: str) -> str:
    """Return where `command` is. Raises ModuleNotFoundError if it is not on the PATH."""
    found = shutil.which(command)
    if found is None:
        raise ModuleNotFoundError(f"{command}: put it on the PATH to measure against Node")
    return found


@cache
def node_binary() -> str:
    """Return Node itself: what is on the PATH may be a wrapper, with memory and CPU of its own."""
    return output_of(on_path("node"), "-p", "process.execPath")


def install_node_packages() -> None:
    """Install what the lock file of the Node server names, unless it is there already."""
    lock, installed = HERE / "node/package-lock.json", HERE / "node/node_modules/.package-lock.json"
    if installed.exists() and installed.stat().st_mtime >= lock.stat().st_mtime:
        return
    options = ("ci", "--ignore-scripts", "--no-audit", "--no-fund")
    subprocess.run([on_path("npm"), *options], cwd=HERE / "node", check=True)


def output_of(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def ours() -> Kind:
    environment = {
        "TRUSTED_PROXIES": "1",  # because all clients come from this machine
        "TEXT_FILTER": "light",
        "WORD_LISTS": str(HERE / "words.txt"),
        "NO_LINKS_FOR": "60",
        **{f"{what}_PER_VISITOR": FASTER_THAN_PEOPLE for what in ("MESSAGES", "SIGNALS", "BYTES")},
        **{f"{what}_PER_ADDRESS": FASTER_THAN_PEOPLE for what in ("MESSAGES", "SIGNALS", "BYTES")},
        "SECRET_KEY": secrets.token_hex(32),
    }
    return Kind("rendezvous", "Rendezvous", (runtime_python(), "run.py"), environment)


def apart(servers: int) -> Kind:
    """So many of ours, which share nothing: on the port and those after it."""
    kind = ours()
    command = (kind.command[0], str(HERE / "apart.py"), str(servers))
    return replace(kind, command=command, servers=servers)


def node() -> Kind:
    install_node_packages()
    command = (node_binary(), str(HERE / "node/server.js"))
    return Kind("node", "Node Socket.IO", command, {"NODE_ENV": "production"})


def plain() -> Kind:
    command = (eventlet_python(), str(HERE / "plain_eventlet.py"))
    return Kind("plain", "Flask-SocketIO, eventlet", command)


@contextmanager
def running(kind: Kind) -> Iterator[Server]:
    """Start a server on a free port of its own; stop it in the end."""
    port = _free_port()
    environment = {**os.environ, **kind.environment, "HOST": "127.0.0.1", "PORT": str(port)}
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            kind.command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=output
        )
        try:
            server = Server(kind, process.pid, port)
            for each in server.ports:
                _wait_until_healthy(process, each, output)
            yield server
        finally:
            _stop(process)


@contextmanager
def redis_server() -> Iterator[tuple[str, int]]:
    """Start a redis-server that keeps nothing; its URL and its pid."""
    port = _free_port()
    command = ("redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "")
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        yield f"redis://127.0.0.1:{port}", process.pid  # servers wait for it by themselves
    finally:
        _stop(process)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _wait_until_healthy(process: subprocess.Popen[bytes], port: int, output: IO[bytes]) -> None:
    deadline = time.monotonic() + START_LIMIT
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)  # because nothing tells from outside when a server listens
    output.seek(0)
    raise NotStarted(output.read().decode(errors="replace")[-2000:] or "no answer")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_LIMIT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
