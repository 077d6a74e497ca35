"""CPU for a chat and for a message, top load, and delays at half of it."""

from __future__ import annotations

from collections.abc import Sequence

from bench import load
from bench.parts import Outcome, Round, Scale, interleaved
from bench.servers import Kind, Server


def measure(kinds: Sequence[Kind], scale: Scale) -> Outcome:
    return interleaved(
        "chats", kinds, scale.rounds, lambda server: one_round(server, scale.for_kind(server.kind))
    )


def one_round(server: Server, scale: Scale) -> Round:
    chats = load.whole_chats(server, scale.chats, 2 * scale.chats_at_once, scale.chats_at_once)
    talk = load.endless_talk(server, scale.messages, scale.messages // 4, scale.pairs)
    half_chats = load.paced_chats(server, chats.per_second / 2, scale.seconds)
    half_talk = load.paced_messages(server, talk.per_second / 2, scale.seconds, scale.pairs)
    runs = (chats, talk, half_chats, half_talk)
    return {
        "cpu_per_chat_us": 1e6 * chats.cpu_each,
        "chats_per_second": chats.per_second,
        "cpu_per_message_us": 1e6 * talk.cpu_each,
        "messages_per_second": talk.per_second,
        "match_p50_ms": 1e3 * half_chats.match_time(0.5),
        "match_p99_ms": 1e3 * half_chats.match_time(0.99),
        "relay_p50_ms": 1e3 * half_talk.relay_time(0.5),
        "relay_p99_ms": 1e3 * half_talk.relay_time(0.99),
        "relay_in_chats_p50_ms": 1e3 * half_chats.relay_time(0.5),
        "relay_in_chats_p99_ms": 1e3 * half_chats.relay_time(0.99),
        "half_cpu_per_chat_us": 1e6 * half_chats.cpu_each,
        "half_cpu_per_message_us": 1e6 * half_talk.cpu_each,
        "server_share": chats.reading.server_share,
        "driver_share": max(run.reading.driver_share for run in runs),
        "others_share": max(run.reading.others_share for run in runs),
        "errors": sum(run.errors for run in runs),
    }
