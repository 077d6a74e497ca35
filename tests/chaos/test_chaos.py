"""The short form of `make chaos`: the quickest of the faults, small, on one deployment."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from tests.chaos.faults import FAMILIES
from tests.chaos.stage import SHORT, TABLE, Line, Stage, nothing_left, open_stage

QUICK = [line for line in TABLE if line.quick]
assert FAMILIES  # which have entered their faults


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with open_stage(tmp_path_factory.mktemp("chaos"), SHORT) as stage:
        yield stage


@pytest.fixture(scope="module")
def fresh(stage: Stage) -> int:
    """How many keys a deployment has that nobody has ever used."""
    return stage.redis.size()


@pytest.mark.parametrize("line", QUICK, ids=lambda line: line.show.__name__)
def test_nobody_notices(stage: Stage, line: Line, fresh: int) -> None:
    try:
        figures = [asyncio.run(line.show(stage)), asyncio.run(nothing_left(stage, fresh))]
    finally:
        stage.restore()
    print(figures)  # noqa: T201 - for who wants to see them
