"""Screenshots that are too large, or none: refused, and nothing of the report is kept."""

from __future__ import annotations

from base64 import b64encode

import pytest
from sqlalchemy import func, select

from rendezvous.moderation.database import Database
from rendezvous.moderation.models import Report
from tests.attacks.people import caller, met
from tests.harness.clients import wait_for
from tests.harness.guests import Guests
from tests.harness.servers import SETTINGS
from tests.moderation.papers import picture, png

LIMIT = int(SETTINGS["MAX_SCREENSHOT_BYTES"])
SCRIPT = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


def text(data: bytes) -> str:
    return b64encode(data).decode()


SHOTS = {
    "a GIF": (text(b"GIF89a"), 400),
    "a picture with scripts": (text(SCRIPT), 400),
    "a page": ("data:text/html;base64," + text(b"<script>alert(1)</script>"), 400),
    "a program": (text(b"\x7fELF" + bytes(1_000)), 400),
    "half a picture": (text(picture()[:200]), 400),
    "a picture by its first bytes": (text(b"\xff\xd8\xff\xe0" + b"x" * 1_000), 400),
    "no base64": ("<script>", 400),
    "an address": ("http://169.254.169.254/latest/meta-data/", 400),
    "a bomb": (text(png(60_000, 60_000, bytes(1_000_000))), 413),
    "too large": ("A" * (LIMIT * 4 // 3 + 1_000), 413),
    "far too large": ("A" * 2_000_000, 413),
}


def kept(database: Database) -> int:
    with database.session() as session:
        return session.scalar(select(func.count()).select_from(Report)) or 0


@pytest.mark.parametrize("shot", list(SHOTS))
def test_no_such_screenshot_is_taken(guests: Guests, database: Database, shot: str) -> None:
    ann, bob = met(guests)
    before = kept(database)
    screenshot, status = SHOTS[shot]
    body = {"session_id": ann.session_id, "reason": "spam", "screenshot": screenshot}
    answer = ann.post("/report", body)
    assert answer.status_code == status
    assert answer.json()["code"] == {400: "invalid_request", 413: "too_large"}[status]
    # What is reported next comes later, so that the refused one would be there by then.
    assert bob.post("/report", {"session_id": bob.session_id, "reason": "spam"}).ok
    wait_for(lambda: kept(database) > before, "the second report")
    assert kept(database) == before + 1


def test_only_a_report_may_be_as_large_as_a_screenshot(guests: Guests) -> None:
    ann, _ = met(guests)
    large = {"session_id": ann.session_id, "message": "A" * 100_000}
    for path in ("/send", "/block", "/appeal", "/disconnect"):
        assert caller(guests).post(path, large).status_code == 413
