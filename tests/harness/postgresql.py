"""A PostgreSQL server of one's own, in a temporary directory and on a free port."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Self

import psycopg

from tests.harness.ports import free_port
from tests.harness.processes import children, wait_until_up

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))  # where Debian puts them
QUICK = ("fsync=off", "full_page_writes=off", "max_connections=40", "listen_addresses=127.0.0.1")


class Cluster:
    """Runs as an unprivileged user, because PostgreSQL refuses to run as root."""

    def __init__(self) -> None:
        self._directory = Path(tempfile.mkdtemp(prefix="rendezvous-postgresql-"))
        self._user = "nobody" if os.geteuid() == 0 else None
        if self._user:
            shutil.chown(self._directory, self._user)
        self.port = free_port()
        self._numbers = count(1)
        self._run("initdb", "-A", "trust", "-U", "tests", "-E", "UTF8", "--no-sync")
        self._server: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def url(self) -> str:
        """Of the database that is always there."""
        return f"postgresql://tests@127.0.0.1:{self.port}/postgres"

    def new_database(self) -> str:
        """Make an empty database; its URL."""
        name = f"tests{next(self._numbers)}"
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.url.replace("/postgres", f"/{name}")

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = [part for option in QUICK for part in ("-c", option)]
        log = self._directory / "log"
        with log.open("ab") as output:
            self._server = subprocess.Popen(
                [*self._program("postgres"), "-p", str(self.port), "-k", self._directory, *options],
                stdout=output,
                stderr=output,
                user=self._user,
                cwd=self._directory,
            )
        wait_until_up(self._server, self._answers, log)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url, connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self) -> None:
        """End it at once, with every connection."""
        if self._server is not None:
            self._server.send_signal(signal.SIGQUIT)
            self._server.wait(20)
            self._server = None

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """It is there, and answers nothing."""
        assert self._server is not None
        family = [self._server.pid, *children(self._server.pid)]
        for pid in family:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in family:
                os.kill(pid, signal.SIGCONT)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self._directory, ignore_errors=True)

    def _program(self, name: str) -> list[str]:
        found = str(PROGRAMS[-1] / name) if PROGRAMS else name
        return [found, "-D", str(self._directory / "data")]

    def _run(self, *command: str) -> None:
        subprocess.run(
            [*self._program(command[0]), *command[1:]],
            check=True,
            capture_output=True,
            user=self._user,
            cwd=self._directory,
        )
