"""The tables, however many workers start at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import select

from rendezvous.moderation import database as module
from rendezvous.moderation.audit import counted
from rendezvous.moderation.database import Database, parse
from rendezvous.moderation.models import Base, Entry, State, Tally, now


@pytest.mark.parametrize("by_migrations", [True, False])
def test_the_migrations_make_what_the_models_say(url: str, by_migrations: bool) -> None:
    database = Database(url)
    if by_migrations:
        with database._alone() as connection:
            module.upgrade(connection)
    database.prepare()
    with database._engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert context.get_current_revision() == module.HEAD
        assert compare_metadata(context, Base.metadata) == []
    with database.session() as session:
        assert session.scalars(select(State.version)).one() == 0
    database.close()


def test_the_newest_migration_is_the_one_that_a_start_looks_for() -> None:
    config = Config()
    config.set_main_option("script_location", str(module.MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == module.HEAD


def test_workers_that_start_at_once_do_not_race(url: str) -> None:
    workers = [Database(url) for _ in range(4)]
    with ThreadPoolExecutor(len(workers)) as pool:
        for done in [pool.submit(worker.prepare) for worker in workers]:
            done.result(60)
    for worker in workers:
        with worker.session() as session:
            session.add(Entry(who="somebody", what="something"))
        worker.close()


def test_times_come_back_with_their_zone(database: Database) -> None:
    moment = now()
    with database.session() as session:
        session.add(Entry(who="somebody", what="something", at=moment))
    with database.session() as session:
        assert session.scalars(select(Entry)).one().at == moment


def test_what_happens_is_counted_by_year(database: Database) -> None:
    for _ in range(3):
        with database.session() as session:
            counted(session, "something")
    with database.session() as session:
        tally = session.scalars(select(Tally)).one()
        assert (tally.year, tally.what, tally.count) == (now().year, "something", 3)


@pytest.mark.parametrize("url", ["", "sqlite://", "mysql://here/name", "nothing", "file.db"])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"URL|want"):
        parse(url)


def test_no_password_is_shown(tmp_path: Path) -> None:
    assert "hunter2" not in str(parse("postgresql://me:hunter2@localhost/name"))
    assert "hunter2" not in repr(Database(f"sqlite:///{tmp_path}/hunter")._engine)
