"""The servers and clients that tests ask for."""

from __future__ import annotations

import os
import resource
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.harness.clients import RestClient, SocketClient
from tests.harness.guests import Guests
from tests.harness.link import Link, Links
from tests.harness.postgresql import Cluster
from tests.harness.servers import STACKS, Server

Launch = Callable[..., Server]
# What takes longest comes first, so that no process has to wait for another one's in the end.
LONGEST = (
    *("browser", "chaos", "moderation", "transport", "runtime", "contract", "demo", "hostile"),
    *("faults", "attacks", "safety", "documents", "switchboard", "video", "races", "ice"),
)
DESCRIPTORS = 8_192  # for the thousands of connections that some tests open; servers inherit it

# Without limits of time, because nobody knows how busy the machine is.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
# No proxy that the environment names can reach the servers of a test.
os.environ["no_proxy"] = os.environ["NO_PROXY"] = "*"


def pytest_sessionstart() -> None:
    """Allow as many descriptors as are needed, where the system lets us."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < DESCRIPTORS:
        most = DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, DESCRIPTORS)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


@pytest.hookimpl(wrapper=True, tryfirst=True)  # around pytest-xdist, which looks for the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Generator[None]:
    """Keep in one process what shares servers: the tests of a folder, and there of a stack."""
    for item in items:
        stack = item.callspec.params.get("stack", "") if hasattr(item, "callspec") else ""
        item.add_marker(pytest.mark.xdist_group(f"{folder_of(item)} {stack}"))
    yield
    ranks = {folder: rank for rank, folder in enumerate(LONGEST)}
    items.sort(key=lambda item: ranks.get(folder_of(item), len(ranks)))


def folder_of(item: pytest.Item) -> str:
    """The folder below this one."""
    return item.path.relative_to(Path(__file__).parent).parts[0]


def launching(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Launch]:
    """What starts servers, and then stops them."""
    servers: list[Server] = []

    def start(stack: str = "run.py", **settings: str) -> Server:
        log = tmp_path_factory.mktemp("server") / "log"
        server = Server(stack, log, settings)
        servers.append(server)
        server.wait_until_up()
        return server

    yield start
    for server in servers:
        server.ask_to_stop()  # all at once, because each takes its time
    for server in servers:
        server.wait()


@pytest.fixture(scope="session")
def launch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Launch]:
    """Start a server: `launch("run.py", PING_INTERVAL="1")`; it is stopped at the end."""
    yield from launching(tmp_path_factory)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A real PostgreSQL."""
    with Cluster() as cluster:
        yield cluster


@pytest.fixture(scope="session", params=list(STACKS))
def stack(request: pytest.FixtureRequest) -> str:
    """Each way of serving in turn."""
    return str(request.param)


@pytest.fixture(scope="session")
def server(stack: str, launch: Launch) -> Server:
    """A server with the default limits, of each stack in turn."""
    return launch(stack)


@pytest.fixture
def guests(server: Server) -> Iterator[Guests]:
    """Make clients of `server`; they and their sessions are gone after the test."""
    with Guests(server) as guests:
        yield guests


@pytest.fixture
def link(server: Server) -> Iterator[Link]:
    """A way to `server` that can break."""
    with Links() as links:
        yield links.to(server.port)


@pytest.fixture
def socket_client(guests: Guests) -> Callable[..., SocketClient]:
    """Connect Socket.IO clients: `socket_client(transports=["polling"])`."""
    return guests.socket


@pytest.fixture
def rest_client(guests: Guests) -> Callable[[], RestClient]:
    """Make plain HTTP clients."""
    return guests.rest
