"""Both chat types' desks, and the lines to Redis that they share, or have one each."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any, get_args

from rendezvous.protocol.fields import ChatType
from rendezvous.refusals import Refused
from rendezvous.switchboard.redis.desk import Desk
from rendezvous.switchboard.redis.ear import Ear
from rendezvous.switchboard.redis.greeting import Reporter, identity_of
from rendezvous.switchboard.redis.line import Ask, Line
from rendezvous.switchboard.redis.nodes import connecting, shares_one_line
from rendezvous.switchboard.results import Delivery, Effects
from rendezvous.switchboard.terms import Terms
from rendezvous.switchboard.verbs import Exit

CHAT_TYPES: tuple[ChatType, ...] = get_args(ChatType)
SESSION_ID_LENGTH = 25  # a letter and 144 random bits
START_PATIENCE = 1.0  # s
RETRY = 0.01  # s between two looks
MOST_OWED = 100_000

Owed = Callable[[], Effects]


class Desks:
    """Opens and closes them, and does what is owed when Redis is back."""

    def __init__(
        self, url: str, terms: Terms, clock: Callable[[], float] | None, leap: float
    ) -> None:
        connect = connecting(url)
        share = shares_one_line(url)
        self._desks: dict[str, Desk] = {}
        self._lines: list[Line] = []
        self._owed: deque[Owed] = deque(maxlen=MOST_OWED)
        self._exit: Exit
        for chat_type in CHAT_TYPES:
            desk = Desk(chat_type, terms, clock, leap, share=share)
            self._desks[desk.prefix] = desk
            desk.ear = Ear(
                partial(connect, desk.tag),
                partial(getattr, desk, "channel"),
                self._heard,
                partial(self._listening, desk),
            )
        for group in [self.all] if share else [[desk] for desk in self.all]:
            self._lines.append(self._line(partial(connect, group[0].tag), group))

    @property
    def all(self) -> list[Desk]:
        """One for each chat type."""
        return list(self._desks.values())

    def of(self, session_id: str) -> Desk:
        """The desk of a session. Raises Refused: "session_not_found"."""
        desk = self._desks.get(session_id[:1])
        if desk is None or len(session_id) != SESSION_ID_LENGTH:
            raise Refused("session_not_found")
        return desk

    def for_type(self, chat_type: ChatType) -> Desk:
        """The desk of a chat type."""
        return self._desks[chat_type[0]]

    def open(self, exit_: Exit) -> None:
        """Begin to serve. Waits for Redis for a moment, but it need not be there yet."""
        self._exit = exit_
        for desk in self.all:
            desk.exit = exit_
            desk.ear.start()
        for line in self._lines:
            line.start()
        until = time.monotonic() + START_PATIENCE
        while not self.are_up and time.monotonic() < until:
            time.sleep(RETRY)  # lets others run: the server has patched it

    def shut(self) -> None:
        """Give all connections up."""
        for desk in self.all:
            desk.ear.close()
        for line in self._lines:
            line.close()

    @property
    def are_up(self) -> bool:
        """Whether every verb can be done now."""
        return all(line.is_up for line in self._lines)

    def owe(self, verb: Callable[..., Effects], *arguments: str) -> None:
        """Do this when Redis is back, because an answer that never came may have been a yes."""
        self._owed.append(partial(verb, *arguments))

    def _line(self, connect: Callable[[], Any], desks: list[Desk]) -> Line:
        def greet(ask: Ask) -> None:
            identity = identity_of(ask)
            for desk in desks:
                desk.greet(ask, identity)

        line = Line(connect, greet, partial(self._settle, desks), Reporter().news)
        for desk in desks:
            desk.line = line
        return line

    def _settle(self, desks: list[Desk]) -> None:
        """On a new link: undo what may have been done for somebody who was told that it was not.

        And look for what may have been done for somebody else, and not been carried there.
        """
        for _ in range(len(self._owed)):
            owed = self._owed.popleft()
            try:
                self._exit.deliver(owed())
            except Refused as refused:
                if refused.code == "unavailable":
                    self._owed.append(owed)
        for desk in desks:
            self._exit.look_again(desk.prefix)

    # Arrivals

    def _heard(self, delivery: Delivery) -> None:
        self._exit.arrive(delivery)

    def _listening(self, desk: Desk) -> None:
        self._exit.look_again(desk.prefix)
