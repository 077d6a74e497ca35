"""Debug mode is for reading logs: it offers nothing to the network that production does not."""

from __future__ import annotations

import pytest
import requests

from tests.conftest import Launch
from tests.harness.clients import TIMEOUT
from tests.harness.servers import Server


@pytest.fixture(scope="module")
def debugging(launch: Launch) -> Server:
    """A server in debug mode."""
    return launch("run.py", FLASK_DEBUG="1")


@pytest.mark.parametrize(
    "query",
    [
        "__debugger__=yes&cmd=resource&f=debugger.js",
        "__debugger__=yes&cmd=pinauth&pin=000-000-000&s=x",
        "__debugger__=yes&cmd=printpin&s=x",
        "__debugger__=yes&cmd=1%2B1&frm=0&s=x",
    ],
)
def test_no_debugger_answers(debugging: Server, query: str) -> None:
    response = requests.get(f"{debugging.url}/?{query}", timeout=TIMEOUT)
    assert response.json() == debugging.health()


@pytest.mark.parametrize("path", ["/console", "/__debugger__", "/static/app.py"])
def test_no_console_is_there(debugging: Server, path: str) -> None:
    response = requests.get(debugging.url + path, timeout=TIMEOUT)
    assert (response.status_code, response.json()["code"]) == (404, "not_found")
