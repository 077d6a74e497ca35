"""What browsers are told with every answer, whatever it is."""

from __future__ import annotations

import pytest
import requests

from tests.conftest import Launch
from tests.harness.clients import TIMEOUT
from tests.harness.servers import Server

PATHS = ["/", "/chat/", "/chat/icon.svg", "/docs", "/openapi.json", "/metrics", "/nothing", "/send"]
POLLING = "/socket.io/?EIO=4&transport=polling"
TLS = {"X-Forwarded-Proto": "https"}


@pytest.fixture(scope="module")
def proxied(launch: Launch) -> Server:
    return launch(TRUSTED_PROXIES="1", HSTS_SECONDS="1000")


def get(server: Server, path: str, **headers: str) -> requests.Response:
    return requests.get(server.url + path, headers=headers, timeout=TIMEOUT)


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_says_what_browsers_may_make_of_it(server: Server, path: str) -> None:
    answer = get(server, path)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    policy = answer.headers["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"} <= set(policy)


def test_the_page_may_ask_for_camera_and_microphone_and_nobody_in_it(server: Server) -> None:
    features = set(get(server, "/chat/").headers["Permissions-Policy"].split(", "))
    assert {"camera=(self)", "microphone=(self)", "fullscreen=(self)"} <= features
    assert "picture-in-picture=(self)" in features


def test_what_polls_get_is_taken_for_nothing_else(server: Server) -> None:
    assert get(server, POLLING).headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", PATHS)
def test_who_came_by_tls_shall_come_by_nothing_else(proxied: Server, path: str) -> None:
    hsts = get(proxied, path, **TLS).headers["Strict-Transport-Security"]
    assert hsts == "max-age=1000"
    assert "Strict-Transport-Security" not in get(proxied, path).headers


def test_behind_tls_the_cookie_stays_there(proxied: Server) -> None:
    assert "Secure" in get(proxied, "/chat/", **TLS).headers["Set-Cookie"].split("; ")
    assert "Secure" not in get(proxied, "/chat/").headers["Set-Cookie"]


def test_tls_is_not_believed_of_strangers(server: Server) -> None:
    answer = get(server, "/chat/", **TLS)
    assert "Strict-Transport-Security" not in answer.headers
    assert "Secure" not in answer.headers["Set-Cookie"]
