"""The switchboard of many processes: the verbs, each of them one script in Redis."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence

import msgspec

from rendezvous.matching import Profile, plan, tongue_of
from rendezvous.protocol.fields import ChatType
from rendezvous.refusals import Refused
from rendezvous.switchboard.crowds import token_in_use, too_many
from rendezvous.switchboard.inbox import Event
from rendezvous.switchboard.redis.desk import Desk
from rendezvous.switchboard.redis.desks import Desks
from rendezvous.switchboard.redis.replies import effects_in, event_of, standing_in, view_in
from rendezvous.switchboard.redis.scripts import LEAP
from rendezvous.switchboard.results import (
    NOTHING,
    Acquaintance,
    Begun,
    Counts,
    Delivery,
    Effects,
    Look,
    Posted,
    Standing,
    View,
    together,
)
from rendezvous.switchboard.terms import Terms
from rendezvous.switchboard.verbs import Exit

SHORTEST_PAUSE = 0.05  # s; a look costs a round trip, and other workers look, too
MOST_SWEEPS = 50  # batches in a row, before the next half a second


class RedisSwitchboard:
    """Implements `Switchboard`. `clock` is for tests, in the place of Redis's; so is `leap`, the
    most that it may move by between two ticks, seconds.

    `open` has to come first. What happens outside of this process's own verbs goes to its `exit`.
    """

    def __init__(
        self,
        url: str,
        terms: Terms | None = None,
        clock: Callable[[], float] | None = None,
        leap: float = LEAP,
    ) -> None:
        terms = terms or Terms()
        self._widening = terms.widening
        self._desks = Desks(url, terms, clock, leap)
        self._retired = self._closed = False
        self._widens_at: dict[ChatType, float] = {}

    def open(self, exit_: Exit) -> None:
        """Begin to serve. Waits for Redis for a moment, but it need not be there yet."""
        self._desks.open(exit_)

    def shut(self) -> None:
        """Give all connections up."""
        self._desks.shut()

    @property
    def is_up(self) -> bool:
        """Whether every verb can be done now."""
        return self._desks.are_up

    def start(self, profile: Profile, holder: str | None = None) -> Begun:
        desk = self._desks.for_type(profile.chat_type)
        self._refuse_unless_open(desk)
        session_id = desk.new_id()
        planned = self._planned(profile)
        try:
            blocked = f" {' '.join(profile.blocked)} " if profile.blocked else ""
            half = f"{kept.meeting}:{kept.side}" if (kept := profile.appointment) else ""
            wants, role = _wants(profile), _role(profile)
            about = (wants, profile.place, profile.visitor, planned, blocked, half, role)
            reply = desk.call("start", session_id, holder or "", *about)
        except Refused as refused:
            if refused.code == "rate_limited":
                raise too_many() from None
            if refused.code == "token_in_use":
                raise token_in_use() from None
            self._desks.owe(self.leave, session_id)  # because nobody will ever come for it
            raise
        effects = effects_in(reply, 2, desk.chat_type)
        return Begun(session_id, "matched" if reply[1] else "waiting", effects)

    def join(self, session_id: str, after: int, holder: str) -> View:
        desk = self._desks.of(session_id)
        self._refuse_unless_open(desk)
        try:
            reply = desk.call("join", session_id, after, holder)
        except Refused as refused:
            if refused.code == "unavailable":
                self._desks.owe(self.drop, session_id, holder)
            raise
        return view_in(reply, session_id, desk.chat_type)

    def vouch(self, session_id: str, holder: str) -> Effects:
        try:
            desk = self._desks.of(session_id)
            return effects_in(desk.call("vouch", session_id, holder), 1, desk.chat_type)
        except Refused:
            return NOTHING  # then it will be asked again

    def drop(self, session_id: str, holder: str) -> Effects:
        try:
            desk = self._desks.of(session_id)
            reply = desk.call("drop", session_id, holder)
        except Refused as refused:
            if refused.code == "unavailable":
                self._desks.owe(self.drop, session_id, holder)
            return NOTHING
        return effects_in(reply, 1, desk.chat_type)

    def leave(self, session_id: str) -> Effects:
        desk = self._desks.of(session_id)
        return effects_in(desk.call("leave", session_id), 1, desk.chat_type)

    def post(
        self,
        session_id: str,
        name: str,
        members: bytes,
        message_id: str = "",
        client_id: str | None = None,
    ) -> Posted:
        desk = self._desks.of(session_id)
        reply = desk.call("post", session_id, name, members, message_id, client_id or "")
        if len(reply) == 2:
            seq, _, earlier = reply[1].decode().partition(" ")
            return Posted(earlier, int(seq), NOTHING, again=True)
        seq, partner = reply[1], reply[2]
        back = effects_in(reply, 3, desk.chat_type)
        if partner:
            delivery = Delivery(partner.decode(), Event(seq, name, members))
            return Posted(message_id, seq, Effects((*back.deliveries, delivery)))
        return Posted(message_id, seq, back)

    def whisper(self, session_id: str, name: str, members: bytes) -> Effects:
        desk = self._desks.of(session_id)
        reply = desk.call("whisper", session_id, name, members)
        overheard = effects_in(reply, 2, desk.chat_type)
        if not reply[1]:
            return overheard
        return Effects(
            (*overheard.deliveries, Delivery(reply[1].decode(), Event(0, name, members)))
        )

    def request_upgrade(self, session_id: str) -> Effects:
        desk = self._desks.of(session_id)
        return effects_in(desk.call("request_upgrade", session_id), 1, desk.chat_type)

    def answer_upgrade(self, session_id: str, *, accept: bool) -> Effects:
        desk = self._desks.of(session_id)
        reply = desk.call("answer_upgrade", session_id, int(accept))
        return effects_in(reply, 1, desk.chat_type)

    def acquaintance(self, session_id: str) -> Acquaintance:
        _, *facts = self._desks.of(session_id).call("acquaintance", session_id)
        return Acquaintance(*(fact.decode() for fact in facts))

    def meet_again(self, session_id: str, mine: bytes, theirs: bytes) -> Effects:
        desk = self._desks.of(session_id)
        reply = desk.call("meet_again", session_id, mine, theirs)
        return effects_in(reply, 1, desk.chat_type)

    def read(self, session_id: str, after: int, *, waits: bool = False) -> View:
        desk = self._desks.of(session_id)
        reply = desk.call("read", session_id, after, int(waits))
        return view_in(reply, session_id, desk.chat_type)

    def look(self, session_id: str, after: int, holder: str) -> Look:
        """What the socket `holder` has still to be told after `after`; changes nothing."""
        reply = self._desks.of(session_id).call("look", session_id, after, holder)
        return Look(reply[1].decode(), reply[2], [event_of(each) for each in reply[3]])

    def widen(self) -> Effects:
        effects: list[Effects] = []
        for desk in () if self._closed else self._desks.all:
            for _ in range(MOST_SWEEPS):
                if not desk.line.is_up:
                    break
                reply = desk.call("widen")
                effects.append(effects_in(reply, 3, desk.chat_type))
                self._widens_at[desk.chat_type] = time.monotonic() + reply[2] / 1_000
                if not reply[1]:
                    break
        return together(effects)

    def next_widening(self) -> float:
        soonest = min(self._widens_at.values(), default=math.inf) - time.monotonic()
        return max(soonest, SHORTEST_PAUSE)

    def sweep(self) -> Effects:
        """Besides, and before: renew this worker's lease."""
        effects: list[Effects] = []
        for desk in () if self._closed else self._desks.all:
            for _ in range(MOST_SWEEPS):
                reply = desk.tick()
                if reply is None:
                    break
                effects.append(effects_in(reply, 3, desk.chat_type))
                if not reply[2]:
                    break
            desk.ear.expect_a_beat()
        return together(effects)

    def retire(self) -> None:
        """Let nobody come here any more, be it to start or to join; who is here stays."""
        self._retired = True

    def close(self) -> Effects:
        """Others go on with what is here: the grace of the sessions held here begins now."""
        self._retired = self._closed = True
        for desk in self._desks.all:
            desk.resign()
        self.shut()
        return NOTHING

    def counts(self) -> Counts:
        if self._retired:
            raise Refused("unavailable")
        each = {desk.chat_type: desk.call("counts") for desk in self._desks.all}
        chats = {chat_type: reply[2] for chat_type, reply in each.items()}
        upgraded = each["text"][3]
        chats["text"] -= upgraded
        chats["video"] += upgraded
        waiting = {chat_type: reply[1] for chat_type, reply in each.items()}
        return Counts(waiting, chats, each["text"][4])

    def standings(self, session_ids: Sequence[str]) -> list[Standing | None]:
        found: dict[str, Standing | None] = {}
        for desk in self._desks.all:  # one round trip for each chat type
            ids = [each for each in session_ids if each.startswith(desk.prefix)]
            if ids:
                _, *replies = desk.call("standings", *ids)
                for session_id, one in zip(ids, replies, strict=True):
                    found[session_id] = standing_in(one, desk.chat_type)
        return [found.get(session_id) for session_id in session_ids]

    def topics(self, chat_type: ChatType, least: int, most: int) -> list[tuple[str, int]]:
        _, *found = self._desks.for_type(chat_type).call("topics", "", least, most)
        return [(topic.decode(), people) for topic, people in found]

    def _planned(self, profile: Profile) -> bytes:
        """The policy's plan as meeting.lua reads it, packed."""
        looks, stands, stages, looks_if_slow = plan(profile)
        timed = [
            (self._widening.share(each.level), each.looks, each.opens, each.level, each.spares)
            for each in stages
        ]
        return msgspec.msgpack.encode((looks, stands, timed, looks_if_slow))

    def _refuse_unless_open(self, desk: Desk) -> None:
        """Before anything is owed for it."""
        if self._retired or not desk.line.is_up:
            raise Refused("unavailable")


def _wants(profile: Profile) -> bytes:
    """What somebody asks, or else is interested in, as JSON."""
    if profile.question:
        return msgspec.json.encode(profile.question)
    return msgspec.json.encode(profile.interests) if profile.interests else b""


def _role(profile: Profile) -> str:
    """What somebody has to do with a question, as questions.lua has it."""
    if profile.question:
        return "!"
    return f"?{tongue_of(profile)}" if profile.discusses else ""
