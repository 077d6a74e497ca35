"""What the clients say, masked beforehand: events with acknowledgement ids, SDP, candidates."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from bench import wire

START_ID, DESCRIPTION_ID, CANDIDATE_ID, MESSAGE_ID = 0, 1, 2, 10
CANDIDATES_PER_SIDE: Final = 8
SESSION: Final = re.compile(rb'"session_id":"([^"]+)"')
ORIGIN: Final = re.compile(rb"o=bench (\d+) ")

TEXTS: Final = (
    "hi",
    "hey, where are you from?",
    "somewhere near the sea, you?",
    "lol same 🙂",
    "what do you do when you are not talking to strangers on the internet?",
    "mostly climbing, and I play the bass in a band that nobody has heard of",
    'my flatmate calls it "noise", which is fair',
    "haha",
    "I once walked from one end of the country to the other, it took five weeks, it rained for "
    "four of them, and I would do it again tomorrow if somebody gave me the time off",
    "ok, I have to go, it was nice to meet you",
)


@dataclass(frozen=True, slots=True)
class Piece:
    """An event around the hole where the session id goes, already masked."""

    before: bytes
    after: bytes

    def frame(self, session: bytes) -> bytes:
        """Return the frame with `session`, which is masked too."""
        payload = self.before + session + self.after
        return wire.HEADERS[len(payload)] + payload


def event(acknowledgement: int, name: str, fields: dict[str, object]) -> Piece:
    data = {"session_id": "\0", **fields}
    text = f"42{acknowledgement}" + json.dumps(
        [name, data], separators=(",", ":"), ensure_ascii=False
    )
    before, after = text.split("\\u0000")
    return Piece(wire.masked(before.encode()), wire.masked(after.encode()))


START: Final = wire.frame(b'420["start",{"chat_type":"video"}]')


def session_id(payload: bytes) -> bytes:
    found = SESSION.search(payload)
    if found is None:
        raise ValueError("no session_id in " + payload.decode(errors="replace"))
    return found[1]


def origin(payload: bytes) -> int | None:
    """Return the number that `description` put into an SDP, or None for another signal."""
    found = ORIGIN.search(payload) if len(payload) > 1000 else None
    return int(found[1]) if found else None


CODECS: Final = {
    "audio": ("opus/48000/2", "red/48000/2", "G722/8000", "PCMU/8000", "PCMA/8000", "CN/8000"),
    "video": ("VP8/90000", "rtx/90000", "VP9/90000", "rtx/90000", "H264/90000", "rtx/90000"),
}
FEEDBACK: Final = ("goog-remb", "transport-cc", "ccm fir", "nack", "nack pli")


def _medium(kind: str, mid: int, first_type: int) -> list[str]:
    codecs = dict(enumerate(CODECS[kind], first_type))
    lines = [
        f"m={kind} 9 UDP/TLS/RTP/SAVPF {' '.join(map(str, codecs))}",
        "c=IN IP4 0.0.0.0",
        "a=rtcp:9 IN IP4 0.0.0.0",
        "a=ice-ufrag:4ZcD",
        "a=ice-pwd:2/1muCWoOi3uLifh0NuRHlv6",
        "a=ice-options:trickle",
        "a=fingerprint:sha-256 " + ":".join(f"{each * 7 % 256:02X}" for each in range(32)),
        "a=setup:actpass",
        f"a=mid:{mid}",
        "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level",
        "a=extmap:2 urn:ietf:params:rtp-hdrext:toffset",
        "a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid",
        "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
        "a=extmap:5 urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id",
        "a=sendrecv",
        "a=rtcp-mux",
        "a=rtcp-rsize",
    ]
    for number, codec in codecs.items():
        lines.append(f"a=rtpmap:{number} {codec}")
        if kind == "video" and not codec.startswith("rtx"):
            lines += [f"a=rtcp-fb:{number} {each}" for each in FEEDBACK]
        elif codec.startswith("rtx"):
            lines.append(f"a=fmtp:{number} apt={number - 1}")
    lines.append(f"a=ssrc:{2_231_627_014 + mid} cname:bench4711strangers")
    lines.append(f"a=msid:strangers {kind}-track-{mid}-of-one")
    return lines


def _session_description(number: str) -> str:
    lines = ["v=0", f"o=bench {number} 2 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 0 1"]
    lines += ["a=msid-semantic: WMS strangers", *_medium("audio", 0, 96), *_medium("video", 1, 104)]
    return "\r\n".join(lines) + "\r\n"


NUMBER: Final = "0000000000"
DESCRIPTIONS: Final = {
    kind: event(
        DESCRIPTION_ID,
        "webrtc_signal",
        {"signal": {"type": kind, "sdp": _session_description(NUMBER)}},
    )
    for kind in ("offer", "answer")
}


def description(kind: str, session: bytes, number: int) -> bytes:
    """Return the frame of an offer or answer whose origin line carries `number`."""
    digits = f"{number:0{len(NUMBER)}}".encode()
    return (
        DESCRIPTIONS[kind]
        .frame(session)
        .replace(wire.masked(NUMBER.encode()), wire.masked(digits), 1)
    )


def _candidate(number: int) -> dict[str, object]:
    address, port = f"203.0.113.{10 + number}", 46_150 + number
    line = (
        f"candidate:84216304{number} 1 udp 167772953{number} {address} {port} typ srflx "
        f"raddr 192.168.1.7 rport {port} generation 0 ufrag 4ZcD network-id 1 network-cost 10"
    )
    mid = number % 2
    parts = {"candidate": line, "sdpMid": str(mid), "sdpMLineIndex": mid}
    return {"signal": {"type": "candidate", "candidate": {**parts, "usernameFragment": "4ZcD"}}}


CANDIDATES: Final = [
    event(CANDIDATE_ID + number, "webrtc_signal", _candidate(number))
    for number in range(CANDIDATES_PER_SIDE)
]

_messages: list[Piece] = []


def message(number: int) -> Piece:
    """Return a client's message `number`; its client_id differs from those of all others."""
    while number >= len(_messages):
        this = len(_messages)
        fields: dict[str, object] = {"message": TEXTS[this % len(TEXTS)], "client_id": f"c{this}"}
        _messages.append(event(MESSAGE_ID + this, "send_message", fields))
    return _messages[number]


@cache
def leave(said: int) -> Piece:
    return event(MESSAGE_ID + said, "leave_session", {})
