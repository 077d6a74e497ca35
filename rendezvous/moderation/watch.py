"""Keeps what this worker knows of bans, warnings and blocks as new as the database."""

from __future__ import annotations

import threading
from collections import defaultdict
from contextlib import suppress
from functools import partial

from rendezvous.logs import log
from rendezvous.moderation.addresses import AddressHashes
from rendezvous.moderation.desk import Desk, News
from rendezvous.moderation.figures import Figures
from rendezvous.moderation.native import Native
from rendezvous.moderation.presence import Presence, push_warning
from rendezvous.moderation.roster import Roster
from rendezvous.moderation.spool import Spool
from rendezvous.protocol.fields import ReportReason

INTERVAL = 0.5  # s; how late a worker may hear of a ban that another has made
PATIENCE = 30.0  # s; until a database that says nothing is called away


class Watch:
    """Asks the desk again and again; `nudge` makes it ask at once."""

    def __init__(
        self,
        desk: Desk,
        spool: Spool,
        thread: Native,
        presence: Presence,
        hashes: AddressHashes,
        figures: Figures,
    ) -> None:
        self._desk = desk
        self._spool = spool
        self._thread = thread
        self._figures = figures
        self._presence = presence
        self._hashes = hashes
        self._version, self._last_block = -1, 0
        self._known: frozenset[str] = frozenset()
        self._cautions: dict[str, list[tuple[int, ReportReason]]] = {}
        self._nudged = threading.Event()
        self.roster = Roster((), hashes)
        self.blocks: defaultdict[str, set[str]] = defaultdict(set)
        self.up = self._complained = False

    def run(self) -> None:
        """Ask for ever; a failure is logged once, and not the end."""
        while True:
            try:
                self._once()
            except Exception as error:  # noqa: BLE001 - whatever it was, the next time must come
                self._away(type(error).__name__)
            with suppress(OSError):  # without a descriptor nobody can look into the spool
                self._figures.asked(up=self.up, bans=len(self.roster), waiting=len(self._spool))
            self._nudged.wait(INTERVAL)
            self._nudged.clear()

    def nudge(self) -> None:
        """There is something to store, or to hear of."""
        self._nudged.set()

    def block(self, one: str, other: str) -> None:
        """These two never meet again."""
        self.blocks[one].add(other)
        self.blocks[other].add(one)

    def warnings_of(self, visitor: str) -> list[ReportReason]:
        """The reasons of the warnings that a visitor has not heard; they are taken for heard."""
        cautions = self._cautions.pop(visitor, [])
        if cautions:
            self._thread.post(partial(self._desk.said, [number for number, _ in cautions]))
        return [reason for _, reason in cautions]

    def _once(self) -> None:
        job = self._thread.post(self._turn)
        while not job.done.wait(PATIENCE):
            self._away("no answer")
        news = job.result()
        if self._complained:
            log.info("database answers")
        self.up, self._complained = True, False
        if news is not None:
            self._apply(news)

    def _turn(self) -> News | None:
        return self._desk.turn(self._version, self._last_block)

    def _away(self, why: str) -> None:
        if not self._complained:
            log.warning("database away", why=why)
        self.up, self._complained = False, True

    def _apply(self, news: News) -> None:
        fresh = [each for each in news.sentences if each.reference not in self._known]
        self._known = frozenset(each.reference for each in news.sentences)
        self.roster = Roster(news.sentences, self._hashes)
        self._version, self._last_block = news.version, news.last_block
        for one, other in news.blocks:
            self.block(one, other)
        self._cautions = {}
        for caution in news.warnings:
            self._cautions.setdefault(caution.visitor, []).append((caution.id, caution.reason))
        if fresh:
            self._figures.turned_out(self._presence.turn_out(Roster(fresh, self._hashes)))
        if self._cautions:
            self._warn()

    def _warn(self) -> None:
        """Say the warnings of who is here; the others hear them when they start, or call."""
        for visitor, sockets in self._presence.sockets_of(self._cautions).items():
            for reason in self.warnings_of(visitor):
                for socket in sockets:
                    push_warning(socket, reason)
        self._presence.end_polls_of(self._cautions)
