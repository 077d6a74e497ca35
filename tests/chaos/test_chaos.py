"""The short form of `make chaos`: the quickest of the faults, small, on one deployment."""

from __future__ import annotations

import asyncio

import pytest
import requests

from tests.chaos.faults import FAMILIES
from tests.chaos.remains import of_people
from tests.chaos.stage import TABLE, Line, Stage, nothing_left

QUICK = [line for line in TABLE if line.quick]
assert FAMILIES  # which have entered their faults


def test_whoever_waits_is_found_in_redis_until_they_leave(stage: Stage) -> None:
    url = stage.deployment.workers[0].url
    body = {"session_id": requests.post(f"{url}/start", json={}, timeout=10).json()["session_id"]}
    assert any(body["session_id"] in key for key in of_people(stage.redis))
    requests.post(f"{url}/disconnect", json=body, timeout=10)
    asyncio.run(nothing_left(stage))


@pytest.mark.parametrize("line", QUICK, ids=lambda line: line.show.__name__)
def test_nobody_notices(stage: Stage, line: Line) -> None:
    try:
        figures = [asyncio.run(line.show(stage)), asyncio.run(nothing_left(stage))]
    finally:
        stage.restore()
    print(figures)  # noqa: T201 - for who wants to see them
