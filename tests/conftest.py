"""The servers and clients that tests ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.harness.clients import RestClient, Schemas, SocketClient
from tests.harness.servers import STACKS, Server

Launch = Callable[..., Server]


@pytest.fixture(scope="session")
def launch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Launch]:
    """Start a server: `launch("run.py", PING_INTERVAL="1")`; it is stopped at the end."""
    servers: list[Server] = []

    def start(stack: str = "run.py", **settings: str) -> Server:
        log = tmp_path_factory.mktemp("server") / "log"
        server = Server(stack, log, settings)
        servers.append(server)
        server.wait_until_up()
        return server

    yield start
    for server in servers:
        server.stop()


@pytest.fixture(scope="session", params=list(STACKS))
def server(request: pytest.FixtureRequest, launch: Launch) -> Server:
    """A server with the default limits, of each stack in turn."""
    return launch(request.param)


@pytest.fixture(scope="session")
def schemas(server: Server) -> Schemas:
    return Schemas(server.url)


@pytest.fixture
def socket_client(server: Server, schemas: Schemas) -> Iterator[Callable[..., SocketClient]]:
    """Connect Socket.IO clients: `socket_client(transports=["polling"])`."""
    with ExitStack() as stack:
        yield lambda transports=None: stack.enter_context(
            SocketClient(server.url, schemas, transports)
        )


@pytest.fixture
def rest_client(server: Server, schemas: Schemas) -> Callable[[], RestClient]:
    """Make plain HTTP clients."""
    return lambda: RestClient(server.url, schemas)
