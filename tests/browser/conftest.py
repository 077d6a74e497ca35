"""Browsers of the tests: one with a red camera, one with a blue, one with several, one without."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserType, Playwright, sync_playwright

from rendezvous.moderation.database import Database
from rendezvous.moderation.models import Base
from tests.browser.chromium import (
    NO_DEVICES,
    SEVERAL_DEVICES,
    filming,
    launch_options,
    paint,
)
from tests.browser.visitor import Visitor
from tests.conftest import Launch
from tests.harness.clients import RestClient
from tests.harness.guests import Guests
from tests.harness.redis_server import RedisServer
from tests.harness.servers import Server
from tests.video.pictures import BLUE, RED

Visit = Callable[..., Visitor]
Browsers = Callable[[str], Browser]


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """The plugin's, but over with this folder: asyncio.run refuses to work beside its loop."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="package")
def browser_type(playwright: Playwright) -> BrowserType:
    return playwright.chromium


@pytest.fixture(scope="package")
def browsers(
    browser_type: BrowserType,
    browser_type_launch_args: dict[str, Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Browsers]:
    """By their cameras; each is launched when it is first asked for."""
    films = tmp_path_factory.mktemp("films")
    devices = {
        "red": filming(paint(films / "red.y4m", RED)),
        "blue": filming(paint(films / "blue.y4m", BLUE)),
        "several": SEVERAL_DEVICES,
        "none": NO_DEVICES,
    }
    running: list[Browser] = []

    @cache
    def with_camera(name: str) -> Browser:
        options = {**browser_type_launch_args, **launch_options(devices[name])}
        running.append(browser_type.launch(**options))
        return running[-1]

    yield with_camera
    for browser in running:
        browser.close()


@pytest.fixture(scope="package")
def alone(launch: Launch) -> Server:
    """One with the page, as `make run` serves it, but where two may soon meet again."""
    return launch("run.py", AGAIN_AFTER="1")


@pytest.fixture(scope="package")
def store() -> Iterator[RedisServer]:
    store = RedisServer()
    yield store
    store.close()


@pytest.fixture(scope="package")
def shared(launch: Launch, store: RedisServer) -> Server:
    """One of several that share a store, and quick to notice what its visitors lose."""
    return launch("run.py", REDIS_URL=store.url, PING_INTERVAL="1", PING_TIMEOUT="1.5")


@pytest.fixture(scope="package")
def server(alone: Server) -> Server:
    return alone


@pytest.fixture
def database(server: Server) -> Iterator[Database]:
    """The server's own, as moderators have it, without what other tests have left there."""
    database = Database(f"sqlite:///{server.data / 'rendezvous.db'}")
    database.prepare()
    with database.session() as session:
        for table in ("reports", "blocks", "warnings", "appeals"):
            session.execute(Base.metadata.tables[table].delete())
    yield database
    database.close()


@pytest.fixture
def visit(
    browsers: Browsers,
    server: Server,
    guests: Guests,  # noqa: ARG001 - it looks once more when everybody has gone
    request: pytest.FixtureRequest,
    output_path: str,
) -> Iterator[Visit]:
    """Make visitors: `visit("red", color_scheme="dark")`; `at` is a way to the server.

    Failures leave pictures of the page.
    """
    visitors: list[Visitor] = []

    def come(camera: str = "red", at: str = "", **options: Any) -> Visitor:
        settings = {"locale": "en-US", "viewport": {"width": 1100, "height": 720}, **options}
        visitor = Visitor(browsers(camera).new_context(**settings), server.url, at)
        visitors.append(visitor)
        return visitor

    yield come
    if getattr(request.node, "rep_call", None) is None or request.node.rep_call.failed:
        for number, visitor in enumerate(visitors):
            visitor.page.screenshot(path=Path(output_path) / f"{number}.png")
    violations = [visitor.page.evaluate("window.witness?.violations ?? []") for visitor in visitors]
    crashes = [visitor.crashes for visitor in visitors]
    for visitor in visitors:
        visitor.go()
    assert not any(crashes), crashes
    assert not any(violations), violations


@pytest.fixture
def stranger(guests: Guests) -> RestClient:
    """Somebody who writes by HTTP."""
    return guests.rest()


@pytest.fixture
def red(visit: Visit) -> Visitor:
    return visit("red")


@pytest.fixture
def blue(visit: Visit) -> Visitor:
    return visit("blue")
