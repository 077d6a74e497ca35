"""What is attacked, and how much: little among the tests, all of it in `make attacks`."""

from __future__ import annotations

from dataclasses import dataclass

CELLS = ("memory, SQLite", "memory, PostgreSQL", "Redis, SQLite", "Redis, PostgreSQL")
"""Each store with each database."""


@dataclass(frozen=True)
class Options:
    """Sessions that one address asks for, seconds of calm before that, and broken packets."""

    sessions: int = 200
    calm: float = 0.3
    packets: int = 1_000


FULL = Options(sessions=10_000, calm=5)
