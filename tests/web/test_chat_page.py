"""The page at /chat: its files, its headers, and nothing besides."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from rendezvous.refusals import Refused
from rendezvous.safety.address import Addresses
from rendezvous.safety.visitor import Visitors
from rendezvous.web import WebDoor

Browser = Callable[..., TestResponse]
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
PAGE = "<!doctype html><title>Rendezvous</title>"
SCRIPT = "console.log('a page of its own');\n" * 100
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data: blob:; media-src 'self' blob: mediastream:; manifest-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    """What a build of the client leaves, next to what it must not serve."""
    (tmp_path / "secret.txt").write_text("a secret")
    assets = tmp_path / "dist" / "assets"
    assets.mkdir(parents=True)
    (assets / "index-C0ffee.js").write_text(SCRIPT)
    (tmp_path / "dist" / "index.html").write_text(PAGE)
    (tmp_path / "dist" / "icon.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    return tmp_path / "dist"


@pytest.fixture
def door(dist: Path) -> WebDoor:
    return WebDoor(dist, Visitors("a secret for tests", Addresses()))


@pytest.fixture
def browser(door: WebDoor) -> Browser:
    """Get a path, with these headers; the body is read, and the file closed."""
    app = Flask("page", static_folder=None)
    app.register_blueprint(door.blueprint())
    app.add_url_rule("/", "health", lambda: door.welcome() or "{}")
    app.register_error_handler(Refused, lambda refused: (refused.sentence, refused.status))
    return partial(app.test_client().get, buffered=True)


@pytest.mark.parametrize("path", ["/chat", "/chat/"])
def test_the_page_is_there_under_a_strict_policy(browser: Browser, path: str) -> None:
    answer = browser(path)
    assert (answer.status_code, answer.text) == (200, PAGE)
    assert answer.content_type == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["Content-Security-Policy"] == CSP


def test_a_page_that_has_not_changed_is_not_sent_again(browser: Browser) -> None:
    first = browser("/chat")
    again = browser("/chat", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_assets_are_kept_for_ever_and_other_files_are_not(browser: Browser) -> None:
    asset = browser("/chat/assets/index-C0ffee.js")
    assert asset.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert asset.content_type.split(";")[0] in ("text/javascript", "application/javascript")
    assert browser("/chat/icon.svg").headers["Cache-Control"] == "private, no-cache"


def test_a_large_text_is_compressed_for_who_can_read_that(browser: Browser, dist: Path) -> None:
    path = "/chat/assets/index-C0ffee.js"
    plain = browser(path)
    assert (plain.text, plain.headers.get("Content-Encoding")) == (SCRIPT, None)
    packed = browser(path, headers={"Accept-Encoding": "gzip, br"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.content_length == len(packed.data) < len(SCRIPT)
    assert gzip.decompress(packed.data).decode() == SCRIPT
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert "Accept-Encoding" in plain.headers["Vary"]
    known = {"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]}
    assert browser(path, headers=known).status_code == 304
    (dist / "assets" / "index-C0ffee.js").write_text(SCRIPT * 2)
    os.utime(dist / "assets" / "index-C0ffee.js", ns=(1, 1))
    changed = browser(path, headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(changed.data).decode() == SCRIPT * 2
    assert "Content-Encoding" not in browser("/chat", headers=known).headers


@pytest.mark.parametrize(
    "path",
    [
        *("/chat/../secret.txt", "/chat/%2e%2e/secret.txt", "/chat/..%2fsecret.txt"),
        *("/chat/assets/../../secret.txt", "/chat//etc/passwd", "/chat/..%5csecret.txt"),
        *("/chat/nothing.js", "/chat/assets", "/chat/assets/", "/chat/%00", "/chat/index.html%00"),
    ],
)
def test_there_is_nothing_else_behind_the_page(browser: Browser, path: str) -> None:
    answer = browser(path)
    assert answer.status_code in (308, 404)
    assert "secret" not in answer.text.replace("secret.txt", "")


def test_who_asks_for_html_is_sent_to_the_page_and_programs_are_not(browser: Browser) -> None:
    sent = browser("/", headers={"Accept": BROWSER})
    assert (sent.status_code, sent.headers["Location"]) == (303, "/chat")
    assert sent.headers["Vary"] == "Accept"
    for accept in ("*/*", "application/json", "application/json, text/html;q=0.9", ""):
        assert browser("/", headers={"Accept": accept}).text == "{}"
    assert browser("/").text == "{}"


def test_a_page_that_is_not_built_says_how_to_build_it(browser: Browser, dist: Path) -> None:
    (dist / "index.html").unlink()
    for path in ("/chat", "/chat/", "/chat/assets/index-C0ffee.js"):
        answer = browser(path)
        assert answer.status_code == 404
        assert "make run" in answer.text
    assert browser("/", headers={"Accept": BROWSER}).text == "{}"
