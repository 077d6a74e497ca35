"""What is done at the database, on the thread that may wait for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import cast

from msgspec import Struct
from sqlalchemy import select, update
from sqlalchemy.exc import (
    DataError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    TimeoutError,  # noqa: A004 - its own, of waiting for a connection
)
from sqlalchemy.orm import Session, configure_mappers

from rendezvous.moderation import appeals, bans, reports, retention, trust
from rendezvous.moderation.audit import changed
from rendezvous.moderation.database import Database
from rendezvous.moderation.models import Block, State, Warned, now
from rendezvous.moderation.roster import Sentence
from rendezvous.moderation.spool import Blocking, Paper, Spool
from rendezvous.protocol.fields import ReportReason
from rendezvous.refusals import Refused

AT_ONCE = 50  # papers taken from the spool before others get their turn
MOST_BLOCKS = 200_000  # kept in memory; newer ones count


class Caution(Struct, frozen=True):
    """A warning that has not been said yet."""

    id: int
    visitor: str
    reason: ReportReason


class News(Struct, frozen=True):
    """What has changed: all bans and warnings, and the blocks since the last news."""

    version: int
    sentences: list[Sentence]
    warnings: list[Caution]
    blocks: list[tuple[str, str]]
    last_block: int


class Desk:
    """Opens the database when it is first needed; every method may wait, and may fail."""

    def __init__(self, url: str, spool: Spool, terms: trust.Terms, retention_period: float) -> None:
        self._url = url
        self._spool = spool
        self._terms = terms
        self._retention = retention_period
        self._database: Database | None = None

    def turn(self, known: int, last_block: int) -> News | None:
        """Store what was written down, then tell what is newer than the version `known`."""
        database = self._open()
        for paper in islice(self._spool.waiting(), AT_ONCE):
            self._store(database, paper)
        with database.session() as session:
            version = session.scalar(select(State.version)) or 0
            return self._news(session, version, last_block) if version != known else None

    def appeal(self, reference: str, text: str) -> Sentence:
        """Object to a ban. Raises Refused."""
        with self._for_somebody() as session:
            return appeals.appeal(session, reference, text)

    def standing(self, reference: str) -> tuple[Sentence, bool]:
        """A ban, and whether it has been lifted. Raises Refused."""
        with self._for_somebody() as session:
            return appeals.standing(session, reference)

    def said(self, warnings: list[int]) -> None:
        """These warnings have been said."""
        with self._open().session() as session:
            session.execute(update(Warned).where(Warned.id.in_(warnings)).values(said_at=now()))

    def purge(self) -> int:
        """Delete what has been kept for long enough; how many rows that were."""
        with self._open().session() as session:
            return retention.purge(session, self._retention)

    @contextmanager
    def _for_somebody(self) -> Iterator[Session]:
        """A unit of work that somebody waits for. Raises Refused("unavailable")."""
        try:
            with self._open().session() as session:
                yield session
        except (OperationalError, InterfaceError, TimeoutError):
            raise Refused("unavailable") from None

    def _open(self) -> Database:
        if self._database is None:
            configure_mappers()  # here, so that no two threads come to do it
            database = Database(self._url)
            database.prepare()
            self._database = database
        return self._database

    def _store(self, database: Database, paper: Paper) -> None:
        try:
            with database.session() as session:
                if isinstance(paper, Blocking):
                    _store_block(session, paper)
                else:
                    reports.store(session, paper, self._terms)
        except IntegrityError:
            pass  # another worker was quicker, this very moment
        except DataError:
            self._spool.set_aside(paper)
            return
        self._spool.done(paper)

    def _news(self, session: Session, version: int, last_block: int) -> News:
        warnings = session.scalars(select(Warned).where(Warned.said_at.is_(None)))
        newest = select(Block).where(Block.id > last_block).order_by(Block.id.desc())
        blocks = list(session.scalars(newest.limit(MOST_BLOCKS)))
        return News(
            version,
            bans.sentences(session),
            [Caution(each.id, each.visitor, cast(ReportReason, each.reason)) for each in warnings],
            [(each.visitor, each.blocked) for each in blocks],
            blocks[0].id if blocks else last_block,
        )


def _store_block(session: Session, paper: Blocking) -> None:
    same = Block.visitor == paper.visitor, Block.blocked == paper.blocked
    if not session.scalar(select(Block.id).where(*same)):
        session.add(Block(visitor=paper.visitor, blocked=paper.blocked, made_at=paper.made_at))
        changed(session)
