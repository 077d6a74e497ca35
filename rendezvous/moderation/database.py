"""The database: SQLite by default, PostgreSQL by its URL; and its tables, brought up to date."""

from __future__ import annotations

import fcntl
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    create_engine,
    event,
    insert,
    inspect,
    make_url,
    text,
)
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session

from rendezvous.moderation.models import Base, State

HEAD = "0001"  # the newest of migrations/versions; known here, so that a start needs no Alembic
MIGRATIONS = Path(__file__).parent / "migrations"
LOCK = 0x52454E44  # of PostgreSQL's advisory locks, the one that a migration holds
PATIENCE = 5  # s; for a connection, and for another's lock
STATEMENT = 10  # s; longer than anything we ask for takes
MIGRATION = 600  # s
PRAGMAS = (
    "journal_mode=WAL",  # readers and the writer do not wait for each other
    "synchronous=FULL",  # what was committed stays, also when the power fails
    "foreign_keys=ON",
    f"busy_timeout={PATIENCE * 1_000}",
)
POSTGRESQL = {
    "connect_timeout": PATIENCE,
    "tcp_user_timeout": STATEMENT * 1_000,  # a server that has vanished is noticed
    "application_name": "rendezvous",
    "options": f"-c statement_timeout={STATEMENT}s -c lock_timeout={PATIENCE}s",
}


def parse(url: str) -> URL:
    """The URL as SQLAlchemy takes it. Raises ValueError for what is no database of ours."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise ValueError("not a URL") from None
    kind = parsed.drivername.partition("+")[0]
    if kind in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+psycopg")
    if kind == "sqlite" and parsed.database not in (None, "", ":memory:"):
        return parsed.set(drivername="sqlite+pysqlite")
    raise ValueError("want sqlite:///file or postgresql://user:password@host/name")


class Database:
    """One connection, for one thread at a time."""

    def __init__(self, url: str) -> None:
        self._url = parse(url)
        self._engine = _engine(self._url)

    def prepare(self) -> None:
        """Bring the tables up to date; of several who want to, one does it and the others wait."""
        if self._revision() == HEAD:
            return
        with self._alone() as connection:
            if _revision(connection):
                upgrade(connection)
            elif not inspect(connection).has_table(State.__tablename__):
                _make(connection)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A unit of work: committed at its end, and taken back if it fails."""
        with Session(self._engine, expire_on_commit=False) as session, session.begin():
            yield session

    @property
    def engine(self) -> Engine:
        """For who makes sessions of another kind."""
        return self._engine

    def close(self) -> None:
        """Close the connection."""
        self._engine.dispose()

    def _revision(self) -> str | None:
        with self._engine.connect() as connection:
            return _revision(connection)

    @contextmanager
    def _alone(self) -> Iterator[Connection]:
        """A transaction that no other worker has at the same time."""
        if self._url.get_backend_name() == "sqlite":
            with Path(f"{self._url.database}.lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                with self._engine.begin() as connection:
                    yield connection
            return
        with self._engine.begin() as connection:
            for name in ("statement_timeout", "lock_timeout"):  # a large table takes its time
                connection.execute(text(f"SET LOCAL {name} = '{MIGRATION}s'"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            yield connection


def _engine(url: URL) -> Engine:
    sqlite = url.get_backend_name() == "sqlite"
    if sqlite:
        Path(url.database or "").parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        pool_size=1,
        max_overflow=0,
        pool_timeout=PATIENCE,
        pool_pre_ping=not sqlite,
        connect_args={"check_same_thread": False} if sqlite else POSTGRESQL,
        hide_parameters=True,  # errors are logged, and what somebody wrote must not be
    )
    if sqlite:
        event.listen(engine, "connect", _set_up_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _record: object) -> None:
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def _make(connection: Connection) -> None:
    """All tables at once, as the migrations would make them, in a tenth of their time."""
    Base.metadata.create_all(connection)
    connection.execute(insert(State).values(id=1, version=0))
    connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
    connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": HEAD})


def upgrade(connection: Connection) -> None:
    """Run the migrations that are missing."""
    # Its plugins tell of themselves when they are imported.
    logging.getLogger("alembic").setLevel(logging.WARNING)
    # Here, because it takes half a second, and only a new version needs it.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
