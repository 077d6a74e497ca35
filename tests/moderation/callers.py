"""Who calls over REST with a visitor's cookie, or without one."""

from __future__ import annotations

from typing import Any

import requests

from tests.harness.servers import Server
from tests.harness.visitors import known


def post(server: Server, path: str, visitor: str = "", **body: Any) -> requests.Response:
    headers = known(visitor) if visitor else {}
    return requests.post(server.url + path, json=body, headers=headers, timeout=20)


def is_turned_away(server: Server, visitor: str = "") -> bool:
    """Whether somebody may not start; a session that they may start is ended."""
    answer = post(server, "/start", visitor)
    if answer.ok:
        post(server, "/disconnect", session_id=answer.json()["session_id"])
    return answer.status_code == 403
