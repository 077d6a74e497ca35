"""One server, and the documents that it serves."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.conftest import Launch
from tests.harness.servers import Server

Json = dict[str, Any]


@pytest.fixture(scope="session")
def described(launch: Launch) -> Server:
    """A server that holds no request for long because of a limit."""
    return launch("run.py")


@pytest.fixture(scope="session")
def openapi(described: Server) -> Json:
    return dict(requests.get(f"{described.url}/openapi.json", timeout=20).json())


@pytest.fixture(scope="session")
def asyncapi(described: Server) -> Json:
    return dict(requests.get(f"{described.url}/asyncapi.json", timeout=20).json())
