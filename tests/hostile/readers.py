"""Attacks by peers that do not read what they are sent."""

from __future__ import annotations

import json
import re
from collections import Counter

from tests.harness.servers import Server
from tests.hostile.rogues import Flood, attack, masked, members, pour
from tests.transport.peers import Peer

MESSAGES = 100_000
PONG = masked(b"3")
ANSWER = re.compile(rb"43\d+\[(\{[^}]*\})\]")
REFUSALS = {"inbox_full", "session_ended", "session_not_found"}  # one after the other


def start(peer: Peer) -> str:
    """`start`; the session."""
    answer = peer.call("start", {"chat_type": "text"})
    assert answer["ok"]
    return str(answer["session_id"])


def message(session_id: str, number: int) -> bytes:
    """A `send_message` with a number; now and then with the answer to a ping before it."""
    data = {"session_id": session_id, "message": f"message {number} " + "x" * 100}
    packet = masked(f"42{number}{json.dumps(['send_message', data])}".encode())
    return packet if number % 1_000 else PONG + packet


@attack("a peer that never reads while 100,000 messages are sent to it", 2)
def never_read(server: Server) -> str:
    with members(server, 2) as (deaf, sender):
        start(deaf)
        session_id = start(sender)
        flood = Flood(sender, b"".join(message(session_id, number) for number in range(MESSAGES)))
        last = f"43{MESSAGES - 1}[".encode()
        pour([flood], until=lambda: flood.closed or last in flood.heard[-500:])
        assert deaf.is_cut_off()
    answers = [json.loads(answer) for answer in ANSWER.findall(flood.heard)]
    assert len(answers) == MESSAGES
    codes = Counter(answer.get("code", "ok") for answer in answers)
    assert codes["ok"]
    assert codes.keys() - {"ok"} <= REFUSALS
    return "cut off; " + ", ".join(f"{count:,} {code}" for code, count in codes.items())


@attack("100,000 questions whose answers are never read", 1)
def never_read_answers(server: Server) -> str:
    question = masked(b'427["leave_session",{"session_id":"nobody"}]')
    with members(server, 1) as (deaf,):
        flood = Flood(deaf, question * MESSAGES, listens=False)
        pour([flood], until=lambda: flood.poured)
        assert flood.closed
        return f"cut off after {flood.sent // len(question):,}"
