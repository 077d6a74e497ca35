"""What the scripts answer, as the verbs return it."""

from __future__ import annotations

import math
from typing import Any

import msgspec

from rendezvous.protocol.fields import ChatType, Status
from rendezvous.switchboard.inbox import Event
from rendezvous.switchboard.results import (
    NOTHING,
    Delivery,
    Effects,
    Ending,
    Match,
    Standing,
    Upgrade,
    View,
)

STATUS: tuple[Status, ...] = ("waiting", "matched", "ended")  # by number, as core.lua has them


def effects_in(reply: list[Any], at: int, chat_type: ChatType) -> Effects:
    """The effects, which follow a reply's own fields from `at` on: a letter, then its parts."""
    if at == len(reply):
        return NOTHING
    deliveries: list[Delivery] = []
    matches: list[Match] = []
    endings: list[Ending] = []
    upgrades: list[Upgrade] = []
    asks: list[str] = []
    while at < len(reply):
        kind = reply[at]
        if kind == b"d":
            session_id, seq, name, members = reply[at + 1 : at + 5]
            deliveries.append(Delivery(session_id.decode(), Event(seq, name.decode(), members)))
            at += 5
        elif kind == b"m":
            one, other, waited, asker, question = (part.decode() for part in reply[at + 1 : at + 6])
            asked = msgspec.json.decode(question, type=str) if asker else ""
            matches.append(Match((one, other), chat_type, float(waited), asker, asked))
            at += 6
        elif kind == b"u":
            asker, other, seconds = (part.decode() for part in reply[at + 1 : at + 4])
            upgrades.append(Upgrade((asker, other), float(seconds)))
            at += 4
        elif kind == b"a":
            asks.append(reply[at + 1].decode())
            at += 2
        else:
            reason, seconds, messages, ids, kind, asker = reply[at + 1 : at + 7]
            sessions = tuple(ids.decode().split(" "))
            how = reason.decode(), float(seconds), messages, asker.decode()
            endings.append(Ending(sessions, kind.decode(), *how))
            at += 7
    return Effects(tuple(deliveries), tuple(matches), tuple(endings), tuple(upgrades), tuple(asks))


def view_in(reply: list[Any], session_id: str, chat_type: ChatType) -> View:
    """What view.lua answers."""
    _, status, initiator, last_seq, gap, events, by_now = reply[:7]
    effects = effects_in(reply, 7, chat_type)
    # What this client is told now, it is told in the view.
    others = tuple(each for each in effects.deliveries if each.session_id != session_id)
    return View(
        STATUS[status],
        by_now.decode(),
        bool(initiator),
        last_seq,
        bool(gap),
        [event_of(each) for each in events],
        Effects(others, effects.matches, effects.endings, effects.upgrades, effects.asks),
    )


def event_of(stored: bytes) -> Event:
    """An event as an inbox keeps it: its number, its name, and on the next line its members."""
    head, _, members = stored.partition(b"\n")
    seq, _, name = head.partition(b" ")
    return Event(int(seq), name.decode(), members)


def standing_in(reply: list[Any], chat_type: ChatType) -> Standing | None:
    """How one of many stands, or nothing: see standings.lua."""
    if not reply:
        return None
    position, level, waited, wider_in = reply
    return Standing(
        chat_type,
        position,
        level.decode(),
        waited / 1_000,
        math.inf if wider_in < 0 else wider_in / 1_000,
    )
