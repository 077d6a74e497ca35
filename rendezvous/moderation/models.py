"""The tables: what is kept of reports, decisions and those who make them. See docs/privacy.md."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    DateTime,
    Dialect,
    ForeignKey,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

NAMES = {  # so that a migration can name what it changes, on every database
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def now() -> datetime:
    """The time, with its zone."""
    return datetime.now(UTC)


class Utc(TypeDecorator[datetime]):
    """A time with its zone, also from SQLite, which keeps none."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        found: datetime = value if value.tzinfo else value.replace(tzinfo=UTC)
        return found.astimezone(UTC)


class Base(DeclarativeBase):
    """All our tables."""

    metadata = MetaData(naming_convention=NAMES)


class Moderator(Base):
    """Somebody who decides; `stamp` changes when every login of theirs has to end."""

    __tablename__ = "moderators"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    password: Mapped[str] = mapped_column(String(256))
    role: Mapped[str] = mapped_column(String(16), default="moderator")
    active: Mapped[bool] = mapped_column(default=True)
    stamp: Mapped[str] = mapped_column(String(32))
    made_at: Mapped[datetime] = mapped_column(Utc, default=now)

    __table_args__ = (CheckConstraint("role IN ('moderator', 'admin')", name="role"),)


class Report(Base):
    """What somebody says about their stranger, and what the server saw of it."""

    __tablename__ = "reports"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(32), unique=True)
    made_at: Mapped[datetime] = mapped_column(Utc, default=now, index=True)
    reason: Mapped[str] = mapped_column(String(32))
    comment: Mapped[str] = mapped_column(Text, default="")
    chat_type: Mapped[str] = mapped_column(String(16))
    reporter: Mapped[str] = mapped_column(String(64), index=True)
    reporter_address: Mapped[str] = mapped_column(String(80))
    reporter_since: Mapped[datetime | None] = mapped_column(Utc)
    target: Mapped[str] = mapped_column(String(64), index=True)
    target_address: Mapped[str] = mapped_column(String(80), index=True)
    evidence: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    screenshot: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    weight: Mapped[float] = mapped_column(default=0.0)
    priority: Mapped[float] = mapped_column(default=0.0, index=True)
    state: Mapped[str] = mapped_column(String(16), default="open", index=True)
    decided_at: Mapped[datetime | None] = mapped_column(Utc)
    decided_by: Mapped[str | None] = mapped_column(String(64))

    __table_args__ = (
        CheckConstraint("state IN ('open', 'dismissed', 'warned', 'banned')", name="state"),
    )


class Ban(Base):
    """Who may not come in; without `until`, for good. `automatic` ones wait for a moderator."""

    __tablename__ = "bans"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(32), unique=True)
    kind: Mapped[str] = mapped_column(String(16))
    subject: Mapped[str] = mapped_column(String(80), index=True)
    reason: Mapped[str] = mapped_column(String(200))
    automatic: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime] = mapped_column(Utc, default=now)
    made_by: Mapped[str] = mapped_column(String(64))
    until: Mapped[datetime | None] = mapped_column(Utc)
    lifted_at: Mapped[datetime | None] = mapped_column(Utc)
    lifted_by: Mapped[str | None] = mapped_column(String(64))

    appeal: Mapped[Appeal | None] = relationship(
        back_populates="ban", cascade="all, delete-orphan", passive_deletes=True
    )
    __table_args__ = (CheckConstraint("kind IN ('visitor', 'address', 'network')", name="kind"),)


class Appeal(Base):
    """What somebody says against their ban, once, and what they are answered."""

    __tablename__ = "appeals"

    id: Mapped[int] = mapped_column(primary_key=True)
    ban_id: Mapped[int] = mapped_column(ForeignKey("bans.id", ondelete="CASCADE"), unique=True)
    text: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(Utc, default=now)
    state: Mapped[str] = mapped_column(String(16), default="open", index=True)
    answer: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime | None] = mapped_column(Utc)
    decided_by: Mapped[str | None] = mapped_column(String(64))

    ban: Mapped[Ban] = relationship(back_populates="appeal")
    __table_args__ = (CheckConstraint("state IN ('open', 'granted', 'refused')", name="state"),)


class Block(Base):
    """Two visitors who never meet again, because the first wants it so."""

    __tablename__ = "blocks"

    id: Mapped[int] = mapped_column(primary_key=True)
    visitor: Mapped[str] = mapped_column(String(64), index=True)
    blocked: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(Utc, default=now)


class Warned(Base):
    """A warning for a visitor, until it has been said."""

    __tablename__ = "warnings"

    id: Mapped[int] = mapped_column(primary_key=True)
    visitor: Mapped[str] = mapped_column(String(64), index=True)
    reason: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime] = mapped_column(Utc, default=now)
    said_at: Mapped[datetime | None] = mapped_column(Utc)


class Entry(Base):
    """A line of the audit log: who did what to what."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Utc, default=now, index=True)
    who: Mapped[str] = mapped_column(String(64))
    what: Mapped[str] = mapped_column(String(64))
    about: Mapped[str] = mapped_column(String(100), default="")
    details: Mapped[str] = mapped_column(Text, default="")


class Attempt(Base):
    """A login that failed, kept for as long as it slows the next one down."""

    __tablename__ = "attempts"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(160), index=True)
    at: Mapped[datetime] = mapped_column(Utc, default=now, index=True)


class State(Base):
    """One row: `version` grows with every ban, lifting, block and warning, for workers to see."""

    __tablename__ = "state"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=0)


class Tally(Base):
    """What happened in a year, counted, because the reports themselves are purged long before."""

    __tablename__ = "tallies"

    year: Mapped[int] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int] = mapped_column(default=0)
