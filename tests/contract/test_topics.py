"""`GET /topics`: what people are waiting with right now."""

from __future__ import annotations

import requests

from tests.contract.conftest import ON_REDIS_TOO
from tests.harness.clients import Json, wait_for
from tests.harness.guests import Guests

pytestmark = ON_REDIS_TOO


def test_what_three_wait_with_is_told_and_what_two_do_is_not(guests: Guests) -> None:
    def shown() -> Json:
        response = requests.get(f"{guests.server.url}/topics", timeout=20)
        guests.server.schemas.check_answer("/topics", response)
        page: Json = response.json()
        return page

    languages = ("aa", "bb", "cc")
    for number, language in enumerate(languages):
        wish = {"interests": ["Movie"] if number == 2 else ["Go", "cinema"], "language": language}
        guests.rest().start("video", pinned=["language"], **wish)
    wait_for(lambda: shown()["video"] == [{"topic": "films", "people": 3}], "they are shown")
    assert shown()["text"] == []
