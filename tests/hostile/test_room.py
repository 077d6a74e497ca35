"""More clients than there is room for: who is here stays, who comes is told, nothing spins."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import requests

from tests.conftest import Launch
from tests.harness.clients import wait_for
from tests.harness.servers import Server
from tests.transport.peers import Peer

TICKS = 100  # a second, of the times in /proc/PID/stat (USER_HZ on Linux)


def cpu_seconds(server: Server) -> float:
    fields = Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


@contextmanager
def crowd(server: Server, count: int) -> Iterator[list[Peer]]:
    """So many TCP connections, whether or not the server takes them."""
    with ExitStack() as stack:
        yield [stack.enter_context(Peer(server.port)) for _ in range(count)]


def open_files(server: Server) -> int:
    return len(list(Path(f"/proc/{server.process.pid}/fd").iterdir()))


def test_beyond_the_cap_newcomers_get_503_and_others_go_on(launch: Launch) -> None:
    server = launch("run.py", MAX_CONNECTIONS="20")
    with Peer(server.port) as inside, crowd(server, 19):
        inside.join()
        for _ in range(30):
            with Peer(server.port) as newcomer:
                newcomer.request("/")
                assert newcomer.response()[0] == 503
        inside.emit("typing", {}, ack=1)
        assert inside.hear().startswith("431[")
    wait_for(lambda: requests.get(server.url, timeout=10).ok, "room again")
    assert server.log().count("no room for more connections") == 1


def test_under_gunicorn_the_cap_holds_at_the_engine_io_open(launch: Launch) -> None:
    server = launch("gunicorn-gevent", MAX_CONNECTIONS="3")
    with crowd(server, 3) as inside, Peer(server.port) as newcomer:
        for peer in inside:
            peer.join()
        newcomer.request("/socket.io/?EIO=4&transport=websocket", "Upgrade: websocket")
        assert newcomer.response()[0] == 503


def test_without_descriptors_the_server_waits_quietly_for_some(launch: Launch) -> None:
    """The cap is derived from the limit at the start; here the limit is lowered behind its back."""
    server = launch("run.py")
    with Peer(server.port) as inside:
        inside.join()
        limit = open_files(server) + 10
        resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (limit, limit))
        with crowd(server, 60):
            wait_for(lambda: open_files(server) == limit, "the last descriptor")
            began, before = time.monotonic(), cpu_seconds(server)
            while time.monotonic() - began < 1:
                inside.emit("typing", {}, ack=1)
                assert inside.hear().startswith("431[")
                time.sleep(0.05)  # because idling is what is looked at
            assert cpu_seconds(server) - before < 0.5
        wait_for(lambda: requests.get(server.url, timeout=10).ok, "room again")
    assert "Traceback" not in server.log()
    assert server.log().count("no descriptors left") == 1
