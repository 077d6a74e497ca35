"""The servers under attack: each store with each database, started once and shared by all cases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rendezvous.moderation.database import Database
from tests.attacks.options import CELLS, FULL, Options
from tests.conftest import Launch
from tests.harness.postgresql import Cluster
from tests.harness.servers import WITH_REDIS, Server

# As they come; behind a proxy, so that the clients can be from everywhere.
DEFAULTS = {"RATE_LIMITS": "on", "TRUSTED_PROXIES": "1", "MAX_CONNECTIONS_PER_ADDRESS": "100"}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Only for who runs this folder by itself."""
    parser.addoption("--full", action="store_true", help="all 10,000 sessions from one address")


@pytest.fixture(scope="session")
def options(pytestconfig: pytest.Config) -> Options:
    """How large the attacks are."""
    return FULL if pytestconfig.getoption("--full", default=False) else Options()


@pytest.fixture(scope="session", params=CELLS)
def stack(request: pytest.FixtureRequest) -> str:
    """Each cell of the matrix in turn."""
    return str(request.param)


@pytest.fixture(scope="session")
def url(
    stack: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """An empty database."""
    if stack.endswith("SQLite"):
        return f"sqlite:///{tmp_path_factory.mktemp('sqlite') / 'tests.db'}"
    cluster: Cluster = request.getfixturevalue("cluster")
    return cluster.new_database()


@pytest.fixture(scope="session")
def server(stack: str, url: str, launch: Launch) -> Server:
    kind = WITH_REDIS if stack.startswith("Redis") else "run.py"
    return launch(kind, DATABASE_URL=url, **DEFAULTS)


@pytest.fixture(scope="session")
def database(server: Server, url: str) -> Iterator[Database]:
    """The server's own, as moderators have it."""
    assert server.health()["status"] == "healthy"
    database = Database(url)
    database.prepare()
    yield database
    database.close()
