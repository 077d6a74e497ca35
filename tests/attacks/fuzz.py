"""Broken packets by the thousand: `python -m tests.attacks.fuzz [1000000]`, or `make fuzz`.

They are valid ones with a few bytes changed, moved, repeated or cut. The server has to stay up and
answer; a stranger in the chat hears nothing that the documents do not describe; and the log has at
most one line for each.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.harness.raw import Closed, RawSocket
from tests.harness.servers import Server

SEED = 20_000
MOSTLY = 0.998
BATCH = 100  # packets between two looks at what has come back
NOTES = bytes(range(256))
EVENTS = [
    ["start", {"chat_type": "text", "interests": ["music"], "language": "en"}],
    ["join_session", {"session_id": "ID", "after": 0}],
    ["leave_session", {"session_id": "nobody's"}],
    ["send_message", {"session_id": "ID", "message": "Hello \U0001f600", "client_id": "1"}],
    ["typing", {"session_id": "ID", "is_typing": True}],
    ["webrtc_signal", {"session_id": "ID", "signal": {"candidate": {"a": [1, 2.5, None]}}}],
]


def broken(chance: random.Random, session_id: str) -> bytes:
    """A packet that was valid once."""
    text = json.dumps(chance.choice(EVENTS), ensure_ascii=False).replace("ID", session_id)
    packet = bytearray(f"42{chance.randrange(1_000, 10_000)}{text}".encode())
    for _ in range(chance.randrange(1, 4)):
        # Mostly behind its type, because with another one the connection is over at once.
        first = 2 if chance.random() < MOSTLY else 0
        at = chance.randrange(min(first, len(packet)), len(packet) + 1)
        what = chance.randrange(4)
        if what == 0:
            packet[at : at + 1] = bytes([chance.choice(NOTES)])
        elif what == 1:
            del packet[at : at + chance.randrange(1, 9)]
        elif what == 2:
            packet[at:at] = packet[at : at + chance.randrange(1, 30)]
        else:
            packet[at:at] = chance.choice(
                [b'"', b"{", b"]", b"\\u", b"1e999", b"null", b"\xed\xa0"]
            )
    if chance.random() < MOSTLY:  # as it is without UTF-8
        return bytes(packet).decode(errors="ignore").encode() or b"4"
    return bytes(packet) or b"4"


def fuzz(server: Server, packets: int, seed: int = SEED) -> int:
    """Send so many; returns how many times the server has closed the connection for it."""
    chance, schemas = random.Random(seed), server.schemas
    closed = 0
    left = packets
    while left > 0:
        with RawSocket(server.url) as stranger, RawSocket(server.url) as client:
            stranger.start("text")
            client.start("text")
            try:
                for _ in range(min(BATCH, left)):
                    left -= 1
                    client.say(broken(chance, client.session_id))
                client.ask("typing", {"session_id": client.session_id, "is_typing": False})
            except (Closed, OSError):
                closed += 1
            stranger.ask("typing", {"session_id": stranger.session_id, "is_typing": False})
            for name, data in _events(stranger.heard):
                schemas.check_message(name, data)
            for each in (stranger, client):
                _leave(each)
    return closed


def _events(packets: list[str]) -> Iterator[tuple[str, object]]:
    for packet in packets:
        if packet.startswith("42"):
            yield json.loads(packet[2:])


def _leave(client: RawSocket) -> None:
    try:
        client.ask("leave_session", {"session_id": client.session_id})
    except (Closed, OSError):
        pass  # its grace does the rest


def check_the_log(server: Server, packets: int) -> None:
    """No stack trace in it, and not more lines than packets."""
    log = server.log()
    assert "Traceback" not in log
    assert '"level":"error"' not in log
    refusals = [line for line in log.splitlines() if '"refused"' in line]
    assert len(refusals) <= packets


def main() -> None:
    packets = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        server = Server(
            "run.py", Path(folder) / "log", {"DATA_DIR": folder, "RECONNECT_GRACE": "1"}
        )
        server.wait_until_up()
        try:
            closed = fuzz(server, packets)
            assert server.health()["status"] == "healthy"
            check_the_log(server, packets)
        finally:
            server.stop()
    sys.stdout.write(f"{packets} packets, {closed} connections closed for them, no fault\n")


if __name__ == "__main__":
    main()
