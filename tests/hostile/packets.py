"""Attacks with Engine.IO and Socket.IO packets."""

from __future__ import annotations

import json

from tests.harness.servers import Server
from tests.hostile.frames import closed_with
from tests.hostile.rogues import Flood, attack, masked, members, pour

FLOODERS = 4
DEEP = 20_000
NOWHERE = '{"session_id":"nobody","message":"x"}'
ATTACHMENTS = (
    "51000000000-" + json.dumps(["send_message", {"_placeholder": True, "num": 0}]),
    "5123-" + json.dumps(["x", *({"_placeholder": True, "num": n} for n in range(123))]),
    "5" + "9" * 60_000 + "-[]",
    "61000000000-1[]",
)


@attack("a binary event with a huge attachment count", 20)
def announce_attachments(server: Server) -> str:
    outcomes = {closed_with(server, masked(f"4{packet}".encode()), 1008) for packet in ATTACHMENTS}
    return outcomes.pop()


def flood_of(server: Server, packet: str, times: int) -> str:
    """Say the same packet so many times on each connection; listen to what comes."""
    whole = masked(f"4{packet}".encode()) * times + masked(b'42999["no_such_event"]')
    with members(server, FLOODERS) as peers:
        floods = [Flood(peer, whole) for peer in peers]
        pour(floods, until=lambda: all(flood.closed or answered(flood) for flood in floods))
        cut = sum(flood.closed for flood in floods)
        answers = sum(flood.heard.count(b'"ok":false') - answered(flood) for flood in floods)
        assert not cut or not answers
        return f"{answers:,} refused" if not cut else "closed with 1008"


def answered(flood: Flood) -> bool:
    """Whether the last packet has had its answer, and so all before it."""
    return b"43999[" in flood.heard[-200:]


@attack('4,000 events "disconnect"', FLOODERS)
def disconnects(server: Server) -> str:
    return flood_of(server, '21["disconnect"]', 1_000)


@attack('4,000 events "connect"', FLOODERS)
def connects(server: Server) -> str:
    return flood_of(server, '21["connect",{}]', 1_000)


@attack("4,000 Socket.IO CONNECTs to namespaces that are not there", FLOODERS)
def namespaces(server: Server) -> str:
    return flood_of(server, "0/" + "x" * 50 + ",", 1_000)


@attack("2,000 events of 40,000 brackets", FLOODERS)
def nesting(server: Server) -> str:
    return flood_of(server, '21["send_message",' + "[" * DEEP + "]" * DEEP + "]", 500)


@attack("2,000 signals of deep objects", FLOODERS)
def nested_objects(server: Server) -> str:
    deep = '{"a":' * 6_000 + "1" + "}" * 6_000
    return flood_of(server, f'21["webrtc_signal",{{"session_id":"x","signal":{deep}}}]', 500)


@attack("2,000 events of 64 KB garbage", FLOODERS)
def garbage(server: Server) -> str:
    return flood_of(server, '21["' + "\u00e4" * 32_000 + '",{"a":1}]', 500)


@attack("20,000 ack ids", FLOODERS)
def ack_ids(server: Server) -> str:
    return flood_of(server, f'2{"9" * 16}["send_message",{NOWHERE}]', 5_000)


@attack("4,000 ack ids of 6,000 digits", FLOODERS)
def long_ack_ids(server: Server) -> str:
    return flood_of(server, f'2{"9" * 6_000}["send_message",{NOWHERE}]', 1_000)


@attack("20,000 acks that nobody asked for", FLOODERS)
def unasked_acks(server: Server) -> str:
    return flood_of(server, "312345[]", 5_000)
