"""Reports and blocks on their way into the database: a file each, so that none is ever lost."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from rendezvous.refusals import Refused


class Filed(Struct, frozen=True, tag="report"):
    """A report as it was filed; addresses are hashes already."""

    reference: str
    made_at: datetime
    reason: str
    comment: str
    chat_type: str
    reporter: str
    reporter_address: str
    reporter_since: datetime | None
    target: str
    target_address: str
    evidence: list[dict[str, Any]]
    screenshot: bytes | None = None


class Blocking(Struct, frozen=True, tag="block"):
    """`visitor` never wants to meet `blocked` again."""

    reference: str
    made_at: datetime
    visitor: str
    blocked: str


Paper = Filed | Blocking


class Spool:
    """A directory of at most `most` papers, which several processes may share."""

    def __init__(self, directory: Path, most: int) -> None:
        self._directory = directory
        self._most = most
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)

    def put(self, paper: Paper) -> None:
        """Write one down for good. Raises Refused("unavailable") when there is no room."""
        if len(self) >= self._most:
            raise Refused("unavailable", "Too many reports wait to be stored; try again later.")
        path = self._path(paper)
        draft = path.with_suffix(".new")
        try:
            with os.fdopen(
                os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"
            ) as file:
                file.write(msgspec.json.encode(paper))
                file.flush()
                os.fsync(file.fileno())
            draft.rename(path)
        except OSError:
            raise Refused("unavailable", "This cannot be stored; try again later.") from None

    def waiting(self) -> Iterator[Paper]:
        """What is not in the database yet; unreadable ones are set aside."""
        for path in sorted(self._directory.glob("*.json")):
            try:
                yield msgspec.json.decode(path.read_bytes(), type=Paper)
            except FileNotFoundError:
                continue  # another worker was quicker
            except msgspec.DecodeError:
                path.rename(path.with_suffix(".broken"))

    def done(self, paper: Paper) -> None:
        """This one is in the database."""
        self._path(paper).unlink(missing_ok=True)

    def set_aside(self, paper: Paper) -> None:
        """No database will ever take this one; it must not hold up the others."""
        path = self._path(paper)
        if path.exists():
            path.rename(path.with_suffix(".broken"))

    def __len__(self) -> int:
        return sum(1 for _ in self._directory.glob("*.json"))

    def _path(self, paper: Paper) -> Path:
        return self._directory / f"{paper.reference}.json"
