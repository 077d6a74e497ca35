"""A server as it comes."""

from __future__ import annotations

import pytest

from tests.conftest import Launch
from tests.harness.servers import Server


@pytest.fixture(scope="session")
def plain_server(launch: Launch) -> Server:
    """One with the settings that all tests have."""
    return launch()


@pytest.fixture(scope="module")
def server(plain_server: Server) -> Server:
    """What `guests` are guests of; modules have their own if they need other settings."""
    return plain_server
