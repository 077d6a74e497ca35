"""The stage on which everything happens in the time that `make test` has."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.chaos.stage import SHORT, Stage, open_stage


@pytest.fixture(scope="package")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with open_stage(tmp_path_factory.mktemp("chaos"), SHORT) as stage:
        yield stage
