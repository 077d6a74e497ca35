"""Who asks a question, and who would discuss one, as the tests have them come."""

from __future__ import annotations

import json
from typing import Any

from rendezvous.matching import Profile
from rendezvous.switchboard import Switchboard

from .conftest import Clock

QUESTION = 'Is "tea" better than coffee?'


def asks(visitor: str = "", language: str | None = None, blocked: str = "") -> Profile:
    blocks = frozenset(blocked.split())
    return Profile("text", (), language, visitor, blocked=blocks, question=QUESTION)


def discusses(
    visitor: str = "", interests: str = "", language: str | None = None, blocked: str = ""
) -> Profile:
    words, blocks = tuple(interests.split()), frozenset(blocked.split())
    return Profile("text", words, language, visitor, blocked=blocks, discusses=True)


def heard(board: Switchboard, session_id: str, after: int = 0) -> list[tuple[str, Any]]:
    """The events of a session, each with its members."""
    view = board.read(session_id, after)
    return [(event.name, json.loads(b"{%b}" % event.members)) for event in view.events]


def passes(board: Switchboard, clock: Clock, seconds: float) -> None:
    clock.pass_by(seconds)
    board.widen()
    board.sweep()
