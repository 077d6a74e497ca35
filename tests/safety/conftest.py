"""A server as it comes, and guests of the server that a module asks for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import Launch
from tests.harness.clients import Schemas
from tests.harness.guests import Guests
from tests.harness.servers import Server


@pytest.fixture(scope="session")
def plain_server(launch: Launch) -> Server:
    """One with the settings that all tests have."""
    return launch()


@pytest.fixture(scope="module")
def server(plain_server: Server) -> Server:
    """What `guests` are guests of; modules have their own if they need other settings."""
    return plain_server


@pytest.fixture(scope="module")
def schemas(server: Server) -> Schemas:
    return Schemas(server.url)


@pytest.fixture
def guests(server: Server, schemas: Schemas) -> Iterator[Guests]:
    with Guests(server, schemas) as guests:
        yield guests
