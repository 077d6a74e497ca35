"""A server in a hurry, for what takes time, and a way to do two things at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import settings

from tests.conftest import Launch
from tests.harness.guests import Guests
from tests.harness.servers import STACKS, WITH_REDIS, Server

Meanwhile = Callable[..., Future[Any]]
LISTED_ORIGINS = ["https://chat.example.org", "http://localhost:3000"]
STUN = "stun:stun.example.org:3478"
ON_REDIS_TOO = pytest.mark.parametrize(
    "stack", [*STACKS, WITH_REDIS], indirect=True, scope="session"
)
EXAMPLES = settings(max_examples=80)


@pytest.fixture(scope="session")
def hasty_server(stack: str, launch: Launch) -> Server:
    """A server for which everything is over soon, and that only some web pages may use."""
    return launch(
        stack,
        RECONNECT_GRACE="1",
        REST_LEASE="2",
        IDLE_TIMEOUT="2",
        ENDED_RETENTION="3",  # time enough to ask after what has ended, also on a busy machine
        PING_INTERVAL="1",
        PING_TIMEOUT="1.5",
        HANDSHAKE_TIMEOUT="2",
        CORS_ORIGINS=", ".join(LISTED_ORIGINS),
        STUN_URLS=STUN,
    )


@pytest.fixture
def hasty_guests(hasty_server: Server) -> Iterator[Guests]:
    """Make clients of `hasty_server`."""
    with Guests(hasty_server) as guests:
        yield guests


@pytest.fixture
def meanwhile() -> Iterator[Meanwhile]:
    """Call a function in another thread: `meanwhile(other.receive, 25).result(10)`."""
    with ThreadPoolExecutor(max_workers=4) as pool:
        yield pool.submit


def shown(case: object) -> str:
    """A parameter's name: beginning and end of what it is."""
    text = repr(case)
    return text if len(text) <= 90 else f"{text[:60]}… {len(text)} …{text[-24:]}"
