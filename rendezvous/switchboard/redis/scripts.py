"""The verbs in Lua: each is a script, made of what it shares with others and a file of its own."""

from __future__ import annotations

from functools import cache
from hashlib import sha1
from pathlib import Path
from typing import get_args

from rendezvous.matching import ALONE, CANDIDATES, FURTHER, MOMENT, SMOOTHING, WINDOW
from rendezvous.protocol.fields import ChatType
from rendezvous.switchboard.parties import ANSWERS_KEPT
from rendezvous.switchboard.terms import Terms

LUA = Path(__file__).parent / "lua"
# Seconds that a key outlives the last who cared for it. A day, because a Redis whose clock is moved
# forward, by an hour say, takes that from every key's life.
KEEP = 86_400
LEAP = 3.0  # s; a clock that moves by more than this between two ticks has been moved
WORKER_LEASE = 5  # s of the board's time without a tick after which a worker is dead
COMPANY = (
    *("queue", "strangers", "questions", "corners", "watchers", "watching", "introducing"),
    *("asking", "discussing", "meeting"),
)
MEETING = ("core", "wake", "inbox", *COMPANY)
# What each verb is made of. To make a function costs Redis half a microsecond each time, so the
# verbs that are asked for most have only what they need.
PARTS = {
    "start": (*MEETING, "appointments", "crowds", "pace", "popularity"),
    "join": (*MEETING, "view"),
    "read": (*MEETING, "view"),
    "vouch": MEETING,
    "drop": MEETING,
    "leave": (*MEETING, "crowds", "ending"),
    "post": ("core", "wake", "inbox", "heard"),
    "whisper": ("core", "wake", "watchers"),
    "acquaintance": ("core",),
    "meet_again": MEETING,
    "request_upgrade": (*MEETING, "upgrading"),
    "answer_upgrade": (*MEETING, "upgrading"),
    "look": ("core", "view"),
    "counts": (),
    "standings": ("core", "queue", "corners"),
    "topics": ("core",),
    "widen": MEETING,
    "tick": (*MEETING, "crowds", "ending", "sweep", "keys"),
    "resign": (*MEETING, "crowds", "ending", "sweep"),
    "reconcile": ("core", "keys"),
}
# So that a Redis without memory refuses a script before it has begun, not in its middle.
SHEBANG = "#!lua\n"


class Scripts:
    """The text and the SHA-1 of every verb for one chat type."""

    def __init__(self, chat_type: ChatType, terms: Terms, leap: float, *, share: bool) -> None:
        """`share`: the other chat type's keys are on the same node."""
        head = SHEBANG + _constants(chat_type, terms) + f"local LEAP = {leap}\n"
        head += _neighbours(chat_type, share=share)
        self.texts = {
            name: head + "".join(map(_read, (*parts, name))) for name, parts in PARTS.items()
        }
        self.shas = {
            name: sha1(text.encode(), usedforsecurity=False).hexdigest()
            for name, text in self.texts.items()
        }


def _constants(chat_type: ChatType, terms: Terms) -> str:
    values = {
        "TYPE": f"'{chat_type}'",
        "GRACE": terms.reconnect_grace,
        "LEASE": terms.lease,
        "IDLE": terms.idle_timeout,
        "RETENTION": terms.ended_retention,
        "EVENTS": terms.inbox_events,
        "MEMBERS": terms.inbox_bytes,
        "ARRIVALS": terms.widening.arrivals,
        "SOONEST": terms.widening.soonest,
        "LATEST": terms.widening.latest,
        "LONGEST_GAP": terms.widening.longest_gap,
        "SMOOTHING": SMOOTHING,
        "MOMENT": MOMENT,
        "WINDOW": WINDOW,
        "FURTHER": FURTHER,
        "ALONE": ALONE,
        "CANDIDATES": CANDIDATES,
        "NOT_AGAIN": terms.not_again,
        "NOT_AGAIN_FOR": terms.not_again_for,
        "AGAIN_AFTER": terms.again_after,
        "ALIVE_WITHIN": terms.alive_within,
        "ANSWER_WITHIN": terms.answer_within,
        "UPGRADE_AGAIN_AFTER": terms.upgrade_again_after,
        "KEEP": KEEP,
        "TOPICS": int(terms.topics),
        "WORKER_LEASE": WORKER_LEASE,
        "ANSWERS_KEPT": ANSWERS_KEPT,
        "MOST_OF_PLACE": terms.sessions_per_place,
        "MOST_OF_VISITOR": terms.sessions_per_visitor,
    }
    return "".join(f"local {name} = {value}\n" for name, value in values.items())


def tag_of(chat_type: str) -> str:
    """What all keys of a chat type begin with, so that they are on one node."""
    # By these names the two are far apart, however the slots of a cluster are split.
    return f"{{rdv:{chat_type}}}"


def _neighbours(chat_type: ChatType, *, share: bool) -> str:
    """Where crowds are counted: for both chat types if one script may touch both, or else apart."""
    own = tag_of(chat_type)
    (other,) = (tag_of(each) for each in get_args(ChatType) if each != chat_type)
    crowds = "{rdv:crowd}:" if share else f"{own}:crowd:"
    return f"local OTHER = '{other if share else own}'\nlocal CROWDS = '{crowds}'\n"


@cache
def _read(name: str) -> str:
    if name == "heard":  # the same, made only when it is called
        meeting = "".join(map(_read, COMPANY))
        return f"local function heard(id, s)\n{meeting}return heard(id, s)\nend\n"
    return (LUA / f"{name}.lua").read_text()
