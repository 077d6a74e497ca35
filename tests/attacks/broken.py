"""Packets and requests that were valid once, with a few bytes changed, moved, repeated or cut."""

from __future__ import annotations

import json
import random

PIECES = [b'"', b"{", b"]", b"\\u", b"1e999", b"null", b"\xed\xa0", b"\r\n", b"%00", b"\0"]
NOTES = bytes(range(256))
MOSTLY = 0.998  # behind its type, because with another one the connection is over at once
ENGINE = 0.003  # of the packets are none of Socket.IO's, which ends most connections
JSON = "application/json"
EVENTS = [
    ["start", {"chat_type": "text", "interests": ["music"], "language": "en"}],
    ["join_session", {"session_id": "ID", "after": 0}],
    ["leave_session", {"session_id": "nobody's"}],
    ["send_message", {"session_id": "ID", "message": "Hello \U0001f600", "client_id": "1"}],
    ["typing", {"session_id": "ID", "is_typing": True}],
    ["webrtc_signal", {"session_id": "ID", "signal": {"candidate": {"a": [1, 2.5, None]}}}],
    ["report", {"session_id": "ID", "reason": "spam", "comment": "Hello"}],
    ["block", {"session_id": "nobody's"}],
]
CALLS = {
    "/start": {"interests": ["music"], "language": "en", "pinned": ["interests"]},
    "/start_video": {"proof": "e30="},
    "/send": {"session_id": "ID", "message": "Hello \U0001f600", "client_id": "2"},
    "/receive": {"session_id": "ID", "after": 0},
    "/disconnect": {"session_id": "nobody's"},
    "/report": {"session_id": "ID", "reason": "spam", "screenshot": "R0lGODlh"},
    "/block": {"session_id": "nobody's"},
    "/appeal": {"ban": "AAAABBBBCCCCDDDD", "text": "It was not me"},
}
POLL = "/socket.io/?EIO=4&transport=polling"
GETS = ["/", "/challenge", "/ice_servers?session_id=ID", "/appeal?ban=AAAABBBBCCCCDDDD", "/chat/"]
ENGINES = [POLL, f"{POLL}&sid=nobody", f"{POLL}&j=1", POLL.replace("polling", "websocket")]
OPENING = (
    "Connection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
)


def changed(chance: random.Random, data: bytes, first: int = 0, least: int = 1) -> bytes:
    """`data` with up to three changes behind `first`, and no fewer than `least`."""
    changed = bytearray(data)
    for _ in range(chance.randrange(least, 4)):
        at = chance.randrange(min(first, len(changed)), len(changed) + 1)
        what = chance.randrange(4)
        if what == 0:
            changed[at : at + 1] = bytes([chance.choice(NOTES)])
        elif what == 1:
            del changed[at : at + chance.randrange(1, 9)]
        elif what == 2:
            changed[at:at] = changed[at : at + chance.randrange(1, 30)]
        else:
            changed[at:at] = chance.choice(PIECES)
    return bytes(changed)


def packet(chance: random.Random, session_id: str) -> bytes:
    """What a WebSocket would carry: of Socket.IO mostly, else of Engine.IO."""
    if chance.random() < ENGINE:
        return changed(chance, chance.choice([b"0{}", b"2probe", b"3", b"5", b"6", b"b4AAAA"]))
    text = json.dumps(chance.choice(EVENTS), ensure_ascii=False).replace("ID", session_id)
    whole = f"42{chance.randrange(1_000, 10_000)}{text}".encode()
    found = changed(chance, whole, 2 if chance.random() < MOSTLY else 0)
    if chance.random() < MOSTLY:  # as it is without UTF-8
        found = found.decode(errors="ignore").encode()
    return found or b"4"


def call(chance: random.Random, session_id: str) -> tuple[str, bytes]:
    """A call of the HTTP door, with a broken body."""
    path = chance.choice(list(CALLS))
    body = json.dumps(CALLS[path], ensure_ascii=False).replace("ID", session_id)
    return path, changed(chance, body.encode())


def request(chance: random.Random, session_id: str) -> bytes:
    """A whole request, which may be broken anywhere: method, address, version, fields, body."""
    kind = chance.randrange(3)
    if kind == 0:
        path = chance.choice(list(CALLS))
        body = json.dumps(CALLS[path], ensure_ascii=False).replace("ID", session_id).encode()
        fields = f"Content-Type: {JSON}\r\nContent-Length: {len(body)}\r\n"
        head = f"POST {path} HTTP/1.1\r\n"
    else:
        path, body = chance.choice(GETS if kind == 1 else ENGINES).replace("ID", session_id), b""
        fields = OPENING if path.endswith("websocket") else "Accept: */*\r\n"
        head = f"GET {path} HTTP/1.1\r\n"
    whole = f"{head}Host: 127.0.0.1\r\nCookie: visitor=a.b.c\r\n{fields}\r\n".encode() + body
    return changed(chance, whole)
