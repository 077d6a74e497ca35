"""Who is given a visitor's cookie, and by which doors it is known."""

from __future__ import annotations

import requests

from rendezvous.safety.visitor import COOKIE
from tests.harness.guests import Guests


def test_the_page_gives_a_cookie_once(guests: Guests) -> None:
    with requests.Session() as browser:
        first = browser.get(f"{guests.server.url}/chat/")
        assert COOKIE in first.cookies
        assert "private" in first.headers["Cache-Control"]
        assert COOKIE not in browser.get(f"{guests.server.url}/chat/").cookies


def test_files_that_caches_share_give_none(guests: Guests) -> None:
    page = requests.get(f"{guests.server.url}/chat/")
    script = page.text.partition('src="')[2].partition('"')[0]
    answer = requests.get(guests.server.url + script)
    assert "public" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers


def test_starting_by_rest_gives_a_cookie_once(guests: Guests) -> None:
    rest = guests.rest()
    first = rest.post("/start", {})
    second = rest.post("/start_video", {})
    rest.sessions += [first.json()["session_id"], second.json()["session_id"]]
    assert COOKIE in first.cookies
    assert "Set-Cookie" not in second.headers


def test_no_answer_to_programs_that_start_nothing_carries_one(guests: Guests) -> None:
    for path in ("/", "/metrics", "/openapi.json", "/docs"):
        assert "Set-Cookie" not in requests.get(guests.server.url + path).headers
