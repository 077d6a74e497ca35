"""Browsers of the tests: one process with a red camera, another with a blue one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserType, Playwright, sync_playwright

from tests.browser.chromium import launch_options, paint
from tests.browser.visitor import Visitor
from tests.conftest import Launch
from tests.harness.clients import Schemas
from tests.harness.guests import Guests
from tests.harness.servers import Server
from tests.video.pictures import BLUE, RED

Visit = Callable[..., Visitor]


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
) -> Iterator[dict[str, Browser]]:
    """By the colour of their cameras."""
    cameras = tmp_path_factory.mktemp("cameras")
    options = [
        (colour, launch_options(paint(cameras / f"{colour}.y4m", chroma)))
        for colour, chroma in (("red", RED), ("blue", BLUE))
    ]
    running = {
        colour: browser_type.launch(**{**browser_type_launch_args, **own})
        for colour, own in options
    }
    yield running
    for browser in running.values():
        browser.close()


@pytest.fixture(scope="package")
def server(launch: Launch) -> Server:
    """One with the page, as `make run` serves it."""
    return launch("run.py")


@pytest.fixture(scope="package")
def schemas(server: Server) -> Schemas:
    return Schemas(server.url)


@pytest.fixture
def visit(
    browsers: dict[str, Browser],
    server: Server,
    guests: Guests,  # noqa: ARG001 - it looks once more when everybody has gone
    request: pytest.FixtureRequest,
    output_path: str,
) -> Iterator[Visit]:
    """Make visitors: `visit("red", color_scheme="dark")`. Failures leave pictures of the page."""
    visitors: list[Visitor] = []

    def come(camera: str = "red", **options: Any) -> Visitor:
        settings = {"locale": "en-US", "viewport": {"width": 1100, "height": 720}, **options}
        visitor = Visitor(browsers[camera].new_context(**settings), server.url)
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
def red(visit: Visit) -> Visitor:
    return visit("red")


@pytest.fixture
def blue(visit: Visit) -> Visitor:
    return visit("blue")
