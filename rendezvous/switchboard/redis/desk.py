"""One chat type's part of the switchboard in Redis, and this process's membership in it."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable
from typing import Any

from redis.exceptions import NoScriptError, ResponseError

from rendezvous.protocol.fields import ChatType
from rendezvous.refusals import Refused
from rendezvous.switchboard.redis.ear import Ear
from rendezvous.switchboard.redis.line import Ask, Line
from rendezvous.switchboard.redis.link import Away
from rendezvous.switchboard.redis.scripts import Scripts, tag_of
from rendezvous.switchboard.terms import Terms
from rendezvous.switchboard.verbs import Exit, Reason

logger = logging.getLogger("rendezvous.switchboard")

SILENCE = 6.0  # s without a tick after which this worker's people had better go to another
SEED_BITS = 48


class Desk:
    """`call` is a verb: one script, one round trip, refused at once while Redis is away.

    `worker` names this process until it was taken for dead, or has been cut off, or Redis has
    forgotten something: then its sockets close, and it goes on under another name.
    """

    def __init__(
        self,
        chat_type: ChatType,
        terms: Terms,
        clock: Callable[[], float] | None,
        leap: float,
        *,
        share: bool,
    ) -> None:
        self.chat_type = chat_type
        self.tag = tag_of(chat_type)
        self.prefix = chat_type[0]
        self.worker = secrets.token_hex(8)
        self.line: Line
        self.ear: Ear
        self.exit: Exit
        self._scripts = Scripts(chat_type, terms, leap, share=share)
        self._clock = clock
        self._new = True
        self._former: list[str] = []
        self._epoch: int | None = None
        self._highest = 0
        self._identity = ""
        self._ticked: float | None = None

    @property
    def channel(self) -> str:
        """Where others tell this worker that something waits."""
        return f"{self.tag}:to:{self.worker}"

    def new_id(self) -> str:
        """An id for a session of this chat type, which its first letter tells."""
        return self.prefix + secrets.token_urlsafe(18)  # 144 random bits

    def call(self, verb: str, *arguments: str | bytes | int) -> list[Any]:
        """Do a verb. Raises Refused, "unavailable" if Redis does not answer, and then it may have
        been done.
        """
        worker = self.worker
        command = self._command(verb, worker, *arguments)
        try:
            reply = self.line.call(command)
            if isinstance(reply, NoScriptError):
                self.line.call(("SCRIPT", "LOAD", self._scripts.texts[verb]))
                reply = self.line.call(command)
        except Away:
            raise Refused("unavailable") from None
        if type(reply) is list:
            self._highest = max(self._highest, reply[0])
            return reply
        return self._refuse(reply, worker)

    def _refuse(self, reply: object, worker: str) -> list[Any]:
        if isinstance(reply, bytes):
            if reply != b"fenced":
                code, _, wait = reply.decode().partition(" ")
                raise Refused(code, retry_after=float(wait) if wait else None)
            if worker == self.worker:
                self._let_go("taken for dead")
                self.line.break_off()  # the way back in is that of a new link
        elif isinstance(reply, ResponseError):
            # A node that has been demoted, has lost the slot, or has no memory left.
            self.line.break_off()
        raise Refused("unavailable")

    def _command(self, verb: str, worker: str, *arguments: str | bytes | int) -> tuple[Any, ...]:
        clock = "" if self._clock is None else repr(self._clock())
        return ("EVALSHA", self._scripts.shas[verb], 1, self.tag, worker, clock, *arguments)

    # Membership

    def tick(self) -> list[Any] | None:
        """Renew the lease and do what time does; None while that cannot be done."""
        if self._ticked is not None and time.monotonic() - self._ticked > SILENCE:
            # Others count this worker as dead by now, or will soon.
            self._ticked = None
            self._let_go("cut off")
            self.line.break_off()
        if not self.line.is_up:
            return None
        try:
            reply = self.call("tick")
        except Refused:
            return None
        self._ticked = time.monotonic()
        if reply[1] != self._epoch:
            self.line.break_off()  # the way back in takes notice of it
        return reply

    def greet(self, ask: Ask, identity: str) -> None:
        """On a new link, before any verb: load the scripts, and find out what has happened."""
        for text in self._scripts.texts.values():
            ask("SCRIPT", "LOAD", text)
        epoch = self._enlist(ask, identity)
        if epoch is None:
            self._let_go("taken for dead")
            epoch = self._enlist(ask, identity)
        if self._epoch is not None and epoch != self._epoch:
            self._let_go("something was lost")
            epoch = self._enlist(ask, identity)
        self._epoch = epoch
        self._ticked = time.monotonic()

    def _enlist(self, ask: Ask, identity: str) -> int | None:
        """The epoch, or None if this worker counts as dead."""
        while self._former:
            self._resign(ask, self._former.pop())
        # The very server that told us so has not lost it.
        highest = self._highest if identity != self._identity else 0
        reply = ask(
            *self._command(
                *("reconcile", self.worker, int(self._new), identity, highest),
                secrets.randbits(SEED_BITS),
            )
        )
        if not isinstance(reply, list):
            return None
        self._new = False
        self._highest, self._identity = reply[0], identity
        epoch: int = reply[1]
        return epoch

    def _resign(self, ask: Ask, worker: str) -> None:
        while ask(*self._command("resign", worker))[1]:
            pass  # because each call does a bounded piece of it

    def resign(self) -> None:
        """This process serves no more; the grace of its sessions begins now."""
        try:
            while self.call("resign")[1]:
                pass
        except Refused:
            pass  # then its lease runs out

    def _let_go(self, why: Reason) -> None:
        """Go on under another name; sockets close, so that their clients come back and ask."""
        self._former.append(self.worker)
        self.worker, self._new = secrets.token_hex(8), True
        self.exit.let_go(self.prefix, why)
        self.ear.listen_anew()
        logger.warning("the sockets of %s chats are let go: %s", self.chat_type, why)
