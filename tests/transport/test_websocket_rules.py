"""RFC 6455, and the bounds on what a peer may send."""

from __future__ import annotations

import json
import struct

import pytest

from tests.transport.conftest import Relay
from tests.transport.peers import (
    BINARY,
    CLOSE,
    CONTINUATION,
    KEY,
    PING,
    PONG,
    TEXT,
    Peer,
    eventually,
    frame,
)

ECHO = '421["echo","grüße"]'.encode()
ANSWER = f"431{json.dumps([['grüße']])}"


def test_fragments_make_one_message(relay: Relay) -> None:
    with relay.peer() as peer:
        peer.join()
        for end in range(1, len(ECHO)):  # also within a character of two bytes
            peer.send(frame(TEXT, ECHO[:end], fin=False) + frame(CONTINUATION, ECHO[end:]))
            assert peer.hear() == ANSWER


def test_a_message_may_come_byte_by_byte(relay: Relay) -> None:
    with relay.peer() as peer:
        peer.join()
        for byte in frame(TEXT, ECHO):
            peer.send(bytes((byte,)))
        assert peer.hear() == ANSWER
        peer.send(frame(TEXT, ECHO))
        assert peer.hear() == ANSWER


def test_messages_may_come_all_at_once(relay: Relay) -> None:
    with relay.peer() as peer:
        peer.join()
        mixed = frame(TEXT, ECHO) + frame(PING, b"?") + frame(TEXT, ECHO[:9], fin=False)
        peer.send((mixed + frame(PING, b"!") + frame(CONTINUATION, ECHO[9:])) * 100)
        answers = [peer.read_frame() for _ in range(400)]
        assert [payload.decode() for opcode, payload in answers if opcode == TEXT] == [ANSWER] * 200
        assert [payload for opcode, payload in answers if opcode == PONG] == [b"?", b"!"] * 100


def test_a_few_empty_fragments_are_taken(relay: Relay) -> None:
    with relay.peer() as peer:
        peer.join()
        peer.send(frame(TEXT, ECHO, fin=False))
        peer.send(frame(CONTINUATION, b"", fin=False) * 200)
        peer.send(frame(CONTINUATION, b""))
        assert peer.hear() == ANSWER


@pytest.mark.parametrize("flood", [frame(CONTINUATION, b"", fin=False), frame(PING, b"")])
def test_a_flood_of_frames_without_a_message_is_refused(relay: Relay, flood: bytes) -> None:
    with relay.peer() as peer:
        peer.join()
        peer.send(frame(TEXT, b"4", fin=False) + flood * 2_000)
        assert peer.close_code() == 1002


@pytest.mark.parametrize("announced", [65_537, 2**31, 2**62, 2**63 - 1])
def test_a_header_that_announces_too_much_is_refused_at_once(relay: Relay, announced: int) -> None:
    with relay.peer() as peer:
        peer.join()
        peer.send(struct.pack("!BBQ", 0x80 | TEXT, 0x80 | 127, announced))
        assert peer.close_code() == 1009


def test_fragments_count_together(relay: Relay) -> None:
    with relay.peer() as peer:
        peer.join()
        peer.send(frame(TEXT, b"4" * 40_000, fin=False))
        peer.send(frame(CONTINUATION, b"4" * 40_000, fin=False))
        assert peer.close_code() == 1009


def test_a_hundred_megabytes_in_unfinished_fragments_are_not_held(relay: Relay) -> None:
    before = relay.report()["resident"]
    with relay.peer() as peer:
        peer.join()
        piece = frame(CONTINUATION, b"x" * 1_000, fin=False) * 100
        peer.send(frame(TEXT, b"4", fin=False))
        with pytest.raises(ConnectionError):
            send_again_and_again(peer, piece, 1_000)
        assert relay.report()["resident"] - before < 2_000_000


def send_again_and_again(peer: Peer, data: bytes, times: int) -> None:
    for _ in range(times):
        peer.send(data)


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (frame(TEXT, b'42["\xff\xfe"]'), 1007),
        (frame(TEXT, b"\xed\xa0\x80"), 1007),
        (frame(TEXT, b"4\xf0\x9f", fin=False) + frame(CONTINUATION, b"x"), 1007),
        (frame(TEXT, b"42[]", mask=None), 1002),
        (frame(CONTINUATION, b"x"), 1002),
        (frame(TEXT, b"4", fin=False) + frame(TEXT, b"4"), 1002),
        (frame(0x3, b"x"), 1002),
        (frame(0xB, b"x"), 1002),
        (bytes((0xC1,)) + frame(TEXT, b"x")[1:], 1002),
        (frame(PING, b"x" * 126), 1002),
        (frame(PING, b"x", fin=False), 1002),
        (frame(CLOSE, b"\x03"), 1002),
        (frame(CLOSE, struct.pack("!H", 1005)), 1002),
        (frame(BINARY, b"4"), 1003),
    ],
    ids=lambda value: value.hex() if isinstance(value, bytes) else value,
)
def test_a_broken_rule_closes_with_its_code(relay: Relay, broken: bytes, code: int) -> None:
    with relay.peer() as peer:
        peer.join()
        peer.send(broken)
        assert peer.close_code() == code
        assert eventually(lambda: relay.reasons(peer.sid)) == ["transport error"]


@pytest.mark.parametrize("payload", [b"", struct.pack("!H", 1000), struct.pack("!H", 3000) + b"x"])
def test_a_close_is_answered_with_the_same_close(relay: Relay, payload: bytes) -> None:
    with relay.peer() as peer:
        peer.join()
        peer.send(frame(TEXT, ECHO) + frame(CLOSE, payload))
        assert peer.hear() == ANSWER
        assert peer.read_frame() == (CLOSE, payload)
        assert peer.is_cut_off()
        assert eventually(lambda: relay.reasons(peer.sid)) == ["transport close"]


def test_pongs_and_answers_come_in_the_order_of_their_causes(relay: Relay) -> None:
    with relay.peer() as peer:
        peer.join()
        peer.send(frame(PING, b"1") + frame(TEXT, ECHO) + frame(PING, b"2") + frame(TEXT, ECHO))
        answers = [(PONG, b"1"), (TEXT, ANSWER.encode()), (PONG, b"2"), (TEXT, ANSWER.encode())]
        assert [peer.read_frame() for _ in range(4)] == answers


def test_a_close_within_a_message_is_a_clean_one(relay: Relay) -> None:
    with relay.peer() as peer:
        peer.join()
        peer.send(frame(TEXT, ECHO, fin=False) + frame(CLOSE, struct.pack("!H", 1000)))
        assert peer.close_code() == 1000
        assert eventually(lambda: relay.reasons(peer.sid)) == ["transport close"]


def test_a_close_of_both_sides_at_once_is_a_clean_one(relay: Relay) -> None:
    with relay.peer() as peer:
        peer.join()
        peer.send(frame(TEXT, b'42["leave","bye"]') + frame(TEXT, ECHO) + frame(CLOSE, b"\x03\xe9"))
        assert peer.hear() == '42["told","good bye"]'
        assert peer.close_code() in (1000, 1001)
        assert eventually(lambda: relay.reasons(peer.sid)) == ["bye"]


def test_nothing_is_handled_after_a_close(relay: Relay) -> None:
    with relay.peer() as peer:
        peer.join()
        peer.send(frame(CLOSE, b"") + frame(TEXT, ECHO))
        assert peer.read_frame() == (CLOSE, b"")
        assert peer.is_cut_off()


def test_no_compression_is_negotiated(relay: Relay) -> None:
    with relay.peer() as peer:
        peer.request(
            "/socket.io/?EIO=4&transport=websocket",
            "Upgrade: websocket",
            "Connection: keep-alive, Upgrade",
            f"Sec-WebSocket-Key: {KEY}",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
        )
        head = peer.read_until(b"\r\n\r\n").lower()
        assert b"sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=" in head
        assert b"extensions" not in head


@pytest.mark.parametrize(
    "headers",
    [
        ("Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"),
        ("Upgrade: websocket", f"Sec-WebSocket-Key: {KEY}", "Sec-WebSocket-Version: 13"),
        ("Upgrade: websocket", "Connection: Upgrade", f"Sec-WebSocket-Key: {KEY}"),
        (
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Key: short",
            "Sec-WebSocket-Version: 13",
        ),
        (
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {KEY}",
            "Sec-WebSocket-Version: 8",
        ),
        (),
    ],
)
def test_a_bad_handshake_is_a_plain_400_and_leaves_nothing(
    relay: Relay, headers: tuple[str, ...]
) -> None:
    before = relay.report()["connections"]
    with relay.peer() as peer:
        peer.request("/socket.io/?EIO=4&transport=websocket", *headers)
        status, body = peer.response()
        assert status == 400
        assert "Traceback" not in body
    assert relay.report()["connections"] <= before  # less, if one ended meanwhile


def test_a_foreign_origin_is_refused_before_anything_is_kept(relay: Relay) -> None:
    before = relay.report()["connections"]
    for transport in ("polling", "websocket"):
        with relay.peer() as peer:
            peer.request(
                f"/socket.io/?EIO=4&transport={transport}",
                "Origin: https://foe.example",
                "Upgrade: websocket",
                "Connection: Upgrade",
                f"Sec-WebSocket-Key: {KEY}",
                "Sec-WebSocket-Version: 13",
            )
            assert peer.response()[0] == 400
    assert relay.report()["connections"] <= before


def test_an_allowed_origin_may_connect(relay: Relay) -> None:
    with relay.peer() as peer:
        assert peer.open("Origin: https://friend.example")["maxPayload"] == 65_536
