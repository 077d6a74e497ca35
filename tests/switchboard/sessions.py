"""What the tests of every switchboard do with sessions, and look at."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rendezvous.matching import Profile
from rendezvous.refusals import Refused
from rendezvous.switchboard import Switchboard
from rendezvous.switchboard.results import Effects, View

TEXT = Profile("text")
VIDEO = Profile("video")


def names(effects: Effects, session_id: str) -> list[str]:
    return [each.event.name for each in effects.deliveries if each.session_id == session_id]


def facts(view: View, name: str) -> dict[str, Any]:
    """The members of the first event of that name."""
    event = next(event for event in view.events if event.name == name)
    return dict(json.loads(b"{" + event.members + b"}"))


def pair(board: Switchboard, profile: Profile = TEXT) -> tuple[str, str]:
    """Two who have sockets, named after the order in which they came."""
    return (
        board.start(profile, "socket 1").session_id,
        board.start(profile, "socket 2").session_id,
    )


def post(board: Switchboard, session_id: str, text: str, client_id: str | None = None) -> int:
    members = b'"text":' + json.dumps(text).encode()
    return board.post(session_id, "new_message", members, f"id of {text}", client_id).seq


def refusal(call: Any, *arguments: Any) -> str:
    with pytest.raises(Refused) as caught:
        call(*arguments)
    return caught.value.code
