"""The two databases, each in turn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rendezvous.moderation.database import Database
from tests.conftest import Launch, launching
from tests.harness.postgresql import Cluster

KINDS = ("sqlite", "postgresql")


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'tests.db'}"
    cluster: Cluster = request.getfixturevalue("cluster")
    return cluster.new_database()


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """One with all its tables."""
    database = Database(url)
    database.prepare()
    yield database
    database.close()


@pytest.fixture(scope="module")
def launch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Launch]:
    """Start a server that is stopped at the end of the module."""
    yield from launching(tmp_path_factory)
