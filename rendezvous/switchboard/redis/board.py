"""The switchboard of many processes: the verbs, each of them one script in Redis."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any, get_args

import msgspec
from redis.exceptions import RedisError

from rendezvous.matching import Profile, plan
from rendezvous.protocol.fields import ChatType
from rendezvous.refusals import Refused
from rendezvous.switchboard.crowds import too_many
from rendezvous.switchboard.inbox import Event
from rendezvous.switchboard.redis.desk import Desk
from rendezvous.switchboard.redis.ear import Ear
from rendezvous.switchboard.redis.line import Ask, Line
from rendezvous.switchboard.redis.nodes import connecting, shares_one_line
from rendezvous.switchboard.redis.replies import NOTHING, STATUS, effects_in, event_of
from rendezvous.switchboard.redis.scripts import LEAP
from rendezvous.switchboard.verbs import (
    Begun,
    Counts,
    Delivery,
    Effects,
    Exit,
    Look,
    Posted,
    Terms,
    View,
)

logger = logging.getLogger("rendezvous.switchboard")

CHAT_TYPES: tuple[ChatType, ...] = get_args(ChatType)
SESSION_ID_LENGTH = 25  # a letter and 144 random bits
START_PATIENCE = 1.0  # s
RETRY = 0.01  # s between two looks
OLDEST = 7  # because of sharded pub/sub; Valkey says 7.2
MOST_OWED = 100_000
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
        connect = connecting(url)
        terms = terms or Terms()
        self._widening = terms.widening
        self._desks: dict[str, Desk] = {}
        self._lines: list[Line] = []
        self._owed: deque[tuple[str, ...]] = deque(maxlen=MOST_OWED)
        self._retired = self._closed = False
        self._exit: Exit
        for chat_type in CHAT_TYPES:
            desk = Desk(chat_type, terms, clock, leap, share=shares_one_line(url))
            self._desks[desk.prefix] = desk
            desk.ear = Ear(
                partial(connect, desk.tag),
                partial(getattr, desk, "channel"),
                self._heard,
                partial(self._listening, desk),
            )
        desks = list(self._desks.values())
        for group in [desks] if shares_one_line(url) else [[desk] for desk in desks]:
            self._lines.append(self._line(partial(connect, group[0].tag), group))

    def _line(self, connect: Callable[[], Any], desks: list[Desk]) -> Line:
        def greet(ask: Ask) -> None:
            identity = _identity(ask)
            for desk in desks:
                desk.greet(ask, identity)

        line = Line(connect, greet, partial(self._settle, desks), _Reporter().news)
        for desk in desks:
            desk.line = line
        return line

    def open(self, exit_: Exit) -> None:
        """Begin to serve. Waits for Redis for a moment, but it need not be there yet."""
        self._exit = exit_
        for desk in self._desks.values():
            desk.exit = exit_
            desk.ear.start()
        for line in self._lines:
            line.start()
        until = time.monotonic() + START_PATIENCE
        while not self.is_up and time.monotonic() < until:
            time.sleep(RETRY)  # lets others run: the server has patched it

    def shut(self) -> None:
        """Give all connections up."""
        for desk in self._desks.values():
            desk.ear.close()
        for line in self._lines:
            line.close()

    @property
    def is_up(self) -> bool:
        """Whether every verb can be done now."""
        return all(line.is_up for line in self._lines)

    # The verbs

    def start(self, profile: Profile, holder: str | None = None) -> Begun:
        desk = self._desks[profile.chat_type[0]]
        self._refuse_unless_open(desk)
        session_id = desk.new_id()
        interests = msgspec.json.encode(profile.interests) if profile.interests else b""
        planned = self._planned(profile)
        try:
            blocked = f" {' '.join(profile.blocked)} " if profile.blocked else ""
            about = (interests, profile.place, profile.visitor, planned, blocked)
            reply = desk.call("start", session_id, holder or "", *about)
        except Refused as refused:
            if refused.code == "rate_limited":
                raise too_many() from None
            self._owed.append(("leave", session_id))  # because nobody will ever come for it
            raise
        effects = effects_in(reply, 2, desk.chat_type)
        return Begun(session_id, "matched" if reply[1] else "waiting", effects)

    def join(self, session_id: str, after: int, holder: str) -> View:
        desk = self._desk_of(session_id)
        self._refuse_unless_open(desk)
        try:
            reply = desk.call("join", session_id, after, holder)
        except Refused as refused:
            if refused.code == "unavailable":
                self._owed.append(("drop", session_id, holder))
            raise
        return _view(session_id, desk, reply)

    def drop(self, session_id: str, holder: str) -> Effects:
        try:
            desk = self._desk_of(session_id)
            reply = desk.call("drop", session_id, holder)
        except Refused as refused:
            if refused.code == "unavailable":
                self._owed.append(("drop", session_id, holder))
            return NOTHING
        return effects_in(reply, 1, desk.chat_type)

    def leave(self, session_id: str) -> Effects:
        desk = self._desk_of(session_id)
        return effects_in(desk.call("leave", session_id), 1, desk.chat_type)

    def post(
        self,
        session_id: str,
        name: str,
        members: bytes,
        message_id: str = "",
        client_id: str | None = None,
    ) -> Posted:
        desk = self._desk_of(session_id)
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
        _, partner = self._desk_of(session_id).call("whisper", session_id, name, members)
        if not partner:
            return NOTHING
        return Effects((Delivery(partner.decode(), Event(0, name, members)),))

    def read(self, session_id: str, after: int, *, waits: bool = False) -> View:
        desk = self._desk_of(session_id)
        return _view(session_id, desk, desk.call("read", session_id, after, int(waits)))

    def look(self, session_id: str, after: int, holder: str) -> Look:
        """What the socket `holder` has still to be told after `after`; changes nothing."""
        reply = self._desk_of(session_id).call("look", session_id, after, holder)
        return Look(reply[1].decode(), reply[2], [event_of(each) for each in reply[3]])

    def widen(self) -> Effects:
        effects = NOTHING
        for desk in () if self._closed else self._desks.values():
            for _ in range(MOST_SWEEPS):
                if not desk.line.is_up:
                    break
                reply = desk.call("widen")
                effects = _together(effects, effects_in(reply, 2, desk.chat_type))
                if not reply[1]:
                    break
        return effects

    def sweep(self) -> Effects:
        """Besides, and before: renew this worker's lease."""
        effects = NOTHING
        for desk in () if self._closed else self._desks.values():
            for _ in range(MOST_SWEEPS):
                reply = desk.tick()
                if reply is None:
                    break
                effects = _together(effects, effects_in(reply, 3, desk.chat_type))
                if not reply[2]:
                    break
            desk.ear.expect_a_beat()
        return effects

    def retire(self) -> None:
        """Let nobody come here any more, be it to start or to join; who is here stays."""
        self._retired = True

    def close(self) -> Effects:
        """Others go on with what is here: the grace of the sessions held here begins now."""
        self._retired = self._closed = True
        for desk in self._desks.values():
            desk.resign()
        self.shut()
        return NOTHING

    def counts(self) -> Counts:
        if self._retired:
            raise Refused("unavailable")
        each = {desk.chat_type: desk.call("counts") for desk in self._desks.values()}
        return Counts(
            {chat_type: reply[1] for chat_type, reply in each.items()},
            {chat_type: reply[2] for chat_type, reply in each.items()},
        )

    # What is owed after an answer that never came

    def _settle(self, desks: list[Desk]) -> None:
        """On a new link: undo what may have been done for somebody who was told that it was not.

        And look for what may have been done for somebody else, and not been carried there.
        """
        for _ in range(len(self._owed)):
            verb, *arguments = self._owed.popleft()
            try:
                self._exit.deliver(getattr(self, verb)(*arguments))
            except Refused as refused:
                if refused.code == "unavailable":
                    self._owed.append((verb, *arguments))
        for desk in desks:
            self._exit.look_again(desk.prefix)

    # Arrivals

    def _heard(self, delivery: Delivery) -> None:
        self._exit.arrive(delivery)

    def _listening(self, desk: Desk) -> None:
        self._exit.look_again(desk.prefix)

    def _planned(self, profile: Profile) -> bytes:
        """The policy's plan as meeting.lua reads it, packed."""
        looks, stands, stages = plan(profile)
        timed = [(self._widening.share(each.level), each.looks, each.opens) for each in stages]
        return msgspec.msgpack.encode((looks, stands, timed))

    def _desk_of(self, session_id: str) -> Desk:
        desk = self._desks.get(session_id[:1])
        if desk is None or len(session_id) != SESSION_ID_LENGTH:
            raise Refused("session_not_found")
        return desk

    def _refuse_unless_open(self, desk: Desk) -> None:
        """Before anything is owed for it."""
        if self._retired or not desk.line.is_up:
            raise Refused("unavailable")


class _Reporter:
    """Says once when Redis goes, and once when it is back."""

    def __init__(self) -> None:
        self._away: bool | None = None

    def news(self, error: Exception | None) -> None:
        """A link was made, or, with an error, was not."""
        if error is not None and not isinstance(error, RedisError | OSError):
            logger.error("the link to Redis could not be made", exc_info=error)
        away = error is not None
        if away != self._away:
            self._away = away
            if away:
                logger.error("Redis is away: %s", error)  # in which there is no password
            else:
                logger.warning("Redis is there")


def _identity(ask: Ask) -> str:
    """Which process it is, and whose data it has: the latter changes when it is promoted."""
    facts = dict(
        line.split(":", 1)
        for section in ("server", "replication")
        for line in ask("INFO", section).decode().splitlines()
        if ":" in line
    )
    if int(facts["redis_version"].partition(".")[0]) < OLDEST:
        raise RedisError(f"it has version {facts['redis_version']}, and {OLDEST} is needed")
    return f"{facts['run_id']}/{facts['master_replid']}"


def _view(session_id: str, desk: Desk, reply: list[Any]) -> View:
    _, status, initiator, last_seq, gap, events = reply[:6]
    effects = effects_in(reply, 6, desk.chat_type)
    # What this client is told now, it is told in the view.
    others = tuple(each for each in effects.deliveries if each.session_id != session_id)
    return View(
        STATUS[status],
        desk.chat_type,
        bool(initiator),
        last_seq,
        bool(gap),
        [event_of(each) for each in events],
        Effects(others, effects.matches, effects.endings),
    )


def _together(one: Effects, other: Effects) -> Effects:
    return Effects(
        one.deliveries + other.deliveries,
        one.matches + other.matches,
        one.endings + other.endings,
    )
