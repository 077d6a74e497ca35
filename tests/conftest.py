"""The servers and clients that tests ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.harness.clients import RestClient, Schemas, SocketClient
from tests.harness.guests import Guests
from tests.harness.servers import STACKS, Server

Launch = Callable[..., Server]


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


@pytest.fixture(scope="session", params=list(STACKS))
def stack(request: pytest.FixtureRequest) -> str:
    """Each way of serving in turn."""
    return str(request.param)


@pytest.fixture(scope="session")
def server(stack: str, launch: Launch) -> Server:
    """A server with the default limits, of each stack in turn."""
    return launch(stack)


@pytest.fixture(scope="session")
def schemas(server: Server) -> Schemas:
    return Schemas(server.url)


@pytest.fixture
def guests(server: Server, schemas: Schemas) -> Iterator[Guests]:
    """Make clients of `server`; they and their sessions are gone after the test."""
    with Guests(server, schemas) as guests:
        yield guests


@pytest.fixture
def socket_client(guests: Guests) -> Callable[..., SocketClient]:
    """Connect Socket.IO clients: `socket_client(transports=["polling"])`."""
    return guests.socket


@pytest.fixture
def rest_client(guests: Guests) -> Callable[[], RestClient]:
    """Make plain HTTP clients."""
    return guests.rest
