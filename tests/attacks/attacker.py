"""One address that wants all the sessions it can get: `python -m tests.attacks.attacker PORT N`.

A process of its own, so that it keeps nobody waiting but the server. Half of its sessions it asks
for by REST, half over WebSockets that it keeps open; what it has got is printed as JSON.
"""

from __future__ import annotations

import http.client
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from websocket import WebSocketBadStatusException

from tests.harness.raw import RawSocket

ADDRESS = "203.0.113.66"
HEADERS = {"X-Forwarded-For": ADDRESS}
CONNECTIONS = 4  # at once


def by_rest(port: int, sessions: int) -> list[str]:
    """Ask again and again; the sessions that were given."""
    own = []
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    for number in range(sessions):
        headers = {**HEADERS, "Content-Type": "application/json"}
        connection.request("POST", ("/start", "/start_video")[number % 2], "{}", headers)
        answer = json.loads(connection.getresponse().read())
        if "session_id" in answer:
            own.append(answer["session_id"])
        else:
            assert answer["code"] == "rate_limited", answer
    connection.close()
    return own


def by_socket(port: int, sessions: int, stack: ExitStack) -> list[str]:
    """Connect again and again, and ask once on each connection; the sessions that were given."""
    own = []
    for _ in range(sessions):
        try:
            socket = stack.enter_context(RawSocket(f"http://127.0.0.1:{port}", headers=HEADERS))
        except WebSocketBadStatusException as refused:
            if refused.status_code == 429:
                continue
            raise
        answer = socket.start("text")
        assert answer["ok"] or answer["code"] == "rate_limited", answer
        own += socket.sessions
    return own


def main() -> None:
    port, sessions = int(sys.argv[1]), int(sys.argv[2])
    each = sessions // CONNECTIONS
    with ExitStack() as stack, ThreadPoolExecutor(CONNECTIONS) as pool:
        works = [pool.submit(by_rest, port, each) for _ in range(CONNECTIONS // 2)]
        works += [pool.submit(by_socket, port, each, stack) for _ in range(CONNECTIONS // 2)]
        own = [session_id for work in works for session_id in work.result()]
        sys.stdout.write(json.dumps({"asked": each * CONNECTIONS, "given": own}))


if __name__ == "__main__":
    main()
